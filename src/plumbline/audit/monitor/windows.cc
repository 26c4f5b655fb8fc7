#include "plumbline/audit/monitor/windows.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <chrono>

#include "plumbline/base/error.h"
#include "plumbline/base/text.h"

namespace plumbline {
namespace {

using std::chrono::sys_days;
using std::chrono::year_month_day;

constexpr size_t kWindowsListed = 12;

Day ToDay(sys_days days) {
  return static_cast<Day>(days.time_since_epoch().count());
}

sys_days FromDay(Day day) { return sys_days{std::chrono::days{day}}; }

Day FirstOfMonth(std::chrono::year_month month) {
  return ToDay(sys_days{month / std::chrono::day{1}});
}

// Monday is the first day of the week; 1970-01-01 was a Thursday.
Day MondayOf(Day day) {
  const Day since_monday = ((day + 3) % 7 + 7) % 7;
  return day - since_monday;
}

// "2024-W05": the week belongs to the year in which its Thursday lies.
std::string WeekName(Day monday) {
  const year_month_day thursday{FromDay(monday + 3)};
  const Day new_year = ToDay(
      sys_days{thursday.year() / std::chrono::January / std::chrono::day{1}});
  return fmt::format("{:04}-W{:02}", static_cast<int>(thursday.year()),
                     (monday + 3 - new_year) / 7 + 1);
}

// The window that begins on or before `day`. `origin`: where windows of N days
// begin to count.
Window WindowAt(Day day, const WindowRule& rule, Day origin) {
  using std::chrono::months;
  const year_month_day date{FromDay(day)};
  const int year = static_cast<int>(date.year());
  switch (rule.unit) {
    case WindowUnit::kDays: {
      const Day first = origin + (day - origin) / rule.days * rule.days;
      return {DayText(first), first, first + rule.days - 1};
    }
    case WindowUnit::kWeek: {
      const Day monday = MondayOf(day);
      return {WeekName(monday), monday, monday + 6};
    }
    case WindowUnit::kMonth: {
      const auto month = date.year() / date.month();
      return {
          fmt::format("{:04}-{:02}", year, static_cast<unsigned>(date.month())),
          FirstOfMonth(month), FirstOfMonth(month + months{1}) - 1};
    }
    case WindowUnit::kQuarter: {
      const unsigned quarter = (static_cast<unsigned>(date.month()) - 1) / 3;
      const auto month = date.year() / std::chrono::month{3 * quarter + 1};
      return {fmt::format("{:04}-Q{}", year, quarter + 1), FirstOfMonth(month),
              FirstOfMonth(month + months{3}) - 1};
    }
    case WindowUnit::kYear:
      break;
  }
  const auto january = date.year() / std::chrono::January;
  return {fmt::format("{:04}", year), FirstOfMonth(january),
          FirstOfMonth(january + months{12}) - 1};
}

std::string ListOf(const std::vector<Window>& windows) {
  if (windows.size() <= kWindowsListed) {
    std::vector<std::string> names;
    for (const Window& window : windows) names.push_back(window.name);
    return JoinWords(names);
  }
  return fmt::format("{} to {}", windows.front().name, windows.back().name);
}

int FindWindow(const std::string& name, const std::vector<Window>& windows) {
  const std::optional<Day> day = DateFormat().Parse(name);
  for (size_t w = 0; w < windows.size(); ++w) {
    if (windows[w].name == name ||
        (day && *day >= windows[w].first && *day <= windows[w].last)) {
      return static_cast<int>(w);
    }
  }
  throw Error(ErrorCode::kInvalidInput,
              "--baseline: there is no window \"{}\"; the data have {}", name,
              ListOf(windows));
}

}  // namespace

WindowRule ParseWindowRule(const std::string& text) {
  if (text == "week") return {WindowUnit::kWeek, 0, text};
  if (text == "month") return {WindowUnit::kMonth, 0, text};
  if (text == "quarter") return {WindowUnit::kQuarter, 0, text};
  if (text == "year") return {WindowUnit::kYear, 0, text};
  int days = 0;
  const char* end = text.data() + text.size();
  const auto number = std::from_chars(text.data(), end, days);
  if (number.ec == std::errc() && days >= 1 && days <= 100'000 &&
      std::string_view(number.ptr, end - number.ptr) == "d") {
    return {WindowUnit::kDays, days, text};
  }
  throw Error(ErrorCode::kUsage,
              "--window {}: expected week, month, quarter, year or a number of "
              "days such as 30d{}",
              text, DidYouMean(text, {"week", "month", "quarter", "year"}));
}

std::vector<Window> CutWindows(std::span<const Day> days,
                               const WindowRule& rule, size_t most) {
  Day first = std::numeric_limits<Day>::max();
  Day last = kNoDay;
  for (const Day day : days) {
    if (day == kNoDay) continue;
    first = std::min(first, day);
    last = std::max(last, day);
  }
  std::vector<Window> windows;
  if (last == kNoDay) return windows;
  const Day origin = first;
  while (first <= last) {
    if (windows.size() == most) {
      throw Error(ErrorCode::kInvalidInput,
                  "the dates go from {} to {}, which makes more than {} "
                  "windows of a {}; is a date mistyped? Otherwise choose a "
                  "longer --window",
                  DayText(origin), DayText(last), most, rule.text);
    }
    windows.push_back(WindowAt(first, rule, origin));
    first = windows.back().last + 1;
  }
  return windows;
}

std::vector<int32_t> WindowOfDays(std::span<const Day> days,
                                  const std::vector<Window>& windows) {
  std::vector<int32_t> of_day;
  if (!windows.empty()) {
    const Day begin = windows.front().first;
    of_day.resize(windows.back().last - begin + 1);
    for (size_t w = 0; w < windows.size(); ++w) {
      std::fill(of_day.begin() + (windows[w].first - begin),
                of_day.begin() + (windows[w].last - begin) + 1,
                static_cast<int32_t>(w));
    }
  }
  std::vector<int32_t> result(days.size(), -1);
  for (size_t row = 0; row < days.size(); ++row) {
    if (days[row] != kNoDay) {
      result[row] = of_day[days[row] - windows.front().first];
    }
  }
  return result;
}

BaselineRule ParseBaseline(const std::string& text) {
  const size_t dots = text.find("..");
  BaselineRule rule;
  rule.first = std::string(Trim(text.substr(0, dots)));
  rule.last = dots == std::string::npos
                  ? rule.first
                  : std::string(Trim(text.substr(dots + 2)));
  if (rule.first.empty() || rule.last.empty()) {
    throw Error(ErrorCode::kUsage,
                "--baseline {}: expected a window or two with .. between "
                "them, such as 2024-01..2024-06",
                text);
  }
  return rule;
}

WindowRange FindBaseline(const BaselineRule& rule,
                         const std::vector<Window>& windows) {
  WindowRange range;
  const auto count = static_cast<int>(windows.size());
  if (rule.first.empty()) {
    range.last = rule.windows - 1;
  } else {
    range.first = FindWindow(rule.first, windows);
    range.last = FindWindow(rule.last, windows);
    if (range.last < range.first) {
      throw Error(ErrorCode::kInvalidInput,
                  "--baseline {}..{}: the last window comes before the first",
                  rule.first, rule.last);
    }
  }
  if (range.last >= count - 1) {
    throw Error(
        ErrorCode::kInvalidInput,
        "nothing is left to monitor: the data have {} window{} ({}), "
        "and the baseline takes {}; give a shorter --baseline, a "
        "shorter --window, or values that hold from the start with "
        "--expected",
        count, count == 1 ? "" : "s", ListOf(windows),
        count == 1 || range.last == 0
            ? "the first"
            : fmt::format("{} to {}", windows[range.first].name,
                          windows[std::min(range.last, count - 1)].name));
  }
  return range;
}

}  // namespace plumbline
