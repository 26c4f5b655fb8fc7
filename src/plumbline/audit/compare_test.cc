#include "plumbline/audit/compare.h"

#include <gtest/gtest.h>

#include <cmath>

#include "plumbline/stats/proportion.h"

namespace plumbline {
namespace {

Estimate Rate(int64_t events, int64_t n) {
  const Interval interval = WilsonInterval(events, n);
  Estimate e;
  e.value = interval.value;
  e.lo = interval.lo;
  e.hi = interval.hi;
  e.standard_error = (interval.hi - interval.lo) / (2 * 1.959963985);
  e.n = n;
  e.events = events;
  return e;
}

// Newcombe 1998b, table II, contrast (a).
TEST(Difference, OfRatesIsNewcombes) {
  const Comparison c =
      Difference(*FindMetric("fnr"), Rate(56, 70), Rate(48, 80), {});
  EXPECT_NEAR(c.lo, 0.0524, 5e-5);
  EXPECT_NEAR(c.hi, 0.3339, 5e-5);
  EXPECT_STREQ(c.method, "newcombe");
  // Pooled score test: 0.2 / sqrt(.6933 * .3067 * (1 / 70 + 1 / 80)).
  EXPECT_NEAR(c.p, 0.00803, 5e-5);
}

TEST(Difference, OfEqualRatesHasNoEvidence) {
  const Comparison c =
      Difference(*FindMetric("fnr"), Rate(0, 40), Rate(0, 50), {});
  EXPECT_EQ(c.value, 0);
  EXPECT_EQ(c.p, 1);
  EXPECT_LT(c.lo, -0.05);
  EXPECT_GT(c.hi, 0.05);
}

TEST(RatioOf, ARateToZeroIsNotAFiniteRatio) {
  const Comparison c =
      RatioOf(*FindMetric("fnr"), Rate(5, 40), Rate(0, 50), {});
  EXPECT_TRUE(std::isinf(c.value));
  EXPECT_GT(c.lo, 0);
}

TEST(LargestOfPairs, IsTheNormalIntervalForTwoGroups) {
  const double values[] = {0.30, 0.40};
  const double errors[] = {0.03, 0.04};
  const Comparison c = LargestOfPairs(values, errors, false, 0.95);
  EXPECT_NEAR(c.value, 0.10, 1e-12);
  EXPECT_NEAR(c.lo, 0.10 - 1.959964 * 0.05, 1e-5);
  EXPECT_NEAR(c.hi, 0.10 + 1.959964 * 0.05, 1e-5);
}

TEST(LargestOfPairs, WidensWithTheNumberOfGroups) {
  const double values[] = {0.30, 0.40, 0.35, 0.36};
  const double errors[] = {0.03, 0.03, 0.03, 0.03};
  const Comparison two =
      LargestOfPairs(std::span(values, 2), std::span(errors, 2), false, 0.95);
  const Comparison four = LargestOfPairs(values, errors, false, 0.95);
  EXPECT_EQ(two.value, four.value);
  EXPECT_LT(four.lo, two.lo + 1e-12);
  EXPECT_GT(four.hi, two.hi);
}

TEST(LargestOfPairs, OnTheLogScaleIsTheRatio) {
  const double values[] = {0.2, 0.5};
  const double errors[] = {0.01, 0.01};
  const Comparison c = LargestOfPairs(values, errors, true, 0.95);
  EXPECT_NEAR(c.value, 2.5, 1e-12);
  EXPECT_GT(c.lo, 2.0);
}

TEST(FindWorst, DoesNotBlameATinyGroupForNoise) {
  const Estimate large = Rate(300, 1000);
  const Estimate worse = Rate(380, 1000);
  const Estimate tiny = Rate(6, 12);
  const WorstGroup worst =
      FindWorst(*FindMetric("fnr"), {&large, &worse, &tiny}, {}, 0);
  EXPECT_EQ(worst.best, 0);
  EXPECT_GT(worst.probability, 0);
  EXPECT_LT(worst.probability, 1);
  const Estimate large_and_worst = Rate(500, 1000);
  EXPECT_EQ(
      FindWorst(*FindMetric("fnr"), {&large, &large_and_worst, &tiny}, {}, 0)
          .index,
      1);
}

TEST(FindWorst, FollowsTheDirectionOfTheMetric) {
  const Estimate low = Rate(100, 1000);
  const Estimate high = Rate(900, 1000);
  EXPECT_EQ(FindWorst(*FindMetric("fnr"), {&low, &high}, {}, 0).index, 1);
  EXPECT_EQ(FindWorst(*FindMetric("sensitivity"), {&low, &high}, {}, 0).index,
            0);
  EXPECT_EQ(
      FindWorst(*FindMetric("selection_rate"), {&low, &high}, {}, 0).index, -1);
}

}  // namespace
}  // namespace plumbline
