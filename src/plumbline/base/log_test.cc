#include "plumbline/base/log.h"

#include <gtest/gtest.h>

#include "plumbline/base/stderr_capture.h"
#include "plumbline/base/test_support.h"

namespace plumbline {
namespace {

class LogTest : public testing::Test {
 protected:
  ~LogTest() override { SetLogLevel(LogLevel::kWarning); }

  const EnvironmentChange no_color_{"NO_COLOR", nullptr};
  const EnvironmentChange term_{"TERM", "xterm"};
};

std::string AllLevels(StderrCapture::Kind kind) {
  StderrCapture screen(kind);
  LogWarning("{} rows have no {}", 3, "age");
  LogInfo("read {}", "a.csv");
  LogMessage(LogLevel::kDebug, "{not a format}");
  LogMessage(LogLevel::kQuiet, "never");
  return screen.Text();
}

TEST_F(LogTest, ShowsOnlyWarningsUnlessAskedForMore) {
  EXPECT_EQ(AllLevels(StderrCapture::kPipe), "warning: 3 rows have no age\n");
}

TEST_F(LogTest, ShowsWhatItsLevelAllows) {
  SetLogLevel(LogLevel::kQuiet);
  EXPECT_EQ(AllLevels(StderrCapture::kPipe), "");
  SetLogLevel(LogLevel::kInfo);
  EXPECT_EQ(AllLevels(StderrCapture::kPipe),
            "warning: 3 rows have no age\nread a.csv\n");
  SetLogLevel(LogLevel::kDebug);
  EXPECT_EQ(AllLevels(StderrCapture::kPipe),
            "warning: 3 rows have no age\nread a.csv\ndebug: {not a format}\n");
}

TEST_F(LogTest, IsYellowOnATerminal) {
  EXPECT_EQ(AllLevels(StderrCapture::kTerminal),
            "\033[33mwarning:\033[0m 3 rows have no age\r\n");
}

TEST_F(LogTest, HasNoColourWhereNoneIsWanted) {
  const std::string plain = "warning: 3 rows have no age\r\n";
  {
    const EnvironmentChange no_color("NO_COLOR", "1");
    EXPECT_EQ(AllLevels(StderrCapture::kTerminal), plain);
  }
  const EnvironmentChange dumb("TERM", "dumb");
  EXPECT_EQ(AllLevels(StderrCapture::kTerminal), plain);
}

}  // namespace
}  // namespace plumbline
