#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>
#include <new>
#include <stdexcept>

#include "plumbline/base/error.h"
#include "plumbline/base/version.h"
#include "plumbline/cli/command.h"

namespace plumbline {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

std::vector<std::string> given;

int Echo(const Invocation& invocation) {
  given = invocation.arguments;
  return 4;
}

struct Outcome {
  int code;
  std::string text;  // on stderr
};

Outcome Call(std::vector<const char*> arguments,
             int (*run)(const Invocation&) = Echo) {
  const Command commands[] = {
      {.name = "echo", .summary = "repeats", .run = run},
      {.name = "train",
       .summary = "is a part",
       .part = "network",
       .part_advice = "install libtorch-dev"}};
  arguments.insert(arguments.begin(), "plumbline");
  testing::internal::CaptureStderr();
  const int code = RunCommandLine(commands, static_cast<int>(arguments.size()),
                                  arguments.data());
  return {code, testing::internal::GetCapturedStderr()};
}

TEST(RunCommandLine, PassesArgumentsAndExitCodeOn) {
  EXPECT_EQ(Call({"echo", "a", "--b"}).code, 4);
  EXPECT_THAT(given, ElementsAre("a", "--b"));
}

TEST(RunCommandLine, NamesTheNearestCommand) {
  const Outcome outcome = Call({"ehco"});
  EXPECT_EQ(outcome.code, 2);
  EXPECT_EQ(outcome.text, "unknown command ehco; did you mean \"echo\"?\n");
  EXPECT_EQ(Call({"zzz"}).text,
            "unknown command zzz; `plumbline help` lists the commands\n");
  EXPECT_EQ(Call({"--zzz"}).text,
            "unknown option --zzz; `plumbline help` lists the commands\n");
}

TEST(RunCommandLine, ListsTheCommandsWhenNoneIsGiven) {
  const Outcome outcome = Call({});
  EXPECT_EQ(outcome.code, 2);
  EXPECT_THAT(outcome.text, HasSubstr("  echo       repeats\n"));
}

TEST(RunCommandLine, LoadsThePartOfACommand) {
  setenv("PLUMBLINE_PARTS", "/no/such/folder", 1);
  const Outcome outcome = Call({"train"});
  EXPECT_EQ(outcome.code, 2);
  EXPECT_THAT(outcome.text, HasSubstr("/no/such/folder"));
  EXPECT_THAT(outcome.text, HasSubstr("install libtorch-dev"));
  setenv("PLUMBLINE_PARTS", PLUMBLINE_TEST_PARTS, 1);
  EXPECT_EQ(Call({"train", "x", "y"}).code, 2 + 40);
  unsetenv("PLUMBLINE_PARTS");
}

TEST(RunCommandLine, TurnsEveryErrorIntoItsExitCode) {
  const auto bad_input = [](const Invocation&) -> int {
    throw Error(ErrorCode::kInvalidInput, "a.csv: wrong");
  };
  Outcome outcome = Call({"echo"}, bad_input);
  EXPECT_EQ(outcome.code, 3);
  EXPECT_EQ(outcome.text, "a.csv: wrong\n");

  outcome =
      Call({"echo"}, [](const Invocation&) -> int { throw std::bad_alloc(); });
  EXPECT_EQ(outcome.code, 6);
  EXPECT_THAT(outcome.text, HasSubstr("out of memory: "));

  outcome = Call({"echo"}, [](const Invocation&) -> int {
    throw std::logic_error("impossible");
  });
  EXPECT_EQ(outcome.code, 70);
  EXPECT_EQ(outcome.text,
            std::string("impossible\nThis is an error in plumbline ") +
                kVersion +
                ", not in your data. Please report it with the command you "
                "ran.\n");

  outcome = Call({"echo"}, [](const Invocation&) -> int {
    throw Error(ErrorCode::kInternal, "promise broken");
  });
  EXPECT_EQ(outcome.code, 70);
  EXPECT_THAT(outcome.text, HasSubstr("not in your data"));
}

}  // namespace
}  // namespace plumbline
