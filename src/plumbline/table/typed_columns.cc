#include "plumbline/table/typed_columns.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>

#include "plumbline/base/text.h"
#include "plumbline/table/csv_utf8.h"

namespace plumbline {
namespace {

// A zero among the word's bytes (Mycroft's test; the bytes behind the word are
// filled up).
bool HoldsNul(const csv::WordKey& key) {
  if (!key.is_short()) return std::memchr(key.data, 0, key.size) != nullptr;
  constexpr uint64_t kOnes = 0x0101010101010101;
  uint64_t bits = key.bits;
  if (key.size < 8) {
    if constexpr (std::endian::native == std::endian::little) {
      bits |= ~uint64_t{0} << 8 * key.size;
    } else {
      bits |= ~uint64_t{0} >> 8 * key.size;
    }
  }
  return ((bits - kOnes) & ~bits & kOnes << 7) != 0;
}

// Where a dictionary would take a word for another kind of entry.
bool HoldsReservedByte(const csv::WordKey& key) {
  return key.size == 8 && std::memchr(key.data, 0xFE, 8) != nullptr;
}

}  // namespace

std::vector<double> MissingNumbers(const CsvOptions& options) {
  std::vector<double> numbers;
  if (!options.missing_was_chosen) return numbers;
  for (const std::string& mark : options.missing) {
    double value = 0;
    if (ParseNumber(mark, &value)) numbers.push_back(value);
  }
  return numbers;
}

csv::MissingMarks MissingWords(const CsvOptions& options) {
  return csv::MissingMarks(options.missing_was_chosen
                               ? options.missing
                               : std::vector<std::string>{});
}

double CheckedNumber(double value, const std::vector<double>& missing,
                     const Location& where) {
  if (std::isinf(value)) {
    throw Error(ErrorCode::kInvalidInput, where,
                "\"{}\" is not a finite number; a missing value is written as "
                "null or NaN",
                value);
  }
  for (const double mark : missing) {
    if (value == mark) return std::numeric_limits<double>::quiet_NaN();
  }
  return value;
}

template <typename Value>
std::string_view NumberText::Find(Value value, uint64_t bits, char kind) {
  Entry& entry = entries_[(bits * 0x9E3779B97F4A7C15) >> 54];
  if (entry.size == UINT32_MAX || entry.bits != bits || entry.kind != kind) {
    entry.bits = bits;
    entry.kind = kind;
    entry.size = static_cast<uint32_t>(
        fmt::format_to_n(entry.text.data(), entry.text.size(), "{}", value)
            .size);
  }
  return {entry.text.data(), entry.size};
}

std::string_view NumberText::Of(double value) {
  if (std::isnan(value)) return "";
  if (value == 0) value = 0;  // one zero
  return Find(value, std::bit_cast<uint64_t>(value), 'd');
}

std::string_view NumberText::Of(float value) {
  if (std::isnan(value)) return "";
  if (value == 0) value = 0;
  return Find(value, std::bit_cast<uint32_t>(value), 'f');
}

std::string_view NumberText::Of(int64_t value) {
  return Find(value, static_cast<uint64_t>(value), 'i');
}

void TypedWords::Begin(int64_t row, size_t rows) {
  piece_.Clear();
  piece_.codes.reserve(rows);
  first_row_ = row;
}

const char* TypedWords::Add(std::string_view word, const char* limit) {
  if (word.size() > csv::kMaxWordBytes) {
    return "holds a text of more than 64 MB";
  }
  const csv::WordKey key = csv::MakeKey(word.data(), word.size(), limit);
  if (HoldsNul(key)) return "holds a NUL byte, which is no text";
  if (HoldsReservedByte(key)) return "is not valid UTF-8";
  const csv::WordColumn::Found found = column_.Find(key);
  uint32_t code = found.code;
  if (!found.known) {
    const uint32_t known = piece_.new_words.size();
    const uint32_t place = piece_.new_words.Insert(key);
    if (place == known) {
      if (csv::FindInvalidUtf8(word) < word.size()) return "is not valid UTF-8";
      piece_.first_row.push_back(first_row_ + added());
    }
    code = csv::kNewWord + place;
  }
  piece_.codes.push_back(code);
  piece_.missing += code == kMissingCode ? 1 : 0;
  return nullptr;
}

void TypedWords::AddMissing() {
  piece_.codes.push_back(kMissingCode);
  ++piece_.missing;
}

void TypedWords::End(size_t expected) {
  column_.Merge(&piece_);
  const size_t first = static_cast<size_t>(first_row_);
  column_.Resize(first + piece_.codes.size(), expected);
  column_.Store(piece_, first);
}

}  // namespace plumbline
