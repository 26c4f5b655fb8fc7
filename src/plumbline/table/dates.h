// Calendar days as they stand in tables.
#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "plumbline/table/table.h"

namespace plumbline {

// Days since 1970-01-01 in the Gregorian calendar; years 1 to 9999.
using Day = int32_t;
inline constexpr Day kNoDay = std::numeric_limits<Day>::min();

// How dates are written. Strict: a day that the calendar does not have
// (2023-02-29) is no date, and neither is one whose parts could be read in two
// ways (03/04/2024), unless a format says which is which.
class DateFormat {
 public:
  // ISO 8601 days, 2024-03-31, also with a time after a T or a blank
  // (2024-03-31T23:59:59.5+02:00, of which the day is taken as written), and
  // 20240331 as DICOM has it.
  DateFormat() = default;
  // A pattern of %Y (four digits), %m, %d (one or two digits), %b (Jan, in
  // English), %H, %M, %S and other characters, which stand for themselves.
  // Throws Error(kUsage) for anything else, for a part given twice, and unless
  // %Y, %d and one of %m and %b are there.
  explicit DateFormat(const std::string& pattern);

  // Nothing if the text is no such date.
  std::optional<Day> Parse(std::string_view text) const;
  // "a day such as 2024-03-31 ...", for messages.
  std::string Expected() const;
  const std::string& pattern() const { return pattern_; }

 private:
  std::string pattern_;
};

// The day of each row of a categorical column, kNoDay where it is missing.
// Throws Error(kInvalidInput) with file, row, column and value.
std::vector<Day> ReadDays(const Table& table, const CategoricalColumn& column,
                          const DateFormat& format);

// "2024-03-31".
std::string DayText(Day day);

}  // namespace plumbline
