#include "plumbline/table/csv_columns.h"

#include <limits>

#include "plumbline/base/error.h"
#include "plumbline/table/csv_utf8.h"

namespace plumbline::csv {
namespace {

// The largest value of a width means missing.
template <typename Code>
constexpr size_t kMostLevels = std::numeric_limits<Code>::max();

template <typename Code>
std::vector<Code> CopyCodes(const CodeVector::Storage& codes, size_t capacity) {
  std::vector<Code> wider;
  wider.reserve(capacity);
  std::visit(
      [&wider](const auto& narrow) {
        for (const auto code : narrow) {
          const bool missing =
              code ==
              std::numeric_limits<std::remove_cvref_t<decltype(code)>>::max();
          wider.push_back(missing ? std::numeric_limits<Code>::max()
                                  : static_cast<Code>(code));
        }
      },
      codes);
  return wider;
}

}  // namespace

void ChunkWords::Clear() {
  codes.clear();
  new_words.Clear();
  first_row.clear();
  missing = 0;
  code_of_new_word.clear();
}

WordColumn::WordColumn(std::string name, const MissingMarks& missing)
    : name_(std::move(name)) {
  words_.Insert({"", 0, 0});
  for (const std::string& mark : missing.marks()) {
    // What is not UTF-8 cannot stand in a table.
    if (FindInvalidUtf8(mark) < mark.size() || mark.find('\0') < mark.size()) {
      continue;
    }
    words_.Insert(MakeKey(mark.data(), mark.size(), mark.data() + mark.size()));
  }
  marks_ = words_.size();
}

void WordColumn::Merge(ChunkWords* chunk) {
  missing_ += chunk->missing;
  const uint32_t count = chunk->new_words.size();
  chunk->code_of_new_word.resize(count);
  WordKey keys[kWordsAtOnce];
  for (uint32_t first = 0; first < count; first += kWordsAtOnce) {
    const uint32_t size = std::min(kWordsAtOnce, count - first);
    for (uint32_t i = 0; i < size; ++i) {
      keys[i] = chunk->new_words.Key(first + i);
      words_.PrefetchSlot(keys[i]);
    }
    for (uint32_t i = 0; i < size; ++i) words_.PrefetchWord(keys[i]);
    for (uint32_t i = 0; i < size; ++i) {
      const uint32_t known = words_.size();
      const uint32_t entry = words_.Insert(keys[i]);
      if (entry == known) first_row_.push_back(chunk->first_row[first + i]);
      chunk->code_of_new_word[first + i] = entry - marks_;
    }
  }
  if (words_.size() >= kNewWord) {
    throw Error(ErrorCode::kOutOfResources,
                "column \"{}\" has more than {} distinct values", name_,
                kNewWord - marks_);
  }
}

void WordColumn::Widen(size_t rows, size_t expected) {
  const size_t levels = words_.size() - marks_;
  const size_t capacity = std::max(rows, expected);
  if (levels > kMostLevels<uint16_t> && codes_.index() < 2) {
    codes_ = CopyCodes<uint32_t>(codes_, capacity);
  } else if (levels > kMostLevels<uint8_t> && codes_.index() < 1) {
    codes_ = CopyCodes<uint16_t>(codes_, capacity);
  }
}

void WordColumn::Resize(size_t rows, size_t expected) {
  Widen(rows, expected);
  std::visit([&](auto& codes) { GrowTo(rows, expected, &codes); }, codes_);
}

void WordColumn::Store(const ChunkWords& chunk, size_t first) {
  std::visit(
      [&](auto& codes) {
        auto* out = codes.data() + first;
        using Code = std::remove_pointer_t<decltype(out)>;
        if (chunk.code_of_new_word.empty()) {
          for (size_t i = 0; i < chunk.codes.size(); ++i) {
            out[i] = static_cast<Code>(chunk.codes[i]);
          }
          return;
        }
        const uint32_t* const merged = chunk.code_of_new_word.data();
        for (size_t i = 0; i < chunk.codes.size(); ++i) {
          const uint32_t code = chunk.codes[i];
          const bool is_new = code >= kNewWord && code != kMissingCode;
          out[i] = static_cast<Code>(is_new ? merged[code - kNewWord] : code);
        }
      },
      codes_);
}

CategoricalColumn WordColumn::Finish() {
  CategoricalColumn column;
  column.name = std::move(name_);
  column.levels = words_.TakeWords(marks_);
  for (std::string& level : column.levels) {
    if (!level.empty() && level[0] == kQuotedMark) level.erase(0, 1);
  }
  column.first_row = std::move(first_row_);
  column.codes = CodeVector(std::move(codes_));
  column.missing = missing_;
  return column;
}

}  // namespace plumbline::csv
