#include "plumbline/base/thread_pool.h"

#include <gtest/gtest.h>
#include <sched.h>

#include <atomic>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <mutex>
#include <set>
#include <stdexcept>
#include <thread>
#include <vector>

#include "plumbline/base/interrupt.h"
#include "plumbline/base/test_support.h"

namespace plumbline {
namespace {

TEST(ParallelFor, DoesEachPieceOnce) {
  for (const int threads : {0, 1, 2, 7}) {
    std::vector<std::atomic<int>> done(1000);
    ParallelFor(1000, threads, [&](int64_t i) { ++done[i]; });
    for (const auto& count : done) ASSERT_EQ(count, 1) << threads;
  }
}

TEST(ParallelFor, DoesNothingForNoPieces) {
  ParallelFor(0, 4, [](int64_t) { FAIL(); });
  ParallelFor(-1, 4, [](int64_t) { FAIL(); });
}

TEST(ParallelFor, UsesAsManyThreadsAsAskedFor) {
  // Each piece waits until all are there: only 4 threads can finish 4 pieces.
  std::atomic<int> waiting{0};
  ParallelFor(4, 4, [&](int64_t) {
    ++waiting;
    while (waiting < 4) std::this_thread::yield();
  });
  EXPECT_EQ(waiting, 4);
}

// Piece 40 fails last in time, but first in order.
TEST(ParallelFor, RethrowsTheFailureOfTheLowestIndex) {
  for (int repeat = 0; repeat < 50; ++repeat) {
    const std::string text = ErrorText([] {
      ParallelFor(200, 4, [](int64_t i) {
        if (i == 40) std::this_thread::sleep_for(std::chrono::milliseconds(1));
        if (i >= 40) throw Error(ErrorCode::kInvalidInput, "piece {}", i);
      });
    });
    ASSERT_EQ(text, "3: piece 40");
  }
}

TEST(ParallelFor, StartsNoNewPieceAfterAFailure) {
  std::atomic<int> started{0};
  EXPECT_THROW(ParallelFor(1'000'000, 3,
                           [&](int64_t) {
                             ++started;
                             throw std::runtime_error("no");
                           }),
               std::runtime_error);
  EXPECT_LE(started, 3);
}

TEST(ParallelFor, RunsNestedCallsOnTheCallingThread) {
  ParallelFor(8, 4, [](int64_t) {
    const std::thread::id caller = std::this_thread::get_id();
    ParallelFor(
        8, 4, [&](int64_t) { EXPECT_EQ(std::this_thread::get_id(), caller); });
  });
}

TEST(ParallelFor, LeavesTheThreadsToTheInnerCallWhenTheOuterUsesOne) {
  std::atomic<int> waiting{0};
  ParallelFor(1, 4, [&](int64_t) {
    ParallelFor(2, 2, [&](int64_t) {
      ++waiting;
      while (waiting < 2) std::this_thread::yield();
    });
  });
  EXPECT_EQ(waiting, 2);
}

TEST(ParallelFor, IsUsableAgainAfterAFailure) {
  EXPECT_THROW(ParallelFor(2, 2, [](int64_t) { throw 1; }), int);
  std::atomic<int> done{0};
  ParallelFor(10, 2, [&](int64_t) { ++done; });
  EXPECT_EQ(done, 10);
}

// The flag cannot be taken back, so these run in a process of their own.
using ParallelForDeathTest = testing::Test;

void InterruptPiece(int threads) {
  InstallInterruptHandlers();
  std::atomic<int> done{0};
  const std::string text = ErrorText([&] {
    ParallelFor(1'000'000, threads, [&](int64_t i) {
      if (i == 100) raise(SIGINT);
      ++done;
    });
  });
  const bool few = done >= 101 && done < 1'000'000;
  std::fprintf(stderr, "%s; %s", text.c_str(), few ? "few" : "many");
  std::_Exit(0);
}

TEST(ParallelForDeathTest, StopsAtTheNextPieceAfterCtrlC) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EXPECT_EXIT(InterruptPiece(1), testing::ExitedWithCode(0),
              "^130: stopped by Ctrl-C; few$");
  EXPECT_EXIT(InterruptPiece(3), testing::ExitedWithCode(0),
              "^130: stopped by Ctrl-C; few$");
}

TEST(ParallelForDeathTest, DefaultsToTheCpusItMayUse) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  const auto pin_to_one_cpu = [] {
    cpu_set_t set;
    sched_getaffinity(0, sizeof(set), &set);
    int cpu = 0;
    while (!CPU_ISSET(cpu, &set)) ++cpu;
    CPU_ZERO(&set);
    CPU_SET(cpu, &set);
    sched_setaffinity(0, sizeof(set), &set);
    std::fprintf(stderr, "%d threads", DefaultThreads());
    std::_Exit(0);
  };
  EXPECT_EXIT(pin_to_one_cpu(), testing::ExitedWithCode(0), "^1 threads$");
}

TEST(DefaultThreads, IsAtLeastOneAndAtMostTheMachine) {
  EXPECT_GE(DefaultThreads(), 1);
  EXPECT_LE(DefaultThreads(),
            std::max(1, static_cast<int>(std::thread::hardware_concurrency())));
}

}  // namespace
}  // namespace plumbline
