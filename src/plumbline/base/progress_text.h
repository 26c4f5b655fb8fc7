// The words of a progress bar, apart from the clock and the screen.
#pragma once

#include <cstdint>
#include <string>

namespace plumbline {

struct ProgressReading {
  std::string title;  // "reading preds.csv"
  std::string unit;   // "rows"
  int64_t total = 0;  // <= 0: unknown
  int64_t done = 0;
  double seconds = 0;  // since the work began
};

// Whole percent done, rounded down; -1 if the total is unknown.
int PercentDone(const ProgressReading& reading);

// "reading preds.csv: 40 %, 1.2e6 rows/s, 3 s left"
// "reading preds.csv: 100 %, 1.2e6 rows/s, took 9 s" at the end
// "reading preds.csv: 1.2e6 rows, 4e5 rows/s" when the total is unknown.
std::string PlainProgress(const ProgressReading& reading);

// One screen line of at most `width` columns:
// "reading preds.csv [#####.......]  40 %  1.2e6 rows/s  3 s left".
std::string BarProgress(const ProgressReading& reading, int width, bool colour);

// "3 s", "2 min 05 s", "1 h 02 min".
std::string Duration(double seconds);

}  // namespace plumbline
