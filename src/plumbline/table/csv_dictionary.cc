#include "plumbline/table/csv_dictionary.h"

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstring>

#include "plumbline/base/hash.h"
#include "plumbline/table/csv_memory.h"

namespace plumbline::csv {
namespace {

constexpr size_t kKeyBytes = sizeof(uint64_t);
constexpr size_t kFirstSlots = 64;
constexpr uint64_t kLongWord = uint64_t{0xFE} << 56;

bool IsLong(uint64_t key) { return key >> 56 == kLongWord >> 56; }

}  // namespace

WordKey MakeLongKey(const char* data, size_t size) {
  return {data, static_cast<uint32_t>(size), FastHash({data, size})};
}

bool WordDictionary::IsLongWord(uint32_t code, std::string_view word) const {
  return IsLong(keys_[code]) && Word(code) == word;
}

uint32_t WordDictionary::Insert(const WordKey& key) {
  // At most two thirds full.
  if (3 * (keys_.size() + 1) > 2 * slots_.size()) Grow();
  Slot& slot = slots_[Locate(key)];
  if (slot.code != kAbsent) return slot.code;
  slot = {Tag(Hash(key.bits)), size()};
  if (key.is_short()) {
    keys_.push_back(key.bits);
  } else {
    keys_.push_back(kLongWord | long_words_.size());
    const char* const length = reinterpret_cast<const char*>(&key.size);
    long_words_.insert(long_words_.end(), length, length + sizeof(key.size));
    long_words_.insert(long_words_.end(), key.data, key.data + key.size);
  }
  return slot.code;
}

void WordDictionary::Grow() {
  const size_t count = slots_.empty() ? kFirstSlots : 2 * slots_.size();
  slots_ = {};
  slots_.reserve(count);
  PreferLargePages(slots_.data(), count * sizeof(Slot));
  slots_.resize(count, Slot{0, kAbsent});
  shift_ = 64 - std::countr_zero(count);
  for (uint32_t code = 0; code < size(); ++code) {
    const uint64_t hash =
        Hash(IsLong(keys_[code]) ? FastHash(Word(code)) : keys_[code]);
    size_t at = hash >> shift_;
    while (slots_[at].code != kAbsent) at = (at + 1) & (count - 1);
    slots_[at] = {Tag(hash), code};
  }
}

std::string_view WordDictionary::Word(uint32_t code) const {
  const uint64_t& key = keys_[code];
  if (!IsLong(key)) {
    const char* const bytes = reinterpret_cast<const char*>(&key);
    return {bytes, strnlen(bytes, kKeyBytes)};
  }
  const char* const entry = long_words_.data() + (key & ~kLongWord);
  uint32_t length;
  std::memcpy(&length, entry, sizeof(length));
  return {entry + sizeof(length), length};
}

WordKey WordDictionary::Key(uint32_t code) const {
  if (!IsLong(keys_[code])) {
    const std::string_view word = Word(code);
    return {word.data(), static_cast<uint32_t>(word.size()), keys_[code]};
  }
  const std::string_view word = Word(code);
  return MakeKey(word.data(), word.size(), word.data() + word.size());
}

void WordDictionary::Clear() {
  if (keys_.empty()) return;
  std::fill(slots_.begin(), slots_.end(), Slot{0, kAbsent});
  keys_.clear();
  long_words_.clear();
}

std::vector<std::string> WordDictionary::TakeWords(uint32_t first) {
  slots_ = {};
  std::vector<std::string> words;
  words.reserve(size() - first);
  for (uint32_t code = first; code < size(); ++code) {
    words.emplace_back(Word(code));
  }
  keys_ = {};
  long_words_ = {};
  return words;
}

}  // namespace plumbline::csv
