#include "plumbline/face/statistics/weighted_disparity.h"

#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <vector>

#include "plumbline/face/statistics/disparity.h"

namespace plumbline::face {
namespace {

double Of(const std::string& name, const std::vector<double>& rates,
          const std::vector<double>& weights) {
  for (const WeightedMeasure& measure : WeightedMeasures()) {
    if (name == measure.name) return measure.value(rates, weights);
  }
  return NAN;
}

TEST(WeightedDisparity, EqualWeightsGiveTheMeasureWithoutWeights) {
  const std::vector<double> rates = {0.003, 0.0011, 0.0104, 0.0002};
  const std::vector<double> equal(4, 0.25);
  for (const WeightedMeasure& measure : WeightedMeasures()) {
    const std::string plain =
        std::string(measure.name).substr(std::string("weighted_").size());
    ASSERT_NE(FindDisparityMeasure(plain), nullptr) << plain;
    EXPECT_NEAR(measure.value(rates, equal),
                FindDisparityMeasure(plain)->value(rates), 1e-12)
        << plain;
  }
}

// 2/3 and 1/3 are as three groups of equal weight, two of which have one rate.
// Gini differs: there one group has three pairs with itself.
TEST(WeightedDisparity, AGroupOfTwiceTheWeightCountsTwice) {
  const std::vector<double> rates = {0.01, 0.04};
  const std::vector<double> weights = {2.0 / 3, 1.0 / 3};
  const std::vector<double> thrice = {0.01, 0.01, 0.04};
  for (const char* name : {"max_geomean", "max_mean", "theil", "ge2", "cv",
                           "atkinson", "log10_sd"}) {
    EXPECT_NEAR(Of(std::string("weighted_") + name, rates, weights),
                FindDisparityMeasure(name)->value(thrice), 1e-12)
        << name;
  }
  // 2 * 2/9 * 0.03 / (2 * 0.02 * 4/9)
  EXPECT_NEAR(Of("weighted_gini", rates, weights), 0.75, 1e-12);
}

TEST(WeightedDisparity, EqualRatesGiveTheNeutralValue) {
  for (const WeightedMeasure& measure : WeightedMeasures()) {
    EXPECT_NEAR(measure.value(std::vector<double>{0.2, 0.2, 0.2},
                              std::vector<double>{0.5, 0.2, 0.3}),
                measure.neutral, 1e-7)
        << measure.name;
  }
}

TEST(WeightedDisparity, RatiosToARateOfZeroAreNotDefined) {
  const std::vector<double> weights = {0.5, 0.5};
  EXPECT_TRUE(std::isnan(Of("weighted_max_geomean", {0, 0.1}, weights)));
  EXPECT_TRUE(std::isnan(Of("weighted_log10_sd", {0, 0.1}, weights)));
  EXPECT_EQ(Of("weighted_atkinson", {0, 0.1}, weights), 1);
  EXPECT_EQ(Of("weighted_gini", {0, 0}, weights), 0);
}

}  // namespace
}  // namespace plumbline::face
