// Time cut into windows.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "plumbline/table/dates.h"

namespace plumbline {

enum class WindowUnit { kDays, kWeek, kMonth, kQuarter, kYear };

struct WindowRule {
  WindowUnit unit = WindowUnit::kMonth;
  int days = 0;  // of kDays
  std::string text = "month";
};

// "week", "month", "quarter", "year" or "30d". Weeks begin on Monday (ISO
// 8601); windows of N days are counted from the first day of the data.
// Throws Error(kUsage) for anything else.
WindowRule ParseWindowRule(const std::string& text);

// A run of days. `name`: "2024-W05", "2024-01", "2024-Q1", "2024", or the first
// day of a window of N days.
struct Window {
  std::string name;
  Day first = 0;
  Day last = 0;  // included
};

// The windows from the first day to the last, without a hole: one in which
// nothing lies is there too. Days before are never looked at to cut those that
// come later (and the other way round), so more data add windows and change
// none. kNoDay is passed over; no windows if there is nothing else.
// Throws Error(kInvalidInput) if there would be more than `most`, which is what
// one mistyped year makes of a table.
std::vector<Window> CutWindows(std::span<const Day> days,
                               const WindowRule& rule, size_t most = 1000);

// The window of each day; -1 for kNoDay.
std::vector<int32_t> WindowOfDays(std::span<const Day> days,
                                  const std::vector<Window>& windows);

// Which windows are the baseline.
struct BaselineRule {
  // Names of windows or days in them; empty: the first `windows`.
  std::string first;
  std::string last;
  int windows = 3;
};

// "2024-01..2024-06" or "2024-01". Throws Error(kUsage) if an end is empty.
BaselineRule ParseBaseline(const std::string& text);

// First and last window (last included) of the baseline. Throws
// Error(kInvalidInput) for a window that is not there (names those that are),
// if the last comes before the first, and if no window is left after it.
struct WindowRange {
  int first = 0;
  int last = -1;
};
WindowRange FindBaseline(const BaselineRule& rule,
                         const std::vector<Window>& windows);

}  // namespace plumbline
