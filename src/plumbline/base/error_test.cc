#include "plumbline/base/error.h"

#include <gtest/gtest.h>

#include <cstdio>

#include "plumbline/base/version.h"

namespace plumbline {
namespace {

TEST(Error, SaysThePlaceBeforeTheMessage) {
  const Error error(ErrorCode::kInvalidInput,
                    {.file = "preds.csv", .row = 3, .column = "score"},
                    "found \"{}\", expected a number", "high");
  EXPECT_STREQ(error.what(),
               "preds.csv, row 3, column \"score\": found \"high\", expected a "
               "number");
  EXPECT_EQ(error.code(), ErrorCode::kInvalidInput);
  EXPECT_EQ(error.location().row, 3);
}

TEST(Error, HasNoPlaceWhereNoneIsKnown) {
  EXPECT_STREQ(Error(ErrorCode::kUsage, "give {} columns", 2).what(),
               "give 2 columns");
  EXPECT_STREQ(Error(ErrorCode::kUsage, "give a column").what(),
               "give a column");
}

TEST(Error, TreatsAMessageWithoutArgumentsAsAFormatToo) {
  EXPECT_STREQ(Error(ErrorCode::kUsage, {.file = "a"}, "use {{}}").what(),
               "a: use {}");
}

TEST(Location, LeavesOutWhatIsUnknown) {
  EXPECT_EQ(ToString(Location{}), "");
  EXPECT_EQ(ToString({.file = "a.csv"}), "a.csv");
  EXPECT_EQ(ToString({.column = "sex"}), "column \"sex\"");
  EXPECT_EQ(ToString({.file = "a.csv", .row = 1}), "a.csv, row 1");
}

TEST(ExitCode, TellsTheKindOfFailure) {
  EXPECT_EQ(ExitCode(ErrorCode::kUsage), 2);
  EXPECT_EQ(ExitCode(ErrorCode::kInvalidInput), 3);
  EXPECT_EQ(ExitCode(ErrorCode::kUnavailable), 2);
  EXPECT_EQ(ExitCode(ErrorCode::kOutOfResources), 6);
  EXPECT_EQ(ExitCode(ErrorCode::kInterrupted), 130);
  EXPECT_EQ(ExitCode(ErrorCode::kInternal), 70);
}

TEST(Version, IsThreeNumbers) {
  int major = -1;
  int minor = -1;
  int patch = -1;
  EXPECT_EQ(std::sscanf(kVersion, "%d.%d.%d", &major, &minor, &patch), 3);
}

}  // namespace
}  // namespace plumbline
