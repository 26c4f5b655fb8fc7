#include "plumbline/table/dates.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>

#include "plumbline/base/error.h"

namespace plumbline {
namespace {

constexpr std::array<std::string_view, 12> kMonths = {
    "jan", "feb", "mar", "apr", "may", "jun",
    "jul", "aug", "sep", "oct", "nov", "dec"};

constexpr const char* kParts = "%Y, %m, %d, %b, %H, %M and %S";

std::optional<Day> ToDay(int year, int month, int day) {
  using namespace std::chrono;
  const year_month_day date{std::chrono::year{year},
                            std::chrono::month{static_cast<unsigned>(month)},
                            std::chrono::day{static_cast<unsigned>(day)}};
  if (year < 1 || year > 9999 || !date.ok()) return std::nullopt;
  return static_cast<Day>(sys_days{date}.time_since_epoch().count());
}

// Reads a text from left to right.
class Scanner {
 public:
  explicit Scanner(std::string_view text) : text_(text) {}

  bool AtEnd() const { return text_.empty(); }
  bool Take(char c) {
    if (text_.empty() || text_[0] != c) return false;
    text_.remove_prefix(1);
    return true;
  }
  // Between `least` and `most` digits, as many as there are.
  std::optional<int> Digits(size_t least, size_t most) {
    size_t count = 0;
    int value = 0;
    while (count < most && count < text_.size() && text_[count] >= '0' &&
           text_[count] <= '9') {
      value = 10 * value + (text_[count++] - '0');
    }
    if (count < least) return std::nullopt;
    text_.remove_prefix(count);
    return value;
  }
  std::optional<int> MonthName() {
    if (text_.size() < 3) return std::nullopt;
    std::string name(text_.substr(0, 3));
    for (char& c : name) c = c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c;
    const auto found = std::find(kMonths.begin(), kMonths.end(), name);
    if (found == kMonths.end()) return std::nullopt;
    text_.remove_prefix(3);
    return static_cast<int>(found - kMonths.begin()) + 1;
  }

