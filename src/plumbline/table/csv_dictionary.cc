#include "plumbline/table/csv_dictionary.h"

#include <algorithm>
#include <cstddef>

#include "plumbline/base/hash.h"

namespace plumbline::csv {
namespace {

constexpr size_t kKeyBytes = sizeof(uint64_t);
constexpr size_t kFirstSlots = 64;

}  // namespace

WordKey MakeKey(const char* data, size_t size, const char* limit) {
  if (size > kKeyBytes) {
    return {data, static_cast<uint32_t>(size), FastHash({data, size})};
  }
  uint64_t bits = 0;
  if (limit - data >= static_cast<ptrdiff_t>(kKeyBytes)) {
    std::memcpy(&bits, data, kKeyBytes);
    // Zeros for the bytes behind the word; two shifts, since one by 64 is
    // undefined.
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    const size_t spare = 4 * (kKeyBytes - size);
    bits = bits >> spare >> spare << spare << spare;
#else
    const size_t spare = 4 * (kKeyBytes - size);
    bits = bits << spare << spare >> spare >> spare;
#endif
  } else if (size > 0) {
    std::memcpy(&bits, data, size);
  }
  return {data, static_cast<uint32_t>(size), bits};
}

bool WordDictionary::Matches(const Slot& slot, const WordKey& key) const {
  if (slot.bits != key.bits || slot.size != key.size) return false;
  return key.size <= kKeyBytes || std::memcmp(text_.data() + starts_[slot.code],
                                              key.data, key.size) == 0;
}

uint32_t WordDictionary::Find(const WordKey& key) const {
  if (slots_.empty()) return kAbsent;
  const size_t mask = slots_.size() - 1;
  for (size_t at = Home(key.bits, key.size);; at = (at + 1) & mask) {
    const Slot& slot = slots_[at];
    if (slot.code == kAbsent || Matches(slot, key)) return slot.code;
  }
}

uint32_t WordDictionary::Insert(const WordKey& key) {
  // At most two thirds full.
  if (3 * (starts_.size() + 1) > 2 * slots_.size()) Grow();
  const size_t mask = slots_.size() - 1;
  size_t at = Home(key.bits, key.size);
  for (; slots_[at].code != kAbsent; at = (at + 1) & mask) {
    if (Matches(slots_[at], key)) return slots_[at].code;
  }
  const uint32_t code = size();
  slots_[at] = {key.bits, key.size, code};
  starts_.push_back(text_.size());
  text_.insert(text_.end(), key.data, key.data + key.size);
  return code;
}

void WordDictionary::Grow() {
  std::vector<Slot> old(slots_.empty() ? kFirstSlots : 2 * slots_.size(),
                        Slot{0, 0, kAbsent});
  old.swap(slots_);
  const size_t mask = slots_.size() - 1;
  for (const Slot& slot : old) {
    if (slot.code == kAbsent) continue;
    size_t at = Home(slot.bits, slot.size);
    while (slots_[at].code != kAbsent) at = (at + 1) & mask;
    slots_[at] = slot;
  }
}

std::string_view WordDictionary::Word(uint32_t code) const {
  const uint64_t end =
      code + 1 < starts_.size() ? starts_[code + 1] : text_.size();
  return {text_.data() + starts_[code], end - starts_[code]};
}

WordKey WordDictionary::Key(uint32_t code) const {
  const std::string_view word = Word(code);
  return MakeKey(word.data(), word.size(), text_.data() + text_.size());
}

void WordDictionary::Clear() {
  if (starts_.empty()) return;
  std::fill(slots_.begin(), slots_.end(), Slot{0, 0, kAbsent});
  starts_.clear();
  text_.clear();
}

std::vector<std::string> WordDictionary::TakeWords(uint32_t first) {
  slots_ = {};
  std::vector<std::string> words;
  words.reserve(size() - first);
  for (uint32_t code = first; code < size(); ++code) {
    words.emplace_back(Word(code));
  }
  starts_ = {};
  text_ = {};
  return words;
}

}  // namespace plumbline::csv
