// Finds the characters that give CSV its structure, 64 bytes at a time.
//
// What needs the machine's vector instructions is one small function,
// ClassifyText, chosen at run time (AVX-512, AVX2 or portable C++, all with the
// same result). Everything else works on its 64-bit masks.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace plumbline::csv {

// Which of 64 consecutive bytes are what; bit i stands for byte i.
struct CharacterMasks {
  uint64_t delimiter;
  uint64_t newline;
  uint64_t quote;
  uint64_t carriage_return;
  uint64_t nul;
  uint64_t high;  // 0x80 and above: not ASCII
};

inline constexpr size_t kBlockBytes = 64;

// Writes (size + 63) / 64 masks. Reads nothing outside [text, text + size);
// bytes beyond the end count as spaces.
using ClassifyFunction = void (*)(const char* text, size_t size, char delimiter,
                                  CharacterMasks* masks);

struct InstructionSet {
  std::string name;  // "AVX-512", "AVX2", "portable"
  ClassifyFunction classify;
};

// What this processor can run, best first; "portable" is always the last.
const std::vector<InstructionSet>& InstructionSets();

// The best of InstructionSets().
void ClassifyText(const char* text, size_t size, char delimiter,
                  CharacterMasks* masks);

// Bit i of the result is the parity of the bits 0 to i.
inline uint64_t PrefixXor(uint64_t bits) {
  bits ^= bits << 1;
  bits ^= bits << 2;
  bits ^= bits << 4;
  bits ^= bits << 8;
  bits ^= bits << 16;
  bits ^= bits << 32;
  return bits;
}

// What a stretch of text does to a reader that does not know yet whether the
// text begins inside quotes.
struct TextSummary {
  bool odd_quotes = false;
  int64_t newlines_outside = 0;  // line ends if it begins outside quotes
  int64_t newlines_inside = 0;   // line ends if it begins inside quotes
};

TextSummary Summarize(const char* text, size_t size);

// Follows quotes through consecutive blocks of text that begins with a record,
// and lists the delimiters and line ends outside quotes.
class StructureScanner {
 public:
  // Appends to `ends` the positions (base + offset) of the delimiters and line
  // ends of `blocks` masks; `ends` needs room for 64 * blocks. Returns the new
  // end of the list.
  uint32_t* Scan(const CharacterMasks* masks, size_t blocks, uint32_t base,
                 uint32_t* ends);

  // A stray quote, text after a closing quote, a carriage return without a line
  // feed or a NUL was seen.
  bool failed() const { return errors_ != 0; }
  // A byte above 0x7F was seen since the last TakeHigh().
  bool TakeHigh();

 private:
  uint64_t CheckQuotes(const CharacterMasks& masks, uint64_t inside,
                       uint64_t structure, uint64_t carriage_return);

  uint64_t errors_ = 0;
  uint64_t high_ = 0;
  uint64_t inside_ = 0;  // all ones: the next block begins inside quotes
  // What the last byte was, in bit 0.
  uint64_t after_structure_ = 1;  // a delimiter, a line end or nothing yet
  uint64_t after_close_ = 0;      // a closing quote
  uint64_t after_return_ = 0;     // a carriage return outside quotes
};

}  // namespace plumbline::csv
