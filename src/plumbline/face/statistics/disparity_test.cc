#include "plumbline/face/statistics/disparity.h"

#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <vector>

namespace plumbline::face {
namespace {

double Of(const std::string& name, const std::vector<double>& rates) {
  return FindDisparityMeasure(name)->value(rates);
}

double Of(const std::string& name, const std::vector<double>& fmr,
          const std::vector<double>& fnmr) {
  for (const CompositeMeasure& measure : CompositeMeasures()) {
    if (name == measure.name) return measure.value(fmr, fnmr, 0.5);
  }
  return NAN;
}

// Counts of false matches and false non-matches of 23,064 scores on RFW pairs
// at FMR 0.01 and 0.1 (African, Asian, Caucasian, Indian), and the summaries
// computed from them with numpy.
const std::vector<double> kFmr1 = {71 / 2703.0, 20 / 3007.0, 9 / 2985.0,
                                   15 / 2836.0};
const std::vector<double> kFnmr1 = {583 / 2702.0, 952 / 3009.0, 740 / 2985.0,
                                    656 / 2837.0};
const std::vector<double> kFmr10 = {502 / 2703.0, 209 / 3007.0, 206 / 2985.0,
                                    236 / 2836.0};
const std::vector<double> kFnmr10 = {177 / 2702.0, 341 / 3009.0, 241 / 2985.0,
                                     234 / 2837.0};

TEST(Disparity, EqualsTheSummariesOfTheRfwScores) {
  EXPECT_NEAR(Of("max_min", kFmr1), 8.71193, 5e-6);
  EXPECT_NEAR(Of("max_min", kFnmr1), 1.46633, 5e-6);
  EXPECT_NEAR(Of("max_geomean", kFmr1), 3.61547, 5e-6);
  EXPECT_NEAR(Of("max_geomean", kFnmr1), 1.26498, 5e-6);
  EXPECT_NEAR(Of("gini", kFmr1), 0.575076, 5e-7);
  EXPECT_NEAR(Of("gini", kFnmr1), 0.104992, 5e-7);
  EXPECT_NEAR(Of("garbe", kFmr1, kFnmr1), 0.340034, 5e-7);
  EXPECT_NEAR(Of("fdr", kFmr1, kFnmr1), 0.938065, 5e-7);
  EXPECT_NEAR(Of("ir", kFmr1, kFnmr1), 3.57415, 5e-6);
  EXPECT_NEAR(Of("max_min", kFmr10), 2.69113, 5e-6);
  EXPECT_NEAR(Of("max_geomean", kFnmr10), 1.35151, 5e-6);
  EXPECT_NEAR(Of("gini", kFmr10), 0.297651, 5e-7);
  EXPECT_NEAR(Of("garbe", kFmr10, kFnmr10), 0.219576, 5e-7);
  EXPECT_NEAR(Of("fdr", kFmr10, kFnmr10), 0.917736, 5e-7);
  EXPECT_NEAR(Of("ir", kFmr10, kFnmr10), 2.15769, 5e-6);
}

// Linghu et al. 2024 print 1.6477 for ratios of 2.5718 and 1.0557 to the
// geometric mean.
TEST(Disparity, WermIsTheProductOfTheRootsOfBothRatios) {
  const auto pair_with_ratio = [](double ratio) {
    // max / sqrt(max * min) = ratio.
    return std::vector<double>{ratio * ratio * 1e-3, 1e-3};
  };
  EXPECT_NEAR(Of("werm", pair_with_ratio(2.5718), pair_with_ratio(1.0557)),
              1.6477, 5e-5);
}

TEST(Disparity, EqualRatesGiveTheNeutralValue) {
  const std::vector<double> equal = {0.02, 0.02, 0.02};
  for (const DisparityMeasure& measure : DisparityMeasures()) {
    EXPECT_NEAR(measure.value(equal), measure.neutral, 1e-12) << measure.name;
  }
  for (const CompositeMeasure& measure : CompositeMeasures()) {
    EXPECT_NEAR(measure.value(equal, equal, 0.5), measure.neutral, 1e-12)
        << measure.name;
  }
}

TEST(Disparity, RatiosToARateOfZeroAreNotDefined) {
  const std::vector<double> rates = {0.01, 0, 0.02};
  for (const char* name : {"max_min", "max_geomean", "log10_range"}) {
    EXPECT_TRUE(std::isnan(Of(name, rates))) << name;
  }
  EXPECT_EQ(Of("atkinson", rates), 1);
  EXPECT_NEAR(Of("difference", rates), 0.02, 1e-15);
  EXPECT_TRUE(std::isfinite(Of("theil", rates)));
}

TEST(Disparity, OneGroupWithAllErrorsHasTheLargestGini) {
  EXPECT_NEAR(Of("gini", std::vector<double>{0, 0, 0, 0.3}), 1, 1e-12);
}

// numpy: x = [.01, .02, .06]; theil = mean(x/m*log(x/m)), cv = std/mean, ...
TEST(Disparity, EqualsNumpyOnThreeRates) {
  const std::vector<double> rates = {0.01, 0.02, 0.06};
  EXPECT_NEAR(Of("theil", rates), 0.24992673, 1e-7);
  EXPECT_NEAR(Of("cv", rates), 0.72008230, 1e-7);
  EXPECT_NEAR(Of("ge2", rates), 0.25925926, 1e-7);
  EXPECT_NEAR(Of("atkinson", rates), 0.23685717, 1e-7);
  EXPECT_NEAR(Of("log10_sd", rates), 0.32037879, 1e-7);
  EXPECT_NEAR(Of("max_mean", rates), 2, 1e-12);
  EXPECT_NEAR(Of("max_median", rates), 3, 1e-12);
}

}  // namespace
}  // namespace plumbline::face
