// Distinct words and their codes.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

namespace plumbline::csv {

// A word, ready to be looked up. A word of up to 8 bytes is its own key, so
// that most columns never compare texts.
struct WordKey {
  const char* data;
  uint32_t size;
  uint64_t bits;  // the bytes, padded with zeros; the hash of a longer word

  bool is_short() const { return size <= sizeof(bits); }
};

// The key of a word of more than 8 bytes.
WordKey MakeLongKey(const char* data, size_t size);

// `limit` is the end of the memory that may be read, at least data + size.
inline WordKey MakeKey(const char* data, size_t size, const char* limit) {
  constexpr size_t kKeyBytes = sizeof(uint64_t);
  if (size > kKeyBytes) return MakeLongKey(data, size);
  uint64_t bits = 0;
  if (limit - data >= static_cast<ptrdiff_t>(kKeyBytes)) {
    std::memcpy(&bits, data, kKeyBytes);
    // Zeros for the bytes behind the word; by two shifts, since one by 64 is
    // undefined.
    const size_t spare = 4 * (kKeyBytes - size);
    if constexpr (std::endian::native == std::endian::little) {
      bits = bits << spare << spare >> spare >> spare;
    } else {
      bits = bits >> spare >> spare << spare << spare;
    }
  } else if (size > 0) {
    std::memcpy(&bits, data, size);
  }
  return {data, static_cast<uint32_t>(size), bits};
}

// A set of words with codes 0, 1, ... in order of insertion. Words hold no NUL
// and no byte 0xFE (which is not UTF-8). Takes 20 to 32 bytes a word of up to 8
// bytes.
class WordDictionary {
 public:
  static constexpr uint32_t kAbsent = UINT32_MAX;

  // The code of a word, or kAbsent.
  uint32_t Find(const WordKey& key) const {
    if (slots_.empty()) return kAbsent;
    return slots_[Locate(key)].code;
  }
  // The code of a word, which is added if it is new.
  uint32_t Insert(const WordKey& key);

  uint32_t size() const { return static_cast<uint32_t>(keys_.size()); }
  // Valid until the next Insert.
  std::string_view Word(uint32_t code) const;
  WordKey Key(uint32_t code) const;

  // Forgets all words, keeps the memory.
  void Clear();
  // Gives the words from `first` on away and leaves the dictionary empty.
  std::vector<std::string> TakeWords(uint32_t first);

  // For many words at once: bring first the slots of all of them into the
  // cache, then the words that the slots point to.
  void PrefetchSlot(const WordKey& key) const {
    if (!slots_.empty()) __builtin_prefetch(&slots_[Hash(key.bits) >> shift_]);
  }
  void PrefetchWord(const WordKey& key) const {
    if (slots_.empty()) return;
    const uint32_t code = slots_[Hash(key.bits) >> shift_].code;
    if (code != kAbsent) __builtin_prefetch(&keys_[code]);
  }
  // Too large for the first-level cache: prefetching pays.
  bool IsLarge() const { return slots_.size() > 2048; }

 private:
  struct Slot {
    uint32_t tag;   // more bits of the word's hash
    uint32_t code;  // kAbsent: empty
  };

  // The upper half of a product depends on all bits of its factors; the shift
  // brings a word's last bytes down so that they count as much as the first.
  static uint64_t Hash(uint64_t bits) {
    return (bits ^ bits >> 32) * 0xD6E8FEB86659FD93;
  }
  static uint32_t Tag(uint64_t hash) {
    return static_cast<uint32_t>(hash >> 8);
  }
  // The slot of a word, or the empty one where it belongs.
  size_t Locate(const WordKey& key) const {
    const uint64_t hash = Hash(key.bits);
    const size_t mask = slots_.size() - 1;
    for (size_t at = hash >> shift_;; at = (at + 1) & mask) {
      const Slot& slot = slots_[at];
      if (slot.code == kAbsent) return at;
      if (slot.tag == Tag(hash) && Equals(slot.code, key)) return at;
    }
  }
  bool Equals(uint32_t code, const WordKey& key) const {
    return key.is_short() ? keys_[code] == key.bits
                          : IsLongWord(code, {key.data, key.size});
  }
  bool IsLongWord(uint32_t code, std::string_view word) const;
  void Grow();

  std::vector<Slot> slots_;  // a power of two, or none
  int shift_ = 63;           // 64 - log2 of their number
  // Of each word: its bytes, or where it is in long_words_ behind a top byte of
  // 0xFE.
  std::vector<uint64_t> keys_;
  // Each with its length in front, in 4 bytes.
  std::vector<char> long_words_;
};

}  // namespace plumbline::csv
