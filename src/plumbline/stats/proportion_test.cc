#include "plumbline/stats/proportion.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "plumbline/base/test_support.h"
#include "plumbline/stats/golden_intervals_for_test.h"

namespace plumbline {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

void ExpectLimits(const Interval& found, const Json& expected,
                  double tolerance) {
  EXPECT_NEAR(found.lo, expected[0],
              tolerance * std::max(1.0, std::abs(found.lo)));
  if (expected[1].is_null()) {
    EXPECT_EQ(found.hi, kInfinity);
  } else {
    EXPECT_NEAR(found.hi, expected[1],
                tolerance * std::max(1.0, std::abs(found.hi)));
  }
}

void ExpectPublished(const Interval& found, double lo, double hi) {
  EXPECT_NEAR(found.lo, lo, 5e-5);
  EXPECT_NEAR(found.hi, hi, 5e-5);
}

// Newcombe 1998a, table I, methods 3 and 5 at 95 %.
TEST(WilsonInterval, EqualsThePublishedExamples) {
  ExpectPublished(WilsonInterval(81, 263), 0.2553, 0.3662);
  ExpectPublished(WilsonInterval(15, 148), 0.0624, 0.1605);
  ExpectPublished(WilsonInterval(0, 20), 0, 0.1611);
  ExpectPublished(WilsonInterval(1, 29), 0.0061, 0.1718);
}

TEST(ClopperPearsonInterval, EqualsThePublishedExamples) {
  ExpectPublished(ClopperPearsonInterval(81, 263), 0.2527, 0.3676);
  ExpectPublished(ClopperPearsonInterval(15, 148), 0.0578, 0.1617);
  ExpectPublished(ClopperPearsonInterval(0, 20), 0, 0.1684);
  ExpectPublished(ClopperPearsonInterval(1, 29), 0.0009, 0.1776);
}

TEST(OneProportion, EqualsStatsmodels) {
  for (const Json& row : IntervalsGolden("proportions", "one")) {
    SCOPED_TRACE(row.dump());
    const ProportionOptions options{.level = row["level"]};
    ExpectLimits(WilsonInterval(row["x"], row["n"], options), row["wilson"],
                 1e-13);
    ExpectLimits(ClopperPearsonInterval(row["x"], row["n"], options),
                 row["exact"], 1e-12);
  }
}

TEST(OneProportion, DividesBothCountsByTheDesignEffect) {
  for (const Json& row : IntervalsGolden("proportions", "clustered")) {
    SCOPED_TRACE(row.dump());
    const ProportionOptions options{.design_effect = row["design_effect"]};
    ExpectLimits(WilsonInterval(row["x"], row["n"], options), row["wilson"],
                 1e-13);
    ExpectLimits(ClopperPearsonInterval(row["x"], row["n"], options),
                 row["exact"], 1e-12);
  }
}

TEST(OneProportion, ReachesExactlyTheEndsAndNeverPassesThem) {
  for (int n = 1; n < 200; ++n) {
    for (const auto interval : {WilsonInterval, ClopperPearsonInterval}) {
      const Interval none = interval(0, n, {});
      const Interval all = interval(n, n, {});
      EXPECT_EQ(none.lo, 0);
      EXPECT_EQ(all.hi, 1);
      EXPECT_GT(none.hi, 0);
      EXPECT_LT(all.lo, 1);
      EXPECT_NEAR(none.hi, 1 - all.lo, 1e-12);
    }
  }
}

// What "exact" promises: at least 95 % of samples, whatever the truth.
TEST(ClopperPearsonInterval, CoversAtLeastItsLevelForEveryTruth) {
  constexpr int kTrials = 30;
  for (double p = 0.005; p < 1; p += 0.01) {
    double covered = 0;
    double mass = std::pow(1 - p, kTrials);
    for (int x = 0; x <= kTrials; ++x) {
      const Interval interval = ClopperPearsonInterval(x, kTrials);
      if (interval.lo <= p && p <= interval.hi) covered += mass;
      mass *= (kTrials - x) / (x + 1.0) * p / (1 - p);
    }
    EXPECT_GE(covered, 0.95) << "p = " << p;
  }
}

TEST(OneProportion, SaysWhatItFoundWhenTheCountsAreImpossible) {
  EXPECT_EQ(ErrorText([] { WilsonInterval(5, 3); }),
            "3: a proportion needs 0 <= successes <= trials and trials > 0, "
            "found 5 of 3");
  EXPECT_EQ(ErrorText([] { ClopperPearsonInterval(0, 0); }),
            "3: a proportion needs 0 <= successes <= trials and trials > 0, "
            "found 0 of 0");
  EXPECT_EQ(ErrorText([] { KoopmanRatio(1, 2, -1, 2); }),
            "3: a proportion needs 0 <= successes <= trials and trials > 0, "
            "found -1 of 2");
  EXPECT_EQ(ErrorText([] { WilsonInterval(1, 3, {.design_effect = 0}); }),
            "3: a design effect must be a number above 0, found 0");
}

Interval Newcombe(int a, int trials_a, int b, int trials_b) {
  return NewcombeDifference(WilsonInterval(a, trials_a),
                            WilsonInterval(b, trials_b));
}

// Newcombe 1998b, table II, method 10, contrasts (a) to (h) at 95 %.
TEST(ShareIntervals, AreThoseOfCountsForCounts) {
  for (const int successes : {0, 1, 7, 20}) {
    for (const double effect : {1.0, 2.5}) {
      const Interval counts = WilsonInterval(successes, 20, {0.9, effect});
      const Interval share =
          WilsonIntervalOfShare(successes / 20.0, 20 / effect, 0.9);
      EXPECT_EQ(share.value, counts.value);
      EXPECT_EQ(share.lo, counts.lo);
      EXPECT_EQ(share.hi, counts.hi);
      const Interval ratio = KoopmanRatio(successes, 20, 9, 30, {0.9, effect});
      const Interval of_shares = KoopmanRatioOfShares(
          successes / 20.0, 20 / effect, 0.3, 30 / effect, 0.9);
      EXPECT_NEAR(of_shares.value, ratio.value, 1e-12);
      EXPECT_NEAR(of_shares.lo, ratio.lo, 1e-10);
      EXPECT_NEAR(of_shares.hi, ratio.hi, 1e-10);
    }
  }
}

TEST(ShareIntervals, NeedAShareAndTrials) {
  EXPECT_THROW(WilsonIntervalOfShare(1.1, 20, 0.95), Error);
  EXPECT_THROW(WilsonIntervalOfShare(0.5, 0, 0.95), Error);
  EXPECT_THROW(KoopmanRatioOfShares(0.5, 20, -0.1, 20, 0.95), Error);
}

TEST(NewcombeDifference, EqualsThePublishedExamples) {
  ExpectPublished(Newcombe(56, 70, 48, 80), 0.0524, 0.3339);
  ExpectPublished(Newcombe(9, 10, 3, 10), 0.1705, 0.8090);
  ExpectPublished(Newcombe(6, 7, 2, 7), 0.0582, 0.8062);
  ExpectPublished(Newcombe(5, 56, 0, 29), -0.0381, 0.1926);
  ExpectPublished(Newcombe(0, 10, 0, 20), -0.1611, 0.2775);
  ExpectPublished(Newcombe(0, 10, 0, 10), -0.2775, 0.2775);
  ExpectPublished(Newcombe(10, 10, 0, 20), 0.6791, 1.0000);
  ExpectPublished(Newcombe(10, 10, 0, 10), 0.6075, 1.0000);
}

// Koopman 1984, section 4: 36 of 40 against 16 of 80 at 95 %.
TEST(KoopmanRatio, EqualsThePublishedExample) {
  const Interval ratio = KoopmanRatio(36, 40, 16, 80);
  EXPECT_NEAR(ratio.value, 4.5, 1e-12);
  EXPECT_NEAR(ratio.lo, 2.94, 5e-3);
  EXPECT_NEAR(ratio.hi, 7.15, 5e-3);
}

TEST(TwoProportions, EqualStatsmodelsAndTheScoreEquation) {
  for (const Json& row : IntervalsGolden("proportions", "two")) {
    SCOPED_TRACE(row.dump());
    const ProportionOptions options{.level = row["level"]};
    const int64_t x_a = row["a"][0], n_a = row["a"][1];
    const int64_t x_b = row["b"][0], n_b = row["b"][1];
    ExpectLimits(NewcombeDifference(WilsonInterval(x_a, n_a, options),
                                    WilsonInterval(x_b, n_b, options)),
                 row["newcombe"], 1e-13);
    ExpectLimits(KoopmanRatio(x_a, n_a, x_b, n_b, options), row["koopman"],
                 1e-10);
  }
}

TEST(KoopmanRatio, IsTheReciprocalWhenTheSamplesChangePlaces) {
  const Interval ratio = KoopmanRatio(5, 56, 9, 29);
  const Interval inverse = KoopmanRatio(9, 29, 5, 56);
  EXPECT_NEAR(ratio.lo, 1 / inverse.hi, 1e-12);
  EXPECT_NEAR(ratio.hi, 1 / inverse.lo, 1e-12);
}

TEST(KoopmanRatio, NeverTakesNothingForEqual) {
  const Interval none_in_a = KoopmanRatio(0, 20, 4, 30);
  EXPECT_EQ(none_in_a.value, 0);
  EXPECT_EQ(none_in_a.lo, 0);
  EXPECT_GT(none_in_a.hi, 0);
  const Interval none_in_b = KoopmanRatio(6, 20, 0, 15);
  EXPECT_EQ(none_in_b.value, kInfinity);
  EXPECT_EQ(none_in_b.hi, kInfinity);
  EXPECT_GT(none_in_b.lo, 0);
  const Interval none = KoopmanRatio(0, 20, 0, 15);
  EXPECT_TRUE(std::isnan(none.value));
  EXPECT_EQ(none.lo, 0);
  EXPECT_EQ(none.hi, kInfinity);
}

TEST(KoopmanRatio, HoldsTheEstimateForEveryPairOfSmallSamples) {
  for (int n_a : {1, 2, 7, 12}) {
    for (int n_b : {1, 3, 11}) {
      for (int a = 0; a <= n_a; ++a) {
        for (int b = a == 0 ? 1 : 0; b <= n_b; ++b) {
          const Interval ratio = KoopmanRatio(a, n_a, b, n_b);
          EXPECT_LE(ratio.lo, ratio.value);
          EXPECT_LE(ratio.value, ratio.hi);
          EXPECT_LT(ratio.lo, ratio.hi);
        }
      }
    }
  }
}

TEST(KoopmanRatio, WidensWithTheDesignEffectAsWithFewerTrials) {
  const Interval clustered = KoopmanRatio(40, 100, 20, 80, {0.95, 4});
  const Interval fewer = KoopmanRatio(10, 25, 5, 20);
  EXPECT_NEAR(clustered.lo, fewer.lo, 1e-12);
  EXPECT_NEAR(clustered.hi, fewer.hi, 1e-12);
}

// scipy 1.10.1, fisher_exact([[a, n_a - a], [b, n_b - b]]).
TEST(FisherExact, EqualsScipy) {
  EXPECT_DOUBLE_EQ(FisherExactP(0, 6, 24, 209), 1);
  EXPECT_NEAR(FisherExactP(3, 10, 1, 12), 0.29323308270676685, 1e-13);
  EXPECT_NEAR(FisherExactP(8, 14, 1, 15), 0.005197401299350325, 1e-13);
  EXPECT_NEAR(FisherExactP(5, 5, 0, 5), 0.007936507936507938, 1e-13);
  EXPECT_DOUBLE_EQ(FisherExactP(1, 50, 30, 1000), 1);
  EXPECT_NEAR(FisherExactP(2, 3, 50, 60), 0.4434791367631135, 1e-13);
}

TEST(FisherExact, DoesNotDependOnTheOrder) {
  EXPECT_NEAR(FisherExactP(8, 14, 1, 15), FisherExactP(1, 15, 8, 14), 1e-14);
  EXPECT_NEAR(FisherExactP(8, 14, 1, 15), FisherExactP(6, 14, 14, 15), 1e-14);
}

TEST(FisherExact, EndsWell) {
  EXPECT_DOUBLE_EQ(FisherExactP(0, 4, 0, 9), 1);
  EXPECT_DOUBLE_EQ(FisherExactP(7, 7, 7, 7), 1);
  EXPECT_DOUBLE_EQ(FisherExactP(0, 0, 3, 7), 1);
  const double p = FisherExactP(400'000, 400'000, 0, 400'000);
  EXPECT_TRUE(p >= 0 && p < 1e-100) << p;
}

}  // namespace
}  // namespace plumbline
