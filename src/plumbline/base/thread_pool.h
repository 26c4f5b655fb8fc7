// Threads for independent pieces of work.
#pragma once

#include <cstdint>
#include <functional>

namespace plumbline {

// The number of threads to use when the user says nothing: the CPUs that this
// process may run on (affinity and cgroup quota respected), at least 1.
int DefaultThreads();

// Calls work(i) for every i in [0, count), on up to `threads` threads (0:
// DefaultThreads()), in any order. Returns when all are done. The first
// exception (by index) is rethrown after the rest has stopped; no new piece is
// started after an exception or after an interrupt (base/interrupt.h), which
// becomes Error(kInterrupted).
//
// Each piece must write only to its own place, so that the result is the same
// for any number of threads. Calls from within a call that uses several threads
// run on the calling thread.
void ParallelFor(int64_t count, int threads,
                 const std::function<void(int64_t)>& work);

}  // namespace plumbline
