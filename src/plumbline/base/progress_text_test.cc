#include "plumbline/base/progress_text.h"

#include <gtest/gtest.h>

namespace plumbline {
namespace {

ProgressReading Reading(int64_t total, int64_t done, double seconds) {
  return {.title = "reading a.csv",
          .unit = "rows",
          .total = total,
          .done = done,
          .seconds = seconds};
}

TEST(PlainProgress, TellsShareRateAndRemainingTime) {
  EXPECT_EQ(PlainProgress(Reading(6'000'000, 2'400'000, 2)),
            "reading a.csv: 40 %, 1.2e6 rows/s, 3 s left");
}

TEST(PlainProgress, TellsAtTheEndHowLongItTook) {
  EXPECT_EQ(PlainProgress(Reading(100, 100, 2)),
            "reading a.csv: 100 %, 50 rows/s, took 2 s");
}

TEST(PlainProgress, GuessesNoTimeBeforeTheFirstUnit) {
  EXPECT_EQ(PlainProgress(Reading(100, 0, 2)), "reading a.csv: 0 %, 0 rows/s");
}

TEST(PlainProgress, CountsWhereTheTotalIsUnknown) {
  EXPECT_EQ(PlainProgress(Reading(0, 30'000, 2)),
            "reading a.csv: 3e4 rows, 1.5e4 rows/s");
  EXPECT_EQ(PercentDone(Reading(0, 5, 1)), -1);
}

TEST(PlainProgress, GivesTwoDigitsOfARate) {
  EXPECT_EQ(PlainProgress(Reading(0, 1, 4)),
            "reading a.csv: 1 rows, 0.25 rows/s");
  EXPECT_EQ(PlainProgress(Reading(0, 999'999, 1)),
            "reading a.csv: 1e6 rows, 1e6 rows/s");
}

TEST(PercentDone, IsRoundedDownAndNeverAboveAHundred) {
  EXPECT_EQ(PercentDone(Reading(1000, 999, 1)), 99);
  EXPECT_EQ(PercentDone(Reading(1000, 1001, 1)), 100);
}

TEST(BarProgress, FillsTheLineUpToItsWidth) {
  EXPECT_EQ(BarProgress(Reading(200, 100, 4), 60, false),
            "reading a.csv [########.........]  50 %  25 rows/s  4 s left");
  EXPECT_EQ(BarProgress(Reading(200, 100, 4), 60, false).size(), 60u);
}

TEST(BarProgress, IsNoLongerThanItNeedsToBe) {
  EXPECT_EQ(BarProgress(Reading(200, 100, 4), 500, false),
            "reading a.csv [###############...............]  50 %  25 rows/s  "
            "4 s left");
}

TEST(BarProgress, DropsTheBarAndThenWordsOnANarrowScreen) {
  EXPECT_EQ(BarProgress(Reading(200, 100, 4), 45, false),
            "reading a.csv  50 %  25 rows/s  4 s left");
  EXPECT_EQ(BarProgress(Reading(200, 100, 4), 10, false), "reading a.");
}

TEST(BarProgress, CountsLettersNotBytes) {
  ProgressReading reading = Reading(0, 100, 4);
  reading.title = "größer";
  EXPECT_EQ(BarProgress(reading, 4, false), "größ");
}

TEST(BarProgress, ColoursOnlyTheFilledPart) {
  EXPECT_EQ(
      BarProgress(Reading(200, 100, 4), 60, true),
      "reading a.csv [\033[32m########\033[0m.........]  50 %  25 rows/s  "
      "4 s left");
}

TEST(Duration, IsInTheUnitsAPersonUses) {
  EXPECT_EQ(Duration(0), "0 s");
  EXPECT_EQ(Duration(2.1), "3 s");
  EXPECT_EQ(Duration(125), "2 min 05 s");
  EXPECT_EQ(Duration(3725), "1 h 02 min");
}

}  // namespace
}  // namespace plumbline
