#include "plumbline/audit/metrics.h"

#include <gtest/gtest.h>

#include <cmath>
#include <set>
#include <string>

namespace plumbline {
namespace {

// 40 found, 10 missed, 30 false alarms, 120 rightly left alone.
constexpr Confusion kCounts{40, 30, 10, 120};

double Value(const char* name, double odds = 0.25) {
  return CountMetric(FindMetric(name)->id, kCounts, odds);
}

TEST(CountMetric, FollowsTheTextbook) {
  EXPECT_DOUBLE_EQ(Value("prevalence"), 50.0 / 200);
  EXPECT_DOUBLE_EQ(Value("selection_rate"), 70.0 / 200);
  EXPECT_DOUBLE_EQ(Value("sensitivity"), 0.8);
  EXPECT_DOUBLE_EQ(Value("specificity"), 0.8);
  EXPECT_DOUBLE_EQ(Value("fnr"), 0.2);
  EXPECT_DOUBLE_EQ(Value("fpr"), 0.2);
  EXPECT_DOUBLE_EQ(Value("ppv"), 40.0 / 70);
  EXPECT_DOUBLE_EQ(Value("npv"), 120.0 / 130);
  EXPECT_DOUBLE_EQ(Value("for"), 10.0 / 130);
  EXPECT_DOUBLE_EQ(Value("fdr"), 30.0 / 70);
  EXPECT_DOUBLE_EQ(Value("accuracy"), 0.8);
  EXPECT_DOUBLE_EQ(Value("balanced_accuracy"), 0.8);
  EXPECT_DOUBLE_EQ(Value("f1"), 80.0 / 120);
  EXPECT_DOUBLE_EQ(Value("youden_j"), 0.6);
  // Vickers and Elkin: TP / n - FP / n times the odds of the threshold.
  EXPECT_DOUBLE_EQ(Value("net_benefit"), 40.0 / 200 - 30.0 / 200 * 0.25);
}

// z(40.5 / 51) = 0.8208 and z(30.5 / 151) = -0.8346.
TEST(CountMetric, GivesSignalDetectionWithTheLogLinearCorrection) {
  EXPECT_NEAR(Value("d_prime"), 0.82083 + 0.83461, 2e-4);
  EXPECT_NEAR(Value("criterion_c"), -(0.82083 - 0.83461) / 2, 2e-4);
}

TEST(CountMetric, IsFiniteInSignalDetectionWhereRatesAreZeroAndOne) {
  const Confusion perfect{20, 0, 0, 30};
  EXPECT_TRUE(std::isfinite(CountMetric(MetricId::kDPrime, perfect, 1)));
  EXPECT_TRUE(std::isfinite(CountMetric(MetricId::kCriterionC, perfect, 1)));
}

TEST(CountMetric, IsUndefinedWithoutADenominator) {
  const Confusion no_positives{0, 5, 0, 20};
  EXPECT_TRUE(std::isnan(CountMetric(MetricId::kFnr, no_positives, 1)));
  EXPECT_TRUE(
      std::isnan(CountMetric(MetricId::kBalancedAccuracy, no_positives, 1)));
  EXPECT_TRUE(std::isnan(CountMetric(MetricId::kDPrime, no_positives, 1)));
  EXPECT_EQ(CountMetric(MetricId::kFpr, no_positives, 1), 0.2);
}

TEST(MetricRegistry, HasEveryMetricOnceInTheOrderOfItsIds) {
  std::set<std::string> names;
  int last = -1;
  for (const Metric& metric : MetricRegistry()) {
    EXPECT_TRUE(names.insert(metric.name).second) << metric.name;
    EXPECT_EQ(static_cast<int>(metric.id), last + 1) << metric.name;
    last = static_cast<int>(metric.id);
    EXPECT_EQ(FindMetric(metric.name), &metric);
    EXPECT_EQ(std::string(metric.summary).back(), '.') << metric.name;
  }
  EXPECT_EQ(FindMetric("tpr"), FindMetric("sensitivity"));
  EXPECT_EQ(FindMetric("nonsense"), nullptr);
}

}  // namespace
}  // namespace plumbline
