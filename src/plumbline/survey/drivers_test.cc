#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "plumbline/survey/survey_for_test.h"

namespace plumbline::survey {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

// 60 % and 20 % of two groups in the first stratum.
SurveyResult TwoByTwo() {
  return SurveyOf(Csv("sex,y,view", {{300, "F,1,AP"},
                                     {300, "F,0,AP"},
                                     {100, "F,1,PA"},
                                     {300, "F,0,PA"},
                                     {160, "M,1,AP"},
                                     {240, "M,0,AP"},
                                     {480, "M,1,PA"},
                                     {1120, "M,0,PA"}}),
                  Roles({"sex"}, {"y"}, {"view"}));
}

// Kitagawa 1955, eq. 8, by hand: rates 0.5 and 0.25 against 0.4 and 0.3.
TEST(Kitagawa, IsItsOwnArithmetic) {
  const SurveyResult result = TwoByTwo();
  ASSERT_EQ(result.decompositions.size(), 1u);
  const Decomposition& d = result.decompositions[0];
  EXPECT_EQ(d.group, "F");
  EXPECT_EQ(d.reference, "M");
  EXPECT_NEAR(d.difference.value, 0.40 - 0.32, 1e-12);
  EXPECT_NEAR(d.composition.value,
              (0.6 - 0.2) * (0.5 + 0.4) / 2 + (0.4 - 0.8) * (0.25 + 0.3) / 2,
              1e-12);
  EXPECT_NEAR(d.rate.value,
              (0.5 - 0.4) * (0.6 + 0.2) / 2 + (0.25 - 0.3) * (0.4 + 0.8) / 2,
              1e-12);
  EXPECT_EQ(d.left_out, 0);
  EXPECT_LT(d.composition.lo, 0.07);
  EXPECT_GT(d.composition.lo, 0.04);
  EXPECT_THAT(TextsOf(result, "SV302"),
              ElementsAre("Of the difference of +8.0 pp in y between sex=F and "
                          "M, +7.0 pp goes with another mix of view."));
}

// One row a person: the difference of two proportions, whose error is known.
TEST(Kitagawa, HasTheErrorOfTwoProportions) {
  const Decomposition d = TwoByTwo().decompositions[0];
  const double error = std::sqrt(0.4 * 0.6 / 1000 + 0.32 * 0.68 / 2000);
  EXPECT_NEAR((d.difference.hi - d.difference.lo) / 2 / 1.959963985 / error, 1,
              1e-3);
}

TEST(Kitagawa, SaysWhatHasNothingToBeComparedWith) {
  const SurveyResult result = SurveyOf(Csv("sex,y,view", {{90, "F,1,AP"},
                                                          {10, "F,0,AP"},
                                                          {100, "F,1,LL"},
                                                          {100, "M,1,AP"},
                                                          {200, "M,0,AP"}}),
                                       Roles({"sex"}, {"y"}, {"view"}));
  const Decomposition d = result.decompositions.at(0);
  EXPECT_NEAR(d.left_out, 0.5, 1e-12);
  EXPECT_NEAR(d.difference.value, 0.9 - 1 / 3.0, 1e-12);
  EXPECT_NEAR(d.composition.value, 0, 1e-12);
  EXPECT_THAT(TextsOf(result, "SV302"), IsEmpty());
}

// Nothing is taken apart that is no difference.
TEST(Kitagawa, NeedsADifference) {
  const SurveyResult result = SurveyOf(
      Csv("sex,y,view",
          {{50, "F,1,AP"}, {50, "F,0,PA"}, {60, "M,1,AP"}, {60, "M,0,PA"}}),
      Roles({"sex"}, {"y"}, {"view"}));
  EXPECT_THAT(result.decompositions, IsEmpty());
  EXPECT_THAT(result.drivers, IsEmpty());
}

// The slope within groups (Frisch and Waugh): sums of squares 240 and 320, of
// products 300 - 600 * 0.4 and 160 - 400 * 0.32.
TEST(Oaxaca, IsTheSlopeWithinGroupsTimesTheOtherMix) {
  const SurveyResult result = TwoByTwo();
  ASSERT_EQ(result.drivers.size(), 1u);
  const Drivers& d = result.drivers[0];
  EXPECT_EQ(d.reason, "");
  EXPECT_NEAR(d.difference.value, 0.08, 1e-12);
  const double slope = (60.0 + 32.0) / (240.0 + 320.0);
  EXPECT_NEAR(d.explained.value, 0.4 * slope, 1e-10);
  EXPECT_NEAR(d.unexplained.value, 0.08 - 0.4 * slope, 1e-10);
  EXPECT_THAT(d.factors, ElementsAre("view"));
  EXPECT_NEAR(d.by_factor.at(0).value, 0.4 * slope, 1e-10);
  EXPECT_NEAR(d.shapley.at(0).value, 0.4 * slope, 1e-10);
  EXPECT_GT(d.explained.lo, 0);
}

TEST(Oaxaca, SaysThatThereAreNoCovariates) {
  const SurveyResult result = SurveyOf(
      Csv("sex,y", {{90, "F,1"}, {10, "F,0"}, {30, "M,1"}, {100, "M,0"}}),
      Roles({"sex"}, {"y"}));
  ASSERT_EQ(result.drivers.size(), 1u);
  EXPECT_EQ(result.drivers[0].reason, "no_covariates");
  EXPECT_TRUE(std::isnan(result.drivers[0].explained.value));
}

// Charig et al. 1986, kidney stones, so many times: open surgery does better
// with small stones and with large ones, and looks worse overall.
SurveyResult Stones(int times) {
  return SurveyOf(
      Csv("surgery,success,stone", {{81 * times, "open,1,small"},
                                    {6 * times, "open,0,small"},
                                    {192 * times, "open,1,large"},
                                    {71 * times, "open,0,large"},
                                    {234 * times, "keyhole,1,small"},
                                    {36 * times, "keyhole,0,small"},
                                    {55 * times, "keyhole,1,large"},
                                    {25 * times, "keyhole,0,large"}}),
      Roles({"surgery"}, {"success"}, {"stone"}));
}

TEST(Reversals, FindSimpsonsParadox) {
  const SurveyResult result = Stones(10);
  ASSERT_EQ(result.reversals.size(), 1u);
  const Reversal& r = result.reversals[0];
  EXPECT_EQ(r.group, "open");
  EXPECT_EQ(r.reference, "keyhole");
  EXPECT_EQ(r.covariate, "stone");
  EXPECT_NEAR(r.crude.value, 273 / 350.0 - 289 / 350.0, 1e-12);
  EXPECT_NEAR(r.standardised.value,
              357 / 700.0 * (81 / 87.0 - 234 / 270.0) +
                  343 / 700.0 * (192 / 263.0 - 55 / 80.0),
              1e-12);
  EXPECT_EQ(r.same_sign, 0);
  EXPECT_EQ(r.other_sign, 2);
  EXPECT_TRUE(r.strong);
  EXPECT_THAT(TextsOf(result, "SV305"),
              ElementsAre("The difference in success between surgery=open and "
                          "keyhole turns round within stone: -4.6 pp overall, "
                          "+5.4 pp at equal stone."));
  EXPECT_EQ(FindingsOf(result, "SV305")[0].severity, Severity::kHigh);
}

// The 700 patients of the publication are too few to be sure.
TEST(Reversals, AreNoFindingWhereTheyMayBeChance) {
  const SurveyResult result = Stones(1);
  ASSERT_EQ(result.reversals.size(), 1u);
  EXPECT_FALSE(result.reversals[0].strong);
  EXPECT_THAT(TextsOf(result, "SV305"), IsEmpty());
}

TEST(Reversals, AreNotSeenWhereTheSignStays) {
  EXPECT_THAT(TwoByTwo().reversals, IsEmpty());
}

}  // namespace
}  // namespace plumbline::survey
