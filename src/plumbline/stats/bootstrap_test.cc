#include "plumbline/stats/bootstrap.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <numeric>

#include "plumbline/base/test_support.h"
#include "plumbline/stats/golden_intervals_for_test.h"

namespace plumbline {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

TEST(SortedQuantile, InterpolatesBetweenNeighbours) {
  const std::vector<double> sorted{1, 2, 4, 8};
  EXPECT_EQ(SortedQuantile(sorted, 0), 1);
  EXPECT_EQ(SortedQuantile(sorted, 1), 8);
  EXPECT_EQ(SortedQuantile(sorted, 0.5), 3);
  EXPECT_NEAR(SortedQuantile(sorted, 0.9), 4 + 0.7 * 4, 1e-12);
  EXPECT_EQ(SortedQuantile(std::vector<double>{5}, 0.3), 5);
  EXPECT_TRUE(std::isnan(SortedQuantile({}, 0.5)));
  EXPECT_EQ(SortedQuantile(std::vector<double>{1, kInfinity, kInfinity}, 0.8),
            kInfinity);
}

TEST(BootstrapIntervals, EqualAnIndependentComputation) {
  for (const Json& row : IntervalsGolden("bootstrap")) {
    const std::vector<double> replicates = Doubles(row["replicates"]);
    const BootstrapSummary percentile =
        PercentileInterval(row["estimate"], replicates, row["level"]);
    EXPECT_NEAR(percentile.interval.lo, row["percentile"][0], 1e-13);
    EXPECT_NEAR(percentile.interval.hi, row["percentile"][1], 1e-13);
    EXPECT_NEAR(percentile.standard_error, row["standard_error"], 1e-13);
    EXPECT_EQ(percentile.interval.value, row["estimate"]);
    const BootstrapSummary bca = BcaInterval(
        row["estimate"], replicates, Doubles(row["jackknife"]), row["level"]);
    EXPECT_NEAR(bca.interval.lo, row["bca"][0], 1e-11);
    EXPECT_NEAR(bca.interval.hi, row["bca"][1], 1e-11);
  }
}

std::vector<double> OneTo(int count) {
  std::vector<double> values(count);
  std::iota(values.begin(), values.end(), 1.0);
  return values;
}

TEST(PercentileInterval, CountsUndefinedReplicatesAndLeavesThemOut) {
  std::vector<double> replicates = OneTo(99);
  replicates.push_back(kNaN);
  const BootstrapSummary summary = PercentileInterval(50, replicates);
  EXPECT_EQ(summary.defined, 99);
  EXPECT_EQ(summary.replicates, 100);
  EXPECT_EQ(summary.interval.lo, PercentileInterval(50, OneTo(99)).interval.lo);
}

TEST(PercentileInterval, GivesNoLimitsWhenTooFewReplicatesAreDefined) {
  std::vector<double> replicates = OneTo(94);
  replicates.resize(100, kNaN);
  const BootstrapSummary summary = PercentileInterval(50, replicates);
  EXPECT_EQ(summary.interval.value, 50);
  EXPECT_TRUE(std::isnan(summary.interval.lo));
  EXPECT_TRUE(std::isnan(summary.interval.hi));
  EXPECT_GT(summary.standard_error, 0);
  EXPECT_FALSE(
      std::isnan(PercentileInterval(50, replicates, 0.95, 0.9).interval.lo));
  EXPECT_TRUE(std::isnan(PercentileInterval(50, {}).interval.lo));
  EXPECT_TRUE(std::isnan(PercentileInterval(kNaN, OneTo(100)).interval.lo));
}

TEST(PercentileInterval, KeepsInfiniteReplicatesInTheirPlace) {
  std::vector<double> replicates = OneTo(95);
  replicates.resize(100, kInfinity);
  const BootstrapSummary summary = PercentileInterval(50, replicates, 0.95);
  EXPECT_EQ(summary.interval.hi, kInfinity);
  EXPECT_EQ(summary.standard_error, kInfinity);
  EXPECT_EQ(summary.defined, 100);
  EXPECT_LT(PercentileInterval(50, replicates, 0.8).interval.hi, 95);
}

TEST(BcaInterval, IsThePercentileIntervalWithoutBiasOrSkewness) {
  const std::vector<double> replicates = OneTo(999);
  const BootstrapSummary bca = BcaInterval(500, replicates, OneTo(21));
  const BootstrapSummary percentile = PercentileInterval(500, replicates);
  EXPECT_NEAR(bca.interval.lo, percentile.interval.lo, 1e-9);
  EXPECT_NEAR(bca.interval.hi, percentile.interval.hi, 1e-9);
}

TEST(BcaInterval, ShrinksToThePointWhenNothingVaries) {
  const std::vector<double> constant(100, 0.25);
  const BootstrapSummary summary = BcaInterval(0.25, constant, constant);
  EXPECT_EQ(summary.interval.lo, 0.25);
  EXPECT_EQ(summary.interval.hi, 0.25);
  EXPECT_EQ(summary.standard_error, 0);
}

TEST(BcaInterval, GivesNoLimitsWhereTheCorrectionIsNotDefined) {
  const std::vector<double> replicates = OneTo(100);
  EXPECT_TRUE(std::isnan(BcaInterval(200, replicates, OneTo(20)).interval.lo));
  EXPECT_TRUE(std::isnan(BcaInterval(0, replicates, OneTo(20)).interval.hi));
  EXPECT_TRUE(std::isnan(
      BcaInterval(50, replicates, std::vector<double>{1, kNaN}).interval.lo));
}

TEST(BootstrapIntervals, RefuseALevelThatIsNone) {
  EXPECT_EQ(ErrorText([] { PercentileInterval(1, OneTo(9), 95); }),
            "2: the level of an interval must lie between 0 and 1, found 95; "
            "write 0.95 for 95 %");
  EXPECT_EQ(ErrorText([] { BcaInterval(1, OneTo(9), OneTo(9), 1); }),
            "2: the level of an interval must lie between 0 and 1, found 1; "
            "write 0.95 for 95 %");
}

TEST(ResampleCells, IsAFunctionOfItsArguments) {
  const std::vector<int64_t> counts{5, 0, 1000, 70, 123456789};
  std::vector<int64_t> a(5), b(5), other_replicate(5), other_key(5);
  ResampleCells(counts, {1, 2}, 7, a);
  ResampleCells(counts, {1, 2}, 7, b);
  ResampleCells(counts, {1, 2}, 8, other_replicate);
  ResampleCells(counts, {1, 3}, 7, other_key);
  EXPECT_EQ(a, b);
  EXPECT_NE(a, other_replicate);
  EXPECT_NE(a, other_key);
  EXPECT_EQ(a[1], 0);
}

// 4000 replicates; bounds are 5 standard errors.
TEST(ResampleCells, HasThePoissonMeanVarianceAndIndependence) {
  const std::vector<int64_t> counts{3, 400};
  constexpr int kReplicates = 4000;
  std::vector<int64_t> resampled(2);
  double sum[2] = {}, squares[2] = {}, product = 0;
  for (int i = 0; i < kReplicates; ++i) {
    ResampleCells(counts, StreamKey(4, "test"), i, resampled);
    double z[2];
    for (int cell = 0; cell < 2; ++cell) {
      const auto mean = static_cast<double>(counts[cell]);
      z[cell] = (static_cast<double>(resampled[cell]) - mean) / std::sqrt(mean);
      sum[cell] += z[cell];
      squares[cell] += z[cell] * z[cell];
    }
    product += z[0] * z[1];
  }
  const double error = 1 / std::sqrt(kReplicates);
  for (int cell = 0; cell < 2; ++cell) {
    EXPECT_NEAR(sum[cell] / kReplicates, 0, 5 * error);
    EXPECT_NEAR(squares[cell] / kReplicates, 1,
                5 * error * std::sqrt(2 + 1.0 / counts[cell]));
  }
  EXPECT_NEAR(product / kReplicates, 0, 5 * error);
}

TEST(ResampleCells, SaysWhichCellIsImpossible) {
  std::vector<int64_t> resampled(2);
  EXPECT_EQ(ErrorText([&] {
              ResampleCells(std::vector<int64_t>{4, -3}, {}, 0, resampled);
            }),
            "3: a cell cannot hold -3 rows (cell 1, counted from 0)");
  EXPECT_EQ(ErrorText([&] {
              ResampleCells(std::vector<int64_t>{4}, {}, 0, resampled);
            }),
            "3: there must be room for 1 resampled cells, found 2");
}

}  // namespace
}  // namespace plumbline
