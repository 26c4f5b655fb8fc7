#include "plumbline/face/statistics/group_tests.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "plumbline/base/error.h"
#include "plumbline/base/random.h"

namespace plumbline::face {
namespace {

RateEstimate Rate(double value) {
  return {.value = value,
          .lo = value / 2,
          .hi = value * 2,
          .variance = 1e-6,
          .n = 10'000,
          .events = 100};
}

std::vector<double> NormalReplicates(const std::vector<RateEstimate>& rates) {
  std::vector<double> replicates;
  RandomStream random(5, "group_tests_test");
  for (int b = 0; b < 4000; ++b) {
    for (const RateEstimate& rate : rates) {
      replicates.push_back(rate.value + 1e-3 * random.NextNormal());
    }
  }
  return replicates;
}

// Three independent normal rates: the statistic is chi-squared with two degrees
// of freedom, P(Q >= 6) = exp(-3) = 0.0498.
TEST(TestEqualRates, HasTheChiSquaredDistributionForNormalRates) {
  const double shift = std::sqrt(3.0) * 1e-3;
  const std::vector<RateEstimate> rates = {Rate(0.01 - shift), Rate(0.01),
                                           Rate(0.01 + shift)};
  const OmnibusTest test = TestEqualRates(rates, NormalReplicates(rates));
  EXPECT_NEAR(test.statistic, 6, 1e-9);
  EXPECT_NEAR(test.p, std::exp(-3.0), 0.015);
}

TEST(TestEqualRates, NeedsTwoGroupsWithErrors) {
  std::vector<RateEstimate> rates = {Rate(0.01), Rate(0.02)};
  rates[1].events = 0;
  EXPECT_TRUE(std::isnan(TestEqualRates(rates, {}).p));
}

TEST(TestEquivalence, IsShownOnlyWithinTheLimit) {
  RatioEstimate ratio{.value = 1.1, .log_standard_error = 0.05};
  EXPECT_TRUE(TestEquivalence(ratio, 1.5, 0.95).shown);
  ratio.log_standard_error = 0.3;
  EXPECT_FALSE(TestEquivalence(ratio, 1.5, 0.95).shown);
  ratio.value = NAN;
  EXPECT_FALSE(TestEquivalence(ratio, 1.5, 0.95).shown);
  EXPECT_THROW(TestEquivalence(ratio, 1, 0.95), Error);
}

}  // namespace
}  // namespace plumbline::face
