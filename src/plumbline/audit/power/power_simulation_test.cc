// The planned sizes, tried out on drawn studies.
#include <gtest/gtest.h>

#include <cmath>

#include "plumbline/audit/power/power_plan.h"
#include "plumbline/base/random.h"
#include "plumbline/stats/normal.h"
#include "plumbline/stats/proportion.h"

namespace plumbline {
namespace {

// Studies in which Newcombe's interval shows the difference.
double Simulated(double p_a, double p_b, int64_t n, double level, int studies) {
  RandomStream random(1, "power simulation");
  int shown = 0;
  for (int i = 0; i < studies; ++i) {
    const Interval a =
        WilsonInterval(random.NextBinomial(n, p_a), n, {.level = level});
    const Interval b =
        WilsonInterval(random.NextBinomial(n, p_b), n, {.level = level});
    shown += NewcombeDifference(b, a).lo > 0;
  }
  return static_cast<double>(shown) / studies;
}

constexpr int kStudies = 20000;
// 3.3 standard errors at 0.8.
const double kSlack = 3.3 * std::sqrt(0.16 / kStudies);

TEST(PlanPower, GivesThePromisedPowerInSmallStudies) {
  for (const auto& [expected, margin] :
       {std::pair(0.02, 0.10), std::pair(0.3, 0.25), std::pair(0.1, 0.1)}) {
    PowerPlanOptions options;
    options.margin = margin;
    options.groups = {{"A", 0.5, 0.3, 0, expected},
                      {"B", 0.5, 0.3, 0, expected}};
    const PowerPlan plan = PlanPower(options);
    ASSERT_STREQ(plan.method, "exact");
    const double power = Simulated(expected, expected + margin,
                                   plan.needs[0].trials, 0.95, kStudies);
    EXPECT_NEAR(power, plan.power, kSlack);
    EXPECT_GE(power, 0.8 - kSlack);
  }
}

TEST(PlanPower, GivesThePromisedPowerInLargeStudies) {
  PowerPlanOptions options;
  options.groups = {{"A", 0.5, 0.088, 0, 0.33}, {"B", 0.5, 0.088, 0, 0.33}};
  const PowerPlan plan = PlanPower(options);
  EXPECT_NEAR(Simulated(0.33, 0.38, plan.needs[0].trials, 0.95, kStudies), 0.8,
              kSlack + 0.01);
}

}  // namespace
}  // namespace plumbline
