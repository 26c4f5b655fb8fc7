#include "plumbline/audit/group_comparison.h"

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

std::vector<const Estimate*> Pointers(const std::vector<Estimate>& estimates) {
  std::vector<const Estimate*> pointers;
  for (const Estimate& e : estimates) pointers.push_back(&e);
  return pointers;
}

LargestGap GapOf(const std::vector<Estimate>& estimates) {
  return FindLargestGap(*FindMetric("fnr"), Pointers(estimates), 0, {}, 1);
}

// The range of two normals is |N(0, sum of variances)|.
TEST(FindLargestGap, IsNearTheNormalIntervalForTwoGroups) {
  const LargestGap gap = GapOf({Rate(300, 1000), Rate(400, 1000)});
  EXPECT_NEAR(gap.gap.value, 0.10, 1e-12);
  EXPECT_NEAR(gap.gap.lo, 0.10 - 1.96 * 0.0213, 0.004);
  EXPECT_NEAR(gap.gap.hi, 0.10 + 1.96 * 0.0213, 0.004);
}

TEST(FindLargestGap, WidensWithTheNumberOfGroups) {
  const Estimate low = Rate(300, 1000);
  const Estimate middle = Rate(350, 1000);
  const Estimate high = Rate(400, 1000);
  const LargestGap two = GapOf({low, high});
  const LargestGap four = GapOf({low, middle, middle, high});
  EXPECT_EQ(two.gap.value, four.gap.value);
  EXPECT_LT(four.gap.lo, two.gap.lo);
  EXPECT_GT(four.gap.hi, two.gap.hi);
}

// What is printed side by side must not contradict itself.
TEST(FindLargestGap, HoldsZeroWheneverChanceExplainsIt) {
  for (int extra = 0; extra < 60; extra += 3) {
    const LargestGap gap =
        GapOf({Rate(300, 1000), Rate(300 + extra, 1000), Rate(6, 15)});
    EXPECT_EQ(gap.gap.p > 0.05, gap.gap.value <= gap.null.p95 + 1e-9);
    if (gap.gap.p > 0.05) {
      EXPECT_EQ(gap.gap.lo, 0);
    }
  }
}

TEST(FindLargestRatio, HoldsTheRatioOfTheExtremes) {
  const std::vector<Estimate> rates = {Rate(200, 1000), Rate(500, 1000)};
  const Comparison c = FindLargestRatio(Pointers(rates), {});
  EXPECT_NEAR(c.value, 2.5, 1e-12);
  EXPECT_GT(c.lo, 2.0);
  EXPECT_LT(c.hi, 3.1);
}

TEST(FindLargestRatio, ToZeroSaysNothing) {
  const std::vector<Estimate> rates = {Rate(0, 50), Rate(5, 50)};
  EXPECT_TRUE(std::isnan(FindLargestRatio(Pointers(rates), {}).value));
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
