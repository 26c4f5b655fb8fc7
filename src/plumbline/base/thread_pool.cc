#include "plumbline/base/thread_pool.h"

#include <sched.h>

#include <algorithm>
#include <atomic>
#include <exception>
#include <mutex>
#include <system_error>
#include <thread>
#include <vector>

#include "plumbline/base/cpu_quota.h"
#include "plumbline/base/error.h"
#include "plumbline/base/file.h"
#include "plumbline/base/interrupt.h"

namespace plumbline {
namespace {

thread_local bool inside_parallel_work = false;

int CpusOfAffinity() {
  // A machine may have more CPUs than cpu_set_t holds: ask with more room.
  for (int cpus = 1024; cpus <= 1 << 20; cpus *= 4) {
    cpu_set_t* set = CPU_ALLOC(cpus);
    const size_t size = CPU_ALLOC_SIZE(cpus);
    const bool known = sched_getaffinity(0, size, set) == 0;
    const int count = known ? CPU_COUNT_S(size, set) : 0;
    CPU_FREE(set);
    if (known) return count;
  }
  return static_cast<int>(std::thread::hardware_concurrency());
}

int QuotaOfThisProcess() {
  try {
    return CpuQuota(ReadFile("/proc/self/cgroup"), "/sys/fs/cgroup");
  } catch (const Error&) {
    return 0;  // no /proc, no quota
  }
}

// The pieces of one call, handed out in order of their index. That order makes
// the outcome of a failure certain: when a piece fails, every piece before it
// has been handed out and will run, so the failure of the lowest index is
// always seen.
class Pieces {
 public:
  Pieces(int64_t count, const std::function<void(int64_t)>& work)
      : count_(count), work_(work) {}

  // Runs pieces until none is left or one has failed.
  void Run() {
    while (!failed_.load(std::memory_order_relaxed)) {
      if (InterruptSignal() != 0) {
        const std::lock_guard lock(mutex_);
        interrupted_ = next_.load() < count_;
        return;
      }
      const int64_t index = next_.fetch_add(1, std::memory_order_relaxed);
      if (index >= count_) return;
      try {
        work_(index);
      } catch (...) {
        const std::lock_guard lock(mutex_);
        failed_ = true;
        if (index < failed_index_) {
          failed_index_ = index;
          failure_ = std::current_exception();
        }
      }
    }
  }

  void ThrowIfUnfinished() const {
    if (failure_) std::rethrow_exception(failure_);
    if (interrupted_) StopIfInterrupted();
  }

 private:
  const int64_t count_;
  const std::function<void(int64_t)>& work_;
  std::atomic<int64_t> next_{0};
  std::atomic<bool> failed_{false};

  std::mutex mutex_;
  int64_t failed_index_ = INT64_MAX;
  std::exception_ptr failure_;
  bool interrupted_ = false;
};

}  // namespace

int DefaultThreads() {
  // Neither changes in the life of a process in a way that matters.
  static int threads = [] {
    const int quota = QuotaOfThisProcess();
    const int cpus = std::max(1, CpusOfAffinity());
    return quota > 0 ? std::min(cpus, quota) : cpus;
  }();
  return threads;
}

void ParallelFor(int64_t count, int threads,
                 const std::function<void(int64_t)>& work) {
  if (threads <= 0) threads = DefaultThreads();
  if (inside_parallel_work) threads = 1;
  const int workers = static_cast<int>(std::min<int64_t>(threads, count));

  Pieces pieces(count, work);
  if (workers <= 1) {
    pieces.Run();
    pieces.ThrowIfUnfinished();
    return;
  }
  const auto run = [&pieces] {
    inside_parallel_work = true;
    pieces.Run();
    inside_parallel_work = false;
  };
  std::vector<std::jthread> helpers;
  helpers.reserve(workers - 1);
  try {
    for (int i = 1; i < workers; ++i) helpers.emplace_back(run);
  } catch (const std::system_error&) {
    // The system grants no more threads: the work is done by fewer.
  }
  run();
  helpers.clear();  // waits for them
  pieces.ThrowIfUnfinished();
}

}  // namespace plumbline
