#include "plumbline/base/progress.h"

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdlib>
#include <mutex>
#include <string_view>
#include <thread>
#include <vector>

#include "plumbline/base/error.h"
#include "plumbline/base/progress_text.h"
#include "plumbline/base/terminal.h"
#include "plumbline/base/text.h"

namespace plumbline {
namespace {

using Clock = std::chrono::steady_clock;

constexpr auto kSilence = std::chrono::seconds(1);
constexpr auto kRedraw = std::chrono::milliseconds(100);
constexpr int kPlainStepPercent = 10;
// Between the lines of work whose end is unknown.
constexpr double kPlainStepSeconds = 10;

std::atomic<ProgressMode> progress_mode{ProgressMode::kNone};
// One piece of work is shown at a time: the outermost.
std::atomic<bool> shown{false};

bool EnvironmentHas(const char* name, std::string_view value) {
  const char* found = std::getenv(name);
  return found != nullptr && found == value;
}

ProgressMode ResolvedMode() {
  const ProgressMode mode = progress_mode.load();
  if (mode != ProgressMode::kAuto) return mode;
  const char* ci = std::getenv("CI");
  const bool in_ci = ci != nullptr && *ci != '\0';
  return StderrIsTerminal() && !in_ci && !EnvironmentHas("TERM", "dumb")
             ? ProgressMode::kBar
             : ProgressMode::kPlain;
}

}  // namespace

ProgressMode ParseProgressMode(const std::string& text) {
  if (text == "auto") return ProgressMode::kAuto;
  if (text == "bar") return ProgressMode::kBar;
  if (text == "plain") return ProgressMode::kPlain;
  if (text == "none") return ProgressMode::kNone;
  throw Error(ErrorCode::kUsage,
              "--progress is auto, bar, plain or none, found \"{}\"{}", text,
              DidYouMean(text, {"auto", "bar", "plain", "none"}));
}

void SetProgressMode(ProgressMode mode) { progress_mode = mode; }

// A thread of its own looks at the count ten times a second, so that counting
// costs an addition and the remaining time moves on while a piece is slow.
struct Progress::State {
  ProgressReading reading;
  std::atomic<int64_t> done{0};
  Clock::time_point begin = Clock::now();
  ProgressMode mode = ProgressMode::kNone;

  std::mutex mutex;
  std::condition_variable wake;
  bool finished = false;
  int plain_percent = 0;
  double plain_seconds = 0;

  // Last, so that it ends before what it looks at.
  std::jthread painter;

  ProgressReading Now() const {
    ProgressReading now = reading;
    now.done = done.load(std::memory_order_relaxed);
    now.seconds = std::chrono::duration<double>(Clock::now() - begin).count();
    return now;
  }

  void Paint() {
    std::unique_lock lock(mutex);
    const auto is_finished = [this] { return finished; };
    if (wake.wait_until(lock, begin + kSilence, is_finished)) return;
    do {
      Show();
    } while (!wake.wait_for(lock, kRedraw, is_finished));
    if (mode == ProgressMode::kBar) {
      DrawBar("");
    } else {
      ShowPlain(Now());
    }
  }

  void Show() {
    const ProgressReading now = Now();
    if (mode == ProgressMode::kPlain) return ShowPlain(now);
    // A terminal wraps a line that fills it.
    DrawBar(BarProgress(now, StderrWidth() - 1, StderrHasColour()));
  }

  void ShowPlain(const ProgressReading& now) {
    if (now.total > 0) {
      const int percent =
          PercentDone(now) / kPlainStepPercent * kPlainStepPercent;
      if (percent <= plain_percent) return;
      plain_percent = percent;
    } else {
      if (now.seconds < plain_seconds) return;
      plain_seconds = now.seconds + kPlainStepSeconds;
    }
    WriteToStderr(PlainProgress(now) + "\n");
  }
};

Progress::Progress(std::string title, int64_t total, std::string unit) {
  const ProgressMode mode = ResolvedMode();
  if (mode == ProgressMode::kNone || shown.exchange(true)) return;
  state_ = std::make_unique<State>();
  state_->reading = {
      .title = std::move(title), .unit = std::move(unit), .total = total};
  state_->mode = mode;
  state_->painter = std::jthread([state = state_.get()] { state->Paint(); });
}

Progress::~Progress() {
  if (!state_) return;
  {
    const std::lock_guard lock(state_->mutex);
    state_->finished = true;
  }
  state_->wake.notify_one();
  state_->painter.join();
  shown = false;
}

void Progress::Say(const std::string& line) {
  if (state_) WriteToStderr(line + "\n");
}

void Progress::Advance(int64_t units) {
  if (state_) state_->done.fetch_add(units, std::memory_order_relaxed);
}

}  // namespace plumbline
