#include "plumbline/base/interrupt.h"

#include <atomic>
#include <csignal>

#include "plumbline/base/error.h"

namespace plumbline {
namespace {

std::atomic<int> interrupt_signal{0};
static_assert(std::atomic<int>::is_always_lock_free);

void OnSignal(int number) {
  // The second Ctrl-C means: not at the next checkpoint, now. The signal is
  // blocked until this handler returns, so it ends the process then.
  if (interrupt_signal.exchange(number) == SIGINT && number == SIGINT) {
    std::signal(SIGINT, SIG_DFL);
    std::raise(SIGINT);
  }
}

}  // namespace

void InstallInterruptHandlers() {
  struct sigaction action = {};
  action.sa_handler = OnSignal;
  action.sa_flags = SA_RESTART;
  sigemptyset(&action.sa_mask);
  sigaction(SIGINT, &action, nullptr);
  sigaction(SIGTERM, &action, nullptr);
}

int InterruptSignal() {
  return interrupt_signal.load(std::memory_order_relaxed);
}

void StopIfInterrupted() {
  switch (InterruptSignal()) {
    case 0:
      return;
    case SIGTERM:
      throw Error(ErrorCode::kInterrupted,
                  "stopped because the system asked for it (SIGTERM)");
    default:
      throw Error(ErrorCode::kInterrupted, "stopped by Ctrl-C");
  }
}

}  // namespace plumbline
