#include "plumbline/stats/shrinkage.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <numeric>

#include "plumbline/base/error.h"
#include "plumbline/base/random.h"
#include "plumbline/stats/golden_for_test.h"

namespace plumbline {
namespace {

using Values = std::vector<double>;
constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

void ExpectNear(const Values& found, const Values& expected, double tolerance) {
  ASSERT_EQ(found.size(), expected.size());
  for (size_t i = 0; i < found.size(); ++i) {
    EXPECT_NEAR(found[i], expected[i], tolerance) << "group " << i;
  }
}

// tau^2 by root finding (and statsmodels' iterated estimate), posteriors from
// the joint normal distribution of the mean and the groups.
TEST(ShrinkNormal, EqualsAnIndependentSolution) {
  for (const Json& c : GoldenCases("shrink_normal")) {
    const ShrunkenEstimates result =
        ShrinkNormal(Numbers(c["y"]), Numbers(c["se"]));
    EXPECT_NEAR(result.prior_variance, c["tau2"], 1e-11);
    EXPECT_NEAR(result.prior_mean, c["mu"], 1e-8);
    ExpectNear(result.mean, Numbers(c["mean"]), 1e-8);
    ExpectNear(result.standard_error, Numbers(c["sd"]), 1e-8);
  }
}

TEST(ShrinkNormal, PullsTheUncertainGroupsMost) {
  const Values y = {0.70, 0.90, 0.90};
  const Values se = {0.01, 0.02, 0.20};
  const ShrunkenEstimates result = ShrinkNormal(y, se);
  EXPECT_GT(result.mean[1], result.mean[2]);
  EXPECT_NEAR(result.mean[0], 0.70, 0.005);
  for (size_t g = 0; g < 3; ++g) {
    EXPECT_GE(std::max(y[g], result.prior_mean), result.mean[g]);
    EXPECT_LE(std::min(y[g], result.prior_mean), result.mean[g]);
  }
  EXPECT_LT(result.standard_error[2], 0.20);
}

TEST(ShrinkNormal, MakesGroupsEqualWhenTheyDifferLessThanTheirErrors) {
  const ShrunkenEstimates result =
      ShrinkNormal(Values{0.70, 0.71, 0.69}, Values{0.1, 0.1, 0.1});
  EXPECT_EQ(result.prior_variance, 0);
  for (size_t g = 0; g < 3; ++g) {
    EXPECT_NEAR(result.mean[g], 0.70, 1e-12);
    // What is left is the error of the common mean.
    EXPECT_NEAR(result.standard_error[g], 0.1 / std::sqrt(3), 1e-12);
  }
}

TEST(ShrinkNormal, LeavesOutGroupsThatWereNotEstimated) {
  const ShrunkenEstimates with =
      ShrinkNormal(Values{0.7, kNan, 0.9, 0.5}, Values{0.05, 0.05, 0.04, kNan});
  const ShrunkenEstimates without =
      ShrinkNormal(Values{0.7, 0.9}, Values{0.05, 0.04});
  EXPECT_TRUE(std::isnan(with.mean[1]));
  EXPECT_TRUE(std::isnan(with.standard_error[3]));
  EXPECT_EQ(with.mean[0], without.mean[0]);
  EXPECT_EQ(with.mean[2], without.mean[1]);
  EXPECT_EQ(with.prior_variance, without.prior_variance);
}

TEST(ShrinkNormal, TakesAnErrorOfZeroAsTheSmallestPositiveOne) {
  const ShrunkenEstimates zero =
      ShrinkNormal(Values{1.0, 0.8, 0.7}, Values{0, 0.05, 0.08});
  const ShrunkenEstimates small =
      ShrinkNormal(Values{1.0, 0.8, 0.7}, Values{0.05, 0.05, 0.08});
  EXPECT_EQ(zero.mean, small.mean);
  EXPECT_EQ(zero.standard_error, small.standard_error);
}

TEST(ShrinkNormal, HasNothingToShrinkWhenEveryErrorIsZero) {
  const ShrunkenEstimates result =
      ShrinkNormal(Values{0.2, 0.4, 0.9}, Values{0, 0, 0});
  EXPECT_EQ(result.mean, (Values{0.2, 0.4, 0.9}));
  EXPECT_EQ(result.standard_error, (Values{0, 0, 0}));
  EXPECT_NEAR(result.prior_mean, 0.5, 1e-12);
  EXPECT_NEAR(result.prior_variance, 0.13, 1e-12);
}

TEST(ShrinkNormal, ReturnsASingleGroupAsItIs) {
  const ShrunkenEstimates result = ShrinkNormal(Values{0.7}, Values{0.05});
  EXPECT_DOUBLE_EQ(result.mean[0], 0.7);
  EXPECT_NEAR(result.standard_error[0], 0.05, 1e-15);
}

// Many groups drawn from a known population: the posterior interval of 95 %
// covers the truth in 95 %, and shrinking halves the squared error at least
// when errors are larger than the true spread.
TEST(ShrinkNormal, ComesNearerToTheTruthThanTheRawValuesWithHonestErrors) {
  RandomStream random(1, "shrinkage test");
  Values truth, y, se;
  for (int g = 0; g < 4000; ++g) {
    truth.push_back(0.8 + 0.03 * random.NextNormal());
    se.push_back(0.02 + 0.06 * random.NextUniform());
    y.push_back(truth.back() + se.back() * random.NextNormal());
  }
  const ShrunkenEstimates result = ShrinkNormal(y, se);
  EXPECT_NEAR(std::sqrt(result.prior_variance), 0.03, 0.004);
  double raw = 0;
  double shrunken = 0;
  int covered = 0;
  for (size_t g = 0; g < truth.size(); ++g) {
    const double error = result.mean[g] - truth[g];
    raw += (y[g] - truth[g]) * (y[g] - truth[g]);
    shrunken += error * error;
    covered += std::abs(error) < 1.96 * result.standard_error[g];
  }
  EXPECT_LT(shrunken, raw / 2);
  EXPECT_NEAR(covered / 4000.0, 0.95, 0.02);
}

TEST(ShrinkProportions, EqualsAnIndependentSolutionOfKleinmansMoments) {
  for (const Json& c : GoldenCases("shrink_proportions")) {
    const ShrunkenEstimates result =
        ShrinkProportions(Numbers(c["successes"]), Numbers(c["trials"]));
    EXPECT_NEAR(result.prior_mean, c["prior_mean"], 1e-10);
    EXPECT_NEAR(result.prior_variance, c["prior_variance"], 1e-10);
    ExpectNear(result.mean, Numbers(c["mean"]), 1e-9);
    ExpectNear(result.standard_error, Numbers(c["sd"]), 1e-9);
  }
}

TEST(ShrinkProportions, DoesNotBelieveAPerfectScoreOfThree) {
  const ShrunkenEstimates result = ShrinkProportions(
      Values{3, 60, 55, 130, 70}, Values{3, 100, 100, 200, 100});
  EXPECT_LT(result.mean[0], 0.75);
  EXPECT_GT(result.standard_error[0], result.standard_error[3]);
}

TEST(ShrinkProportions, GivesGroupsWithoutTrialsThePrior) {
  const ShrunkenEstimates result =
      ShrinkProportions(Values{20, 0, 70, 10}, Values{50, 0, 100, 60});
  EXPECT_DOUBLE_EQ(result.mean[1], result.prior_mean);
  EXPECT_GE(result.standard_error[1], std::sqrt(result.prior_variance));
}

TEST(ShrinkProportions, IsNeverCertainWhenNothingOrEverythingSucceeded) {
  const ShrunkenEstimates none = ShrinkProportions(Values{0, 0}, Values{3, 9});
  const ShrunkenEstimates all = ShrinkProportions(Values{3, 9}, Values{3, 9});
  for (size_t g = 0; g < 2; ++g) {
    EXPECT_GT(none.mean[g], 0);
    EXPECT_LT(all.mean[g], 1);
    EXPECT_GT(none.standard_error[g], 0);
    EXPECT_NEAR(none.mean[g], 1 - all.mean[g], 1e-12);
  }
}

TEST(ShrinkProportions, SaysNothingWithoutAnyTrials) {
  const ShrunkenEstimates result =
      ShrinkProportions(Values{0, 0}, Values{0, 0});
  EXPECT_TRUE(std::isnan(result.prior_mean));
  EXPECT_TRUE(std::isnan(result.mean[0]));
}

TEST(Shrinkage, SaysWhatItFoundWhenCountsAreImpossible) {
  try {
    ShrinkProportions(Values{1, 5}, Values{3, 4});
    FAIL() << "accepted 5 of 4";
  } catch (const Error& error) {
    EXPECT_STREQ(error.what(),
                 "a proportion needs 0 <= successes <= trials, found 5 of 4 in "
                 "group 1");
  }
  try {
    ShrinkNormal(Values{0.5}, Values{});
    FAIL() << "accepted 0 standard errors";
  } catch (const Error& error) {
    EXPECT_STREQ(error.what(),
                 "shrinkage needs one entry a group, found 1 estimates and 0 "
                 "standard errors");
  }
}

// Against numerical integration; 100,000 draws, 4.5 standard errors.
TEST(ProbabilityOfExtreme, EqualsTheIntegral) {
  constexpr int kDraws = 100000;
  for (const Json& c : GoldenCases("probability_of_extreme")) {
    ShrunkenEstimates estimates;
    estimates.mean = Numbers(c["mean"]);
    estimates.standard_error = Numbers(c["sd"]);
    for (const bool largest : {true, false}) {
      const Values expected = Numbers(c[largest ? "largest" : "smallest"]);
      const Values found = ProbabilityOfExtreme(estimates, largest, 1, kDraws);
      for (size_t g = 0; g < expected.size(); ++g) {
        const double error =
            std::sqrt(expected[g] * (1 - expected[g]) / kDraws);
        EXPECT_NEAR(found[g], expected[g], 4.5 * error + 1e-6);
      }
      EXPECT_NEAR(std::accumulate(found.begin(), found.end(), 0.0), 1, 1e-9);
    }
  }
}

TEST(ProbabilityOfExtreme, IsSharedByGroupsThatTie) {
  ShrunkenEstimates estimates;
  estimates.mean = {0.5, kNan, 0.5, 0.7, 0.5};
  estimates.standard_error = {0, 0.1, 0, 0, 0};
  const Values smallest = ProbabilityOfExtreme(estimates, false, 1, 100);
  EXPECT_NEAR(smallest[0], 1 / 3.0, 1e-12);
  EXPECT_TRUE(std::isnan(smallest[1]));
  EXPECT_NEAR(smallest[2], 1 / 3.0, 1e-12);
  EXPECT_EQ(smallest[3], 0);
  EXPECT_EQ(ProbabilityOfExtreme(estimates, true, 1, 100)[3], 1);
}

// A group of three patients may have the worst raw value; it need not be the
// one most probably worst.
TEST(ProbabilityOfExtreme, DoesNotNameATinyGroupOnItsRawValueAlone) {
  const ShrunkenEstimates estimates =
      ShrinkProportions(Values{1, 400, 700, 690, 710, 705},
                        Values{3, 1000, 1000, 1000, 1000, 1000});
  const Values worst = ProbabilityOfExtreme(estimates, false, 1);
  EXPECT_GT(worst[1], worst[0]);
}

TEST(ProbabilityOfExtreme, RepeatsWithTheSeedAndChangesWithIt) {
  ShrunkenEstimates estimates;
  estimates.mean = {0.50, 0.52, 0.54, 0.51, 0.53};
  estimates.standard_error = {0.03, 0.03, 0.03, 0.03, 0.03};
  const Values first = ProbabilityOfExtreme(estimates, true, 7);
  EXPECT_EQ(first, ProbabilityOfExtreme(estimates, true, 7));
  EXPECT_NE(first, ProbabilityOfExtreme(estimates, true, 8));
}

}  // namespace
}  // namespace plumbline
