#include "plumbline/table/csv_scan.h"

#include <algorithm>
#include <cstring>

#if defined(__x86_64__)
#include <immintrin.h>
#define PLUMBLINE_X86 1
#endif

namespace plumbline::csv {
namespace {

// Calls `classify` for whole blocks in place and for a padded copy of the rest.
template <typename ClassifyBlocks>
void ClassifyWithTail(const char* text, size_t size, char delimiter,
                      CharacterMasks* masks, ClassifyBlocks classify) {
  const size_t blocks = size / kBlockBytes;
  const size_t rest = size % kBlockBytes;
  classify(text, blocks, delimiter, masks);
  if (rest == 0) return;
  char padded[kBlockBytes];
  std::memset(padded, ' ', kBlockBytes);
  std::memcpy(padded, text + blocks * kBlockBytes, rest);
  classify(padded, 1, delimiter, masks + blocks);
}

void ClassifyBlocksPortably(const char* text, size_t blocks, char delimiter,
                            CharacterMasks* masks) {
  for (size_t block = 0; block < blocks; ++block) {
    CharacterMasks found{};
    for (size_t i = 0; i < kBlockBytes; ++i) {
      const char c = text[block * kBlockBytes + i];
      const uint64_t bit = uint64_t{1} << i;
      if (c == delimiter) found.delimiter |= bit;
      if (c == '\n') found.newline |= bit;
      if (c == '"') found.quote |= bit;
      if (c == '\r') found.carriage_return |= bit;
      if (c == '\0') found.nul |= bit;
      if (static_cast<unsigned char>(c) >= 0x80) found.high |= bit;
    }
    masks[block] = found;
  }
}

void ClassifyPortably(const char* text, size_t size, char delimiter,
                      CharacterMasks* masks) {
  ClassifyWithTail(text, size, delimiter, masks, ClassifyBlocksPortably);
}

#if PLUMBLINE_X86

__attribute__((target("avx2"))) inline uint64_t EqualAvx2(__m256i low,
                                                          __m256i high,
                                                          char c) {
  const __m256i wanted = _mm256_set1_epi8(c);
  const uint32_t a = _mm256_movemask_epi8(_mm256_cmpeq_epi8(low, wanted));
  const uint32_t b = _mm256_movemask_epi8(_mm256_cmpeq_epi8(high, wanted));
  return a | uint64_t{b} << 32;
}

__attribute__((target("avx2"))) void ClassifyBlocksAvx2(const char* text,
                                                        size_t blocks,
                                                        char delimiter,
                                                        CharacterMasks* masks) {
  for (size_t block = 0; block < blocks; ++block, text += kBlockBytes) {
    const auto* at = reinterpret_cast<const __m256i*>(text);
    const __m256i low = _mm256_loadu_si256(at);
    const __m256i high = _mm256_loadu_si256(at + 1);
    const uint32_t a = _mm256_movemask_epi8(low);
    const uint32_t b = _mm256_movemask_epi8(high);
    masks[block] = {EqualAvx2(low, high, delimiter), EqualAvx2(low, high, '\n'),
                    EqualAvx2(low, high, '"'),       EqualAvx2(low, high, '\r'),
                    EqualAvx2(low, high, '\0'),      a | uint64_t{b} << 32};
  }
}

void ClassifyAvx2(const char* text, size_t size, char delimiter,
                  CharacterMasks* masks) {
  ClassifyWithTail(text, size, delimiter, masks, ClassifyBlocksAvx2);
}

__attribute__((target("avx512f,avx512bw"))) inline uint64_t EqualAvx512(
    __m512i bytes, char c) {
  return _mm512_cmpeq_epi8_mask(bytes, _mm512_set1_epi8(c));
}

__attribute__((target("avx512f,avx512bw"))) void ClassifyBlocksAvx512(
    const char* text, size_t blocks, char delimiter, CharacterMasks* masks) {
  for (size_t block = 0; block < blocks; ++block, text += kBlockBytes) {
    const __m512i bytes = _mm512_loadu_si512(text);
    masks[block] = {EqualAvx512(bytes, delimiter), EqualAvx512(bytes, '\n'),
                    EqualAvx512(bytes, '"'),       EqualAvx512(bytes, '\r'),
                    EqualAvx512(bytes, '\0'),      _mm512_movepi8_mask(bytes)};
  }
}

void ClassifyAvx512(const char* text, size_t size, char delimiter,
                    CharacterMasks* masks) {
  ClassifyWithTail(text, size, delimiter, masks, ClassifyBlocksAvx512);
}

#endif  // PLUMBLINE_X86

// Without -mpopcnt the compiler's own is a call; this is a dozen instructions.
int CountBits(uint64_t bits) {
  bits -= bits >> 1 & 0x5555555555555555;
  bits = (bits & 0x3333333333333333) + (bits >> 2 & 0x3333333333333333);
  bits = (bits + (bits >> 4)) & 0x0f0f0f0f0f0f0f0f;
  return static_cast<int>(bits * 0x0101010101010101 >> 56);
}

}  // namespace

const std::vector<InstructionSet>& InstructionSets() {
  static const std::vector<InstructionSet> sets = [] {
    std::vector<InstructionSet> usable;
#if PLUMBLINE_X86
    __builtin_cpu_init();
    if (__builtin_cpu_supports("avx512f") &&
        __builtin_cpu_supports("avx512bw")) {
      usable.push_back({"AVX-512", ClassifyAvx512});
    }
    if (__builtin_cpu_supports("avx2")) {
      usable.push_back({"AVX2", ClassifyAvx2});
    }
#endif
    usable.push_back({"portable", ClassifyPortably});
    return usable;
  }();
  return sets;
}

void ClassifyText(const char* text, size_t size, char delimiter,
                  CharacterMasks* masks) {
  static const ClassifyFunction classify = InstructionSets().front().classify;
  classify(text, size, delimiter, masks);
}

TextSummary Summarize(const char* text, size_t size) {
  constexpr size_t kBlocks = 64;
  CharacterMasks masks[kBlocks];
  TextSummary summary;
  uint64_t inside = 0;  // as if the text began outside quotes
  for (size_t at = 0; at < size; at += kBlocks * kBlockBytes) {
    const size_t piece = std::min(size - at, kBlocks * kBlockBytes);
    ClassifyText(text + at, piece, '\n', masks);
    const size_t blocks = (piece + kBlockBytes - 1) / kBlockBytes;
    for (size_t block = 0; block < blocks; ++block) {
      const CharacterMasks& found = masks[block];
      uint64_t quoted = inside;
      if (found.quote != 0) {
        quoted ^= PrefixXor(found.quote);
        inside = static_cast<uint64_t>(static_cast<int64_t>(quoted) >> 63);
      }
      const int all = CountBits(found.newline);
      const int in_quotes = quoted == 0 ? 0 : CountBits(found.newline & quoted);
      summary.newlines_outside += all - in_quotes;
      summary.newlines_inside += in_quotes;
    }
  }
  summary.odd_quotes = inside != 0;
  return summary;
}

uint64_t StructureScanner::CheckQuotes(const CharacterMasks& masks,
                                       uint64_t inside, uint64_t structure,
                                       uint64_t carriage_return) {
  // `inside` holds an opening quote but not its closing quote.
  const uint64_t open = masks.quote & inside;
  const uint64_t close = masks.quote & ~inside;
  // A quote opens at the start of a field, or again right after it closed
  // (the second of a doubled quote).
  const uint64_t may_open =
      (structure | close) << 1 | after_structure_ | after_close_;
  // After it closed comes the end of the field, or the second of a double.
  const uint64_t follows_close = close << 1 | after_close_;
  after_close_ = close >> 63;
  return (open & ~may_open) |
         (follows_close & ~(structure | carriage_return | open));
}

uint32_t* StructureScanner::Scan(const CharacterMasks* masks, size_t blocks,
                                 uint32_t base, uint32_t* ends) {
  for (size_t block = 0; block < blocks; ++block, base += kBlockBytes) {
    const CharacterMasks& found = masks[block];
    uint64_t inside = inside_;
    if (found.quote != 0) {
      inside ^= PrefixXor(found.quote);
      inside_ = static_cast<uint64_t>(static_cast<int64_t>(inside) >> 63);
    }
    uint64_t structure = (found.delimiter | found.newline) & ~inside;
    const uint64_t carriage_return = found.carriage_return & ~inside;
    if ((found.quote | after_close_) != 0) {
      errors_ |= CheckQuotes(found, inside, structure, carriage_return);
    }
    // Outside quotes a carriage return is followed by a line feed.
    const uint64_t after_return = carriage_return << 1 | after_return_;
    errors_ |= (after_return & ~(found.newline & ~inside)) | found.nul;
    high_ |= found.high;
    after_return_ = carriage_return >> 63;
    after_structure_ = structure >> 63;
    while (structure != 0) {
      *ends++ = base + static_cast<uint32_t>(__builtin_ctzll(structure));
      structure &= structure - 1;
    }
  }
  return ends;
}

bool StructureScanner::TakeHigh() {
  const bool seen = high_ != 0;
  high_ = 0;
  return seen;
}

}  // namespace plumbline::csv
