// What readers of typed files (Parquet, npy) have in common: values that are
// numbers or words already become columns by the same rules as in CSV.
#pragma once

#include <array>
#include <bit>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "plumbline/table/csv.h"
#include "plumbline/table/csv_columns.h"
#include "plumbline/table/table.h"

namespace plumbline {

// The numbers among the user's marks for "missing", such as -999.
std::vector<double> MissingNumbers(const CsvOptions& options);
// The user's marks; none if he gave none: in a typed file a missing value has a
// form of its own, and "NA" is a word.
csv::MissingMarks MissingWords(const CsvOptions& options);

// A number for a column of numbers: `value`, or NaN where it means missing.
// Throws Error(kInvalidInput) for an infinite one.
double CheckedNumber(double value, const std::vector<double>& missing,
                     const Location& where);

// Numbers as words, as few digits as give the number back: "1", "0.5",
// "1e+20", "" for NaN. Remembers the last ones, since labels and codes repeat.
class NumberText {
 public:
  // Valid until the next call.
  std::string_view Of(double value);
  std::string_view Of(float value);
  std::string_view Of(int64_t value);

 private:
  template <typename Value>
  std::string_view Find(Value value, uint64_t bits, char kind);

  struct Entry {
    uint64_t bits = 0;
    char kind = 0;  // the same bits are another number in another type
    uint32_t size = UINT32_MAX;  // none yet
    std::array<char, 32> text{};
  };
  std::array<Entry, 1024> entries_{};
};

// A column of words that grows by pieces of rows. The empty word is missing.
class TypedWords {
 public:
  TypedWords(std::string name, const csv::MissingMarks& missing)
      : column_(std::move(name), missing) {}

  // Begins a piece of up to `rows` rows, the first of them `row` of the table.
  void Begin(int64_t row, size_t rows);
  // The next row's word; `limit` is the end of the memory that may be read, at
  // least word.data() + word.size(). Returns what is wrong with it, or null.
  const char* Add(std::string_view word, const char* limit);
  const char* Add(std::string_view word) {
    return Add(word, word.data() + word.size());
  }
  void AddMissing();
  // Takes up the piece; `expected`: rows in all.
  void End(size_t expected);

  csv::WordColumn& column() { return column_; }
  // Rows added in this piece.
  int64_t added() const { return static_cast<int64_t>(piece_.codes.size()); }

 private:
  csv::WordColumn column_;
  csv::ChunkWords piece_;
  int64_t first_row_ = 0;
};

}  // namespace plumbline
