// Numbers as they stand in a field.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace plumbline::csv {

// The texts that mean "missing", besides the empty one.
class MissingMarks {
 public:
  explicit MissingMarks(std::vector<std::string> marks);

  bool Contains(std::string_view text) const;
  const std::vector<std::string>& marks() const { return marks_; }
  // Some mark reads as a number ("-999"): it must be looked for first.
  bool some_are_numbers() const { return some_are_numbers_; }

 private:
  std::vector<std::string> marks_;
  bool some_are_numbers_ = false;
};

// Reads an unquoted field: a finite decimal number ("-1", "+.5", "2e-3"),
// rounded to the nearest double, or NaN if the field means missing. Spaces
// around either are ignored. `limit` is the end of the memory that may be read,
// at least `end`. False if it is anything else.
bool ReadNumber(const char* begin, const char* end, const char* limit,
                const MissingMarks& missing, double* value);

// The same for the text of a quoted field, which is missing only if it is
// empty.
bool ReadQuotedNumber(std::string_view text, double* value);

// "inf", "-Infinity", "1e999": a number, but not a finite one.
bool IsInfinite(std::string_view text);

}  // namespace plumbline::csv
