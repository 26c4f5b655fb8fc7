#include "plumbline/audit/monitor/windows.h"

#include <gtest/gtest.h>

#include "plumbline/base/test_support.h"

namespace plumbline {
namespace {

Day D(const char* text) { return *DateFormat().Parse(text); }

std::vector<std::string> Names(const std::vector<Day>& days, const char* rule) {
  std::vector<std::string> names;
  for (const Window& window : CutWindows(days, ParseWindowRule(rule))) {
    names.push_back(window.name);
  }
  return names;
}

using S = std::vector<std::string>;

TEST(CutWindows, FollowsTheCalendar) {
  const std::vector<Day> days = {D("2024-02-29"), kNoDay, D("2023-12-31")};
  EXPECT_EQ(Names(days, "month"), (S{"2023-12", "2024-01", "2024-02"}));
  EXPECT_EQ(Names(days, "quarter"), (S{"2023-Q4", "2024-Q1"}));
  EXPECT_EQ(Names(days, "year"), (S{"2023", "2024"}));
  EXPECT_EQ(Names(days, "30d"), (S{"2023-12-31", "2024-01-30", "2024-02-29"}));
  const auto months = CutWindows(days, ParseWindowRule("month"));
  EXPECT_EQ(DayText(months[2].first), "2024-02-01");
  EXPECT_EQ(DayText(months[2].last), "2024-02-29");
}

// The first days of 2021 and of 2027 are in the last week of the year before;
// the last of 2024 in the first of 2025 (ISO 8601, as Python's isocalendar).
TEST(CutWindows, NamesWeeksByTheirThursday) {
  EXPECT_EQ(Names({D("2021-01-01")}, "week"), (S{"2020-W53"}));
  EXPECT_EQ(Names({D("2027-01-03")}, "week"), (S{"2026-W53"}));
  EXPECT_EQ(Names({D("2024-12-30")}, "week"), (S{"2025-W01"}));
  EXPECT_EQ(Names({D("1969-12-29")}, "week"), (S{"1970-W01"}));
  EXPECT_EQ(Names({D("2024-01-28"), D("2024-01-29")}, "week"),
            (S{"2024-W04", "2024-W05"}));
}

TEST(CutWindows, ShowsWindowsInWhichNothingLies) {
  EXPECT_EQ(Names({D("2024-01-05"), D("2024-04-05")}, "month"),
            (S{"2024-01", "2024-02", "2024-03", "2024-04"}));
  EXPECT_TRUE(Names({kNoDay}, "month").empty());
}

TEST(CutWindows, StopsAtAMistypedYear) {
  EXPECT_EQ(
      ErrorText([] {
        Names({D("0203-01-05"), D("2023-04-05")}, "month");
      }),
      "3: the dates go from 0203-01-05 to 2023-04-05, which makes more than "
      "1000 windows of a month; is a date mistyped? Otherwise choose a longer "
      "--window");
}

TEST(WindowOfDays, PutsEveryDayInItsWindow) {
  const std::vector<Day> days = {D("2024-01-31"), D("2024-02-01"), kNoDay,
                                 D("2023-12-31")};
  EXPECT_EQ(WindowOfDays(days, CutWindows(days, ParseWindowRule("month"))),
            (std::vector<int32_t>{1, 2, -1, 0}));
}

TEST(ParseWindowRule, SaysWhatThereIs) {
  EXPECT_EQ(ParseWindowRule("14d").days, 14);
  EXPECT_EQ(ErrorText([] { ParseWindowRule("mounth"); }),
            "2: --window mounth: expected week, month, quarter, year or a "
            "number of days such as 30d; did you mean \"month\"?");
  for (const char* text : {"", "0d", "-3d", "3", "d", "3days", "1.5d"}) {
    EXPECT_THROW(ParseWindowRule(text), Error) << text;
  }
}

TEST(FindBaseline, TakesNamesAndDays) {
  const std::vector<Day> days = {D("2024-01-05"), D("2024-06-05")};
  const auto windows = CutWindows(days, ParseWindowRule("month"));
  const WindowRange named =
      FindBaseline(ParseBaseline("2024-02..2024-03"), windows);
  EXPECT_EQ(named.first, 1);
  EXPECT_EQ(named.last, 2);
  const WindowRange one = FindBaseline(ParseBaseline("2024-02-17"), windows);
  EXPECT_EQ(one.first, 1);
  EXPECT_EQ(one.last, 1);
  EXPECT_EQ(FindBaseline({}, windows).last, 2);
}

TEST(FindBaseline, NamesTheWindowsThatThereAre) {
  const std::vector<Day> days = {D("2024-01-05"), D("2024-03-05")};
  const auto windows = CutWindows(days, ParseWindowRule("month"));
  const auto fails = [&](const char* text) {
    return ErrorText([&] { FindBaseline(ParseBaseline(text), windows); });
  };
  EXPECT_EQ(fails("2023-12"),
            "3: --baseline: there is no window \"2023-12\"; the data have "
            "2024-01, 2024-02 and 2024-03");
  EXPECT_EQ(fails("2024-03..2024-01"),
            "3: --baseline 2024-03..2024-01: the last window comes before the "
            "first");
  EXPECT_EQ(fails("2024-01..2024-03"),
            "3: nothing is left to monitor: the data have 3 windows (2024-01, "
            "2024-02 and 2024-03), and the baseline takes 2024-01 to 2024-03; "
            "give a shorter --baseline, a shorter --window, or values that "
            "hold from the start with --expected");
  EXPECT_EQ(fails("..2024-03"),
            "2: --baseline ..2024-03: expected a window or two with .. between "
            "them, such as 2024-01..2024-06");
  const auto alone =
      CutWindows(std::vector<Day>{D("2024-01-05")}, ParseWindowRule("month"));
  EXPECT_EQ(ErrorText([&] { FindBaseline({}, alone); }),
            "3: nothing is left to monitor: the data have 1 window (2024-01), "
            "and the baseline takes the first; give a shorter --baseline, a "
            "shorter --window, or values that hold from the start with "
            "--expected");
}

}  // namespace
}  // namespace plumbline