 private:
  std::string_view text_;
};

bool IsIn(std::optional<int> value, int lo, int hi) {
  return value && *value >= lo && *value <= hi;
}

// "T23:59", "T23:59:60", with a fraction of a second and Z or +02:00.
bool TakeTime(Scanner& scanner) {
  if (!scanner.Take('T') && !scanner.Take(' ')) return false;
  if (!IsIn(scanner.Digits(2, 2), 0, 24) || !scanner.Take(':') ||
      !IsIn(scanner.Digits(2, 2), 0, 59)) {
    return false;
  }
  if (scanner.Take(':')) {
    if (!IsIn(scanner.Digits(2, 2), 0, 60)) return false;
    if (scanner.Take('.') && !scanner.Digits(1, 9)) return false;
  }
  if (scanner.Take('Z')) return true;
  if (scanner.Take('+') || scanner.Take('-')) {
    if (!IsIn(scanner.Digits(2, 2), 0, 23)) return false;
    const bool colon = scanner.Take(':');
    const std::optional<int> minutes = scanner.Digits(2, 2);
    return minutes ? *minutes < 60 : !colon;
  }
  return true;
}

std::optional<Day> ParseIso(std::string_view text) {
  Scanner scanner(text);
  const std::optional<int> year = scanner.Digits(4, 4);
  if (!year) return std::nullopt;
  const bool dashes = scanner.Take('-');
  const std::optional<int> month = scanner.Digits(2, 2);
  if (!month || scanner.Take('-') != dashes) return std::nullopt;
  const std::optional<int> day = scanner.Digits(2, 2);
  if (!day) return std::nullopt;
  if (!scanner.AtEnd() && (!dashes || !TakeTime(scanner))) return std::nullopt;
  if (!scanner.AtEnd()) return std::nullopt;
  return ToDay(*year, *month, *day);
}

std::optional<Day> ParsePattern(std::string_view text,
                                const std::string& pattern) {
  Scanner scanner(text);
  int year = 0;
  int month = 0;
  int day = 0;
  for (size_t i = 0; i < pattern.size(); ++i) {
    if (pattern[i] != '%') {
      if (!scanner.Take(pattern[i])) return std::nullopt;
      continue;
    }
    const char part = pattern[++i];
    // Nothing tells two numbers without a separator apart but their length.
    const bool glued = i + 1 < pattern.size() && pattern[i + 1] == '%';
    const std::optional<int> value = part == 'Y' ? scanner.Digits(4, 4)
                                     : part == 'b'
                                         ? scanner.MonthName()
                                         : scanner.Digits(glued ? 2 : 1, 2);
    if (!value) return std::nullopt;
    if (part == 'Y') year = *value;
    if (part == 'm' || part == 'b') month = *value;
    if (part == 'd') day = *value;
    if (part == 'H' && *value > 24) return std::nullopt;
    if ((part == 'M' || part == 'S') && *value > 60) return std::nullopt;
  }
  if (!scanner.AtEnd()) return std::nullopt;
  return ToDay(year, month, day);
}

}  // namespace

DateFormat::DateFormat(const std::string& pattern) : pattern_(pattern) {
  std::string given;
  for (size_t i = 0; i < pattern.size(); ++i) {
    if (pattern[i] != '%') continue;
    const char part = i + 1 < pattern.size() ? pattern[i + 1] : '\0';
    if (part == '\0' ||
        std::string_view("YmdbHMS").find(part) == std::string_view::npos) {
      throw Error(ErrorCode::kUsage,
                  "--date-format {}: \"{}\" is not known; there are {}",
                  pattern, pattern.substr(i, 2), kParts);
    }
    const char kind = part == 'b' ? 'm' : part;
    if (given.find(kind) != std::string::npos) {
      throw Error(ErrorCode::kUsage,
                  "--date-format {}: a part of the date is given twice",
                  pattern);
    }
    given += kind;
    ++i;
  }
  for (const char needed : {'Y', 'm', 'd'}) {
    if (given.find(needed) != std::string::npos) continue;
    throw Error(ErrorCode::kUsage,
                "--date-format {}: %{} is missing{}; a day needs %Y, %m (or "
                "%b) and %d, such as %d.%m.%Y",
                pattern, needed,
                needed == 'Y' ? " (years have four digits)" : "");
  }
}

std::optional<Day> DateFormat::Parse(std::string_view text) const {
  return pattern_.empty() ? ParseIso(text) : ParsePattern(text, pattern_);
}

std::string DateFormat::Expected() const {
  if (!pattern_.empty()) {
    return fmt::format("a day of the calendar written as {}", pattern_);
  }
  return "a day of the calendar such as 2024-03-31 (also with a time, "
         "2024-03-31T23:59:59) or 20240331; for others give --date-format, "
         "such as %d.%m.%Y";
}

std::vector<Day> ReadDays(const Table& table, const CategoricalColumn& column,
                          const DateFormat& format) {
  std::vector<Day> of_level(column.levels.size());
  for (size_t level = 0; level < of_level.size(); ++level) {
    const std::optional<Day> day = format.Parse(column.levels[level]);
    if (!day) {
      throw Error(ErrorCode::kInvalidInput,
                  table.Where(column.first_row[level], column.name),
                  "\"{}\" is not a date; expected {}.", column.levels[level],
                  format.Expected());
    }
    of_level[level] = *day;
  }
  std::vector<Day> days(column.codes.size());
  for (size_t row = 0; row < days.size(); ++row) {
    const uint32_t code = column.codes[row];
    days[row] = code == kMissingCode ? kNoDay : of_level[code];
  }
  return days;
}

std::string DayText(Day day) {
  using namespace std::chrono;
  const year_month_day date{sys_days{days{day}}};
  return fmt::format("{:04}-{:02}-{:02}", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()),
                     static_cast<unsigned>(date.day()));
}

}  // namespace plumbline
