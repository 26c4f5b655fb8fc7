#include "plumbline/base/interrupt.h"

#include <gtest/gtest.h>

#include <csignal>
#include <cstdio>
#include <cstdlib>

#include "plumbline/base/test_support.h"

namespace plumbline {
namespace {

// A process that is told to stop stays so: each case has a process of its own.
using InterruptDeathTest = testing::Test;

void RaiseAndReport(int number) {
  InstallInterruptHandlers();
  std::raise(number);
  std::fprintf(stderr, "%d %s", InterruptSignal(),
               ErrorText(StopIfInterrupted).c_str());
  std::_Exit(0);
}

TEST(Interrupt, NobodyHasAskedToStop) {
  EXPECT_EQ(InterruptSignal(), 0);
  EXPECT_EQ(ErrorText(StopIfInterrupted), "no error");
}

TEST(InterruptDeathTest, CtrlCStopsAtTheNextCheckpoint) {
  EXPECT_EXIT(RaiseAndReport(SIGINT), testing::ExitedWithCode(0),
              "^2 130: stopped by Ctrl-C$");
}

TEST(InterruptDeathTest, TerminationStopsAtTheNextCheckpoint) {
  EXPECT_EXIT(RaiseAndReport(SIGTERM), testing::ExitedWithCode(0),
              "^15 130: stopped because the system asked for it .SIGTERM.$");
}

TEST(InterruptDeathTest, TheSecondCtrlCEndsTheProcessAtOnce) {
  const auto press_twice = [] {
    InstallInterruptHandlers();
    std::raise(SIGINT);
    std::raise(SIGINT);
    std::_Exit(0);
  };
  EXPECT_EXIT(press_twice(), testing::KilledBySignal(SIGINT), "");
}

}  // namespace
}  // namespace plumbline
