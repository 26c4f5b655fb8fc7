#include "plumbline/table/bins.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

#include "plumbline/base/error.h"

namespace plumbline {
namespace {

using ::testing::ElementsAre;

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

NumericColumn Ages(std::vector<double> values) {
  return {"age", std::move(values), 0};
}

std::string MessageOf(const std::string& rule) {
  try {
    ParseBinRule(rule);
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kUsage);
    return error.what();
  }
  return "no error";
}

TEST(ParseBinRule, ReadsAColumnAndItsEdges) {
  const BinRule rule = ParseBinRule("age=0,40, 60,80.5");
  EXPECT_EQ(rule.column, "age");
  EXPECT_THAT(rule.edges, ElementsAre(0, 40, 60, 80.5));
}

TEST(ParseBinRule, ShowsTheRightFormWhenItCannotReadARule) {
  const std::string form =
      "; write bins as COLUMN=EDGE,EDGE,... with increasing edges, "
      "for example age=0,40,60,80";
  EXPECT_EQ(MessageOf("age"), "\"age\" has no column before an \"=\"" + form);
  EXPECT_EQ(MessageOf("=1,2"), "\"=1,2\" has no column before an \"=\"" + form);
  EXPECT_EQ(MessageOf("age=0,x"),
            "\"x\" in \"age=0,x\" is not a number" + form);
  EXPECT_EQ(MessageOf("age="), "\"\" in \"age=\" is not a number" + form);
  EXPECT_EQ(MessageOf("age=0,inf"),
            "\"inf\" in \"age=0,inf\" is not a number" + form);
  EXPECT_EQ(MessageOf("age=40,40"),
            "40 in \"age=40,40\" is not larger than the edge before it" + form);
}

TEST(BinColumn, NamesBinsOfWholeNumbersByTheirFirstAndLastNumber) {
  const CategoricalColumn bins =
      BinColumn(Ages({39, 0, 80, 59, 200}), {0, 40, 60, 80});
  EXPECT_THAT(bins.levels, ElementsAre("0-39", "40-59", "60-79", "80+"));
  EXPECT_EQ(bins.codes[0], 0u);
  EXPECT_EQ(bins.codes[1], 0u);
  EXPECT_EQ(bins.codes[2], 3u);
  EXPECT_EQ(bins.codes[3], 1u);
  EXPECT_EQ(bins.codes[4], 3u);
}

TEST(BinColumn, KeepsBinsWithoutRowsAndSaysWhereTheOthersFirstAppear) {
  const CategoricalColumn bins = BinColumn(Ages({80, 1, 2}), {0, 40, 60, 80});
  EXPECT_THAT(bins.first_row, ElementsAre(1, -1, -1, 0));
}

TEST(BinColumn, AddsABinBelowTheFirstEdgeOnlyForValuesThere) {
  EXPECT_THAT(BinColumn(Ages({17, 18}), {18, 65}).levels,
              ElementsAre("<18", "18-64", "65+"));
  EXPECT_THAT(BinColumn(Ages({18}), {18, 65}).levels,
              ElementsAre("18-64", "65+"));
}

TEST(BinColumn, NamesBinsByTheirEdgesWhenAValueOrAnEdgeIsNotWhole) {
  EXPECT_THAT(BinColumn(Ages({0.5, 90}), {0, 40, 80}).levels,
              ElementsAre("0 to <40", "40 to <80", ">=80"));
  EXPECT_THAT(BinColumn(Ages({1}), {18.5, 25}).levels,
              ElementsAre("<18.5", "18.5 to <25", ">=25"));
}

TEST(BinColumn, NamesABinOfOneNumberByThatNumber) {
  EXPECT_THAT(BinColumn(Ages({1, 2, 3}), {1, 2, 3}).levels,
              ElementsAre("1", "2", "3+"));
}

TEST(BinColumn, KeepsNegativeEdgesReadable) {
  EXPECT_THAT(BinColumn(Ages({-3}), {-10, 0, 10}).levels,
              ElementsAre("-10 to -1", "0-9", "10+"));
}

TEST(BinColumn, PutsAnEdgeIntoTheBinThatItOpens) {
  const CategoricalColumn bins = BinColumn(Ages({0, 40}), {0, 40});
  EXPECT_EQ(bins.codes[0], 0u);
  EXPECT_EQ(bins.codes[1], 1u);
}

TEST(BinColumn, LeavesMissingValuesMissing) {
  const CategoricalColumn bins = BinColumn(Ages({kNaN, 5, kNaN}), {0});
  EXPECT_EQ(bins.name, "age");
  EXPECT_EQ(bins.missing, 2);
  EXPECT_EQ(bins.codes[0], kMissingCode);
  EXPECT_EQ(bins.codes[1], 0u);
}

TEST(BinColumn, RefusesEdgesThatDoNotIncrease) {
  EXPECT_THROW(BinColumn(Ages({1}), {}), Error);
  EXPECT_THROW(BinColumn(Ages({1}), {2, 1}), Error);
  EXPECT_THROW(BinColumn(Ages({1}), {kNaN}), Error);
}

}  // namespace
}  // namespace plumbline
