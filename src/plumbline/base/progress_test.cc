#include "plumbline/base/progress.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>
#include <utility>
#include <vector>

#include "plumbline/base/log.h"
#include "plumbline/base/stderr_capture.h"
#include "plumbline/base/test_support.h"

namespace plumbline {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::MatchesRegex;
using testing::Not;

// The environment of a person at a terminal, whoever runs this test.
class ProgressTest : public testing::Test {
 protected:
  ~ProgressTest() override { SetProgressMode(ProgressMode::kNone); }

  const EnvironmentChange no_color_{"NO_COLOR", nullptr};
  const EnvironmentChange ci_{"CI", nullptr};
  const EnvironmentChange term_{"TERM", "xterm"};
};

// 10 units, 6 of them after the first 4 have been seen on the screen.
void WorkForLongerThanASecond(StderrCapture& screen) {
  Progress progress("sorting", 10, "rows");
  progress.Advance(4);
  screen.WaitFor("40 %");
  progress.Advance(6);
}

TEST_F(ProgressTest, IsPlainLinesInAPipe) {
  SetProgressMode(ProgressMode::kAuto);
  StderrCapture screen(StderrCapture::kPipe);
  WorkForLongerThanASecond(screen);
  EXPECT_THAT(screen.Text(),
              MatchesRegex("sorting: 40 %, [0-9.]+ rows/s, [0-9]+ s left\n"
                           "sorting: 100 %, [0-9.]+ rows/s, took [0-9]+ s\n"));
}

TEST_F(ProgressTest, IsABarOnATerminalThatGoesAwayAtTheEnd) {
  SetProgressMode(ProgressMode::kAuto);
  StderrCapture screen(StderrCapture::kTerminal);
  WorkForLongerThanASecond(screen);
  const std::string text = screen.Text();
  EXPECT_THAT(text, HasSubstr("\r\033[Ksorting [\033[32m###"));
  EXPECT_THAT(text, HasSubstr("  40 %  "));
  EXPECT_TRUE(text.ends_with("\r\033[K")) << text;
  EXPECT_THAT(text, Not(HasSubstr("\n")));
}

TEST_F(ProgressTest, MakesWayForAMessageAndHidesInnerWork) {
  const EnvironmentChange no_color("NO_COLOR", "1");
  SetProgressMode(ProgressMode::kBar);
  StderrCapture screen(StderrCapture::kTerminal);
  {
    Progress progress("sorting", 10, "rows");
    progress.Advance(5);
    Progress inner("inner", 10, "rows");
    inner.Advance(5);
    screen.WaitFor("50 %");
    LogWarning("{} rows are empty", 3);
  }
  const std::string text = screen.Text();
  EXPECT_THAT(text, HasSubstr("\r\033[Ksorting [####"));
  EXPECT_THAT(text, HasSubstr("\r\033[Kwarning: 3 rows are empty\r\n"));
  EXPECT_THAT(text, Not(HasSubstr("inner")));
}

TEST_F(ProgressTest, SaysNothingAboutShortWork) {
  for (const ProgressMode mode : {ProgressMode::kPlain, ProgressMode::kBar}) {
    SetProgressMode(mode);
    StderrCapture screen(StderrCapture::kTerminal);
    for (int i = 0; i < 100; ++i) Progress("sorting", 10, "rows").Advance(10);
    EXPECT_THAT(screen.Text(), IsEmpty());
  }
}

TEST_F(ProgressTest, IsPlainOnADumbTerminalAndInContinuousIntegration) {
  SetProgressMode(ProgressMode::kAuto);
  for (const auto& [name, value] : {std::pair{"TERM", "dumb"}, {"CI", "1"}}) {
    const EnvironmentChange change(name, value);
    StderrCapture screen(StderrCapture::kTerminal);
    WorkForLongerThanASecond(screen);
    EXPECT_THAT(screen.Text(), testing::StartsWith("sorting: 40 %")) << name;
  }
}

TEST_F(ProgressTest, CountsFromManyThreads) {
  SetProgressMode(ProgressMode::kPlain);
  StderrCapture screen(StderrCapture::kPipe);
  {
    Progress progress("sorting", 40'000, "rows");
    std::vector<std::jthread> threads;
    threads.reserve(4);
    for (int t = 0; t < 4; ++t) {
      threads.emplace_back([&] {
        for (int i = 0; i < 10'000; ++i) progress.Advance(1);
      });
    }
    threads.clear();
    screen.WaitFor("100 %");
  }
  EXPECT_THAT(screen.Text(), testing::StartsWith("sorting: 100 %"));
}

TEST(ParseProgressMode, KnowsItsWords) {
  EXPECT_EQ(ParseProgressMode("auto"), ProgressMode::kAuto);
  EXPECT_EQ(ParseProgressMode("bar"), ProgressMode::kBar);
  EXPECT_EQ(ParseProgressMode("plain"), ProgressMode::kPlain);
  EXPECT_EQ(ParseProgressMode("none"), ProgressMode::kNone);
  EXPECT_EQ(ErrorText([] { ParseProgressMode("plane"); }),
            "2: --progress is auto, bar, plain or none, found \"plane\"; did "
            "you mean \"plain\"?");
}

}  // namespace
}  // namespace plumbline
