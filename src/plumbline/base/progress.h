// Progress of long work, on stderr: a bar with rate and remaining time on a
// terminal after one second, a plain line every 10 % otherwise, or nothing.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

namespace plumbline {

enum class ProgressMode {
  kAuto,   // kBar on a terminal (not TERM=dumb, not CI), else kPlain
  kBar,    // redrawn in place; colour unless NO_COLOR is set
  kPlain,  // "reading preds.csv: 40 %, 1.2e6 rows/s, 3 s left", every 10 %
  kNone,
};

// Throws Error(kUsage) for anything but auto, bar, plain, none.
ProgressMode ParseProgressMode(const std::string& text);

// Process-wide, set once by main(). Default kNone, so that a program that uses
// the library stays silent.
void SetProgressMode(ProgressMode mode);

// One piece of long work. Thread-safe and cheap to call (an atomic add; the
// clock is read every few milliseconds at most). Prints nothing when the work
// takes less than a second.
class Progress {
 public:
  // `total` units of `unit` ("rows", "replicates"); total <= 0: unknown.
  Progress(std::string title, int64_t total, std::string unit);
  ~Progress();  // takes the bar away
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  void Advance(int64_t units);
  // A line of its own, above the bar.
  void Say(const std::string& line);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace plumbline
