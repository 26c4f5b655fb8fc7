// Distinct words and their codes.
#pragma once

#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

namespace plumbline::csv {

// A word, ready to be looked up. Words of up to 8 bytes are their own key, so
// that most columns never compare texts.
struct WordKey {
  const char* data;
  uint32_t size;
  uint64_t bits;  // the bytes, padded with zeros; the hash of a longer word
};

// Longest word, in bytes; records are not longer either.
inline constexpr uint32_t kMaxWordBytes = uint32_t{1} << 30;

// `limit` is the end of the memory that may be read, at least data + size.
WordKey MakeKey(const char* data, size_t size, const char* limit);

// A set of words with codes 0, 1, ... in order of insertion.
class WordDictionary {
 public:
  static constexpr uint32_t kAbsent = UINT32_MAX;

  // The code of a word, or kAbsent.
  uint32_t Find(const WordKey& key) const;
  // The code of a word, which is added if it is new.
  uint32_t Insert(const WordKey& key);

  uint32_t size() const { return static_cast<uint32_t>(starts_.size()); }
  std::string_view Word(uint32_t code) const;
  WordKey Key(uint32_t code) const;

  // Forgets all words, keeps the memory.
  void Clear();
  // Gives the words from `first` on away and leaves the dictionary empty.
  std::vector<std::string> TakeWords(uint32_t first);

  // Brings the place of a word into the cache.
  void Prefetch(const WordKey& key) const {
    if (!slots_.empty()) __builtin_prefetch(&slots_[Home(key.bits, key.size)]);
  }
  // Too large for the cache of one core.
  bool IsLarge() const { return slots_.size() > 4096; }

 private:
  // A word's key and code; empty if code is kAbsent.
  struct Slot {
    uint64_t bits;
    uint32_t size;
    uint32_t code;
  };

  size_t Home(uint64_t bits, uint32_t size) const {
    const uint64_t mixed =
        (bits ^ size * 0x9E3779B97F4A7C15) * 0xD6E8FEB86659FD93;
    return (mixed ^ mixed >> 32) & (slots_.size() - 1);
  }
  bool Matches(const Slot& slot, const WordKey& key) const;
  void Grow();

  std::vector<Slot> slots_;       // a power of two, or none
  std::vector<uint64_t> starts_;  // where each word begins in text_
  std::vector<char> text_;        // all words, one after the other
};

}  // namespace plumbline::csv
