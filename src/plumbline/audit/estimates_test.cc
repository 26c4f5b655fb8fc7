#include "plumbline/audit/estimates.h"

#include <gtest/gtest.h>

#include <cmath>

#include "plumbline/audit/synthetic_input.h"
#include "plumbline/stats/proportion.h"

namespace plumbline {
namespace {

std::vector<const Metric*> AllMetrics() {
  std::vector<const Metric*> metrics;
  for (const Metric& metric : MetricRegistry()) {
    if (metric.family != MetricFamily::kSize) metrics.push_back(&metric);
  }
  return metrics;
}

AuditOptions Options(int replicates = 200) {
  AuditOptions options;
  options.replicates = replicates;
  options.threshold = ParseThresholdRule("0.4");
  options.threads = 1;
  return options;
}

Estimate Of(const TargetData& data, const char* metric, int group = 0,
            const AuditOptions& options = Options()) {
  return EstimateMetric(data, *FindMetric(metric), group, options);
}

TEST(EstimateMetric, ComplementsAddToOneWithMirroredIntervals) {
  const AuditInput input = SyntheticInput({});
  const TargetData data = PrepareTarget(input, 0, Options(), AllMetrics());
  for (const auto& [a, b] :
       {std::pair("fnr", "sensitivity"), std::pair("fpr", "specificity"),
        std::pair("ppv", "fdr"), std::pair("npv", "for")}) {
    for (size_t g = 0; g < input.groups.groups.size(); ++g) {
      const Estimate x = Of(data, a, static_cast<int>(g));
      const Estimate y = Of(data, b, static_cast<int>(g));
      EXPECT_NEAR(x.value + y.value, 1, 1e-12);
      EXPECT_NEAR(x.lo + y.hi, 1, 1e-12);
      EXPECT_EQ(x.n, y.n);
    }
  }
}

TEST(EstimateMetric, EveryIntervalHoldsItsValue) {
  const AuditInput input =
      SyntheticInput({.rows = 900, .rows_per_subject = 3, .subject_sd = 1});
  const TargetData data = PrepareTarget(input, 0, Options(), AllMetrics());
  for (const Metric* metric : AllMetrics()) {
    if (metric->id == MetricId::kEce) continue;  // resampling adds to it
    for (size_t g = 0; g < input.groups.groups.size(); ++g) {
      const Estimate e =
          EstimateMetric(data, *metric, static_cast<int>(g), Options());
      ASSERT_EQ(e.reason, nullptr) << metric->name;
      EXPECT_LE(e.lo, e.value) << metric->name;
      EXPECT_GE(e.hi, e.value) << metric->name;
      EXPECT_LT(e.lo, e.hi) << metric->name;
    }
  }
}

// The closed forms and the bootstrap of the same subjects must tell the same
// story; with 2,000 replicates a standard error is known to 1.6 %.
TEST(EstimateMetric, ClosedFormsAgreeWithTheBootstrap) {
  const AuditInput input = SyntheticInput(
      {.rows = 3000, .rows_per_subject = 3, .subject_sd = 1.5, .levels = {2}});
  const TargetData data = PrepareTarget(input, 0, Options(2000), AllMetrics());
  AuditOptions percentile = Options(2000);
  percentile.interval = IntervalMethod::kPercentile;
  for (const Metric* metric : AllMetrics()) {
    if (!HasReplicates(*metric)) continue;
    if (metric->id == MetricId::kAuprc || metric->id == MetricId::kEce) {
      continue;  // no closed form
    }
    const Estimate closed = EstimateMetric(data, *metric, 1, Options(2000));
    const Estimate bootstrap = EstimateMetric(data, *metric, 1, percentile);
    EXPECT_NEAR(closed.standard_error / bootstrap.standard_error, 1, 0.12)
        << metric->name;
    EXPECT_STREQ(bootstrap.method, "percentile_bootstrap");
  }
}

TEST(EstimateMetric, ClusteringWidensTheInterval) {
  const AuditInput input = SyntheticInput(
      {.rows = 1200, .rows_per_subject = 6, .subject_sd = 3, .levels = {2}});
  const TargetData clustered = PrepareTarget(input, 0, Options(), AllMetrics());
  AuditInput flat = input;
  flat.subjects.clear();
  const TargetData rows = PrepareTarget(flat, 0, Options(), AllMetrics());
  for (const char* metric : {"fpr", "selection_rate", "accuracy", "brier"}) {
    const Estimate wide = Of(clustered, metric);
    const Estimate narrow = Of(rows, metric);
    EXPECT_EQ(wide.value, narrow.value);
    EXPECT_GT(wide.hi - wide.lo, narrow.hi - narrow.lo) << metric;
  }
  EXPECT_GT(Of(clustered, "fpr").design_effect, 1.5);
  for (const char* metric : {"fpr", "brier", "observed_expected", "net_benefit",
                             "auroc", "calibration_intercept"}) {
    const Estimate wide = Of(clustered, metric);
    const Estimate narrow = Of(rows, metric);
    EXPECT_EQ(narrow.design_effect, 1) << metric;
    const double ratio = wide.standard_error / narrow.standard_error;
    EXPECT_NEAR(wide.design_effect / (ratio * ratio), 1, 0.05) << metric;
  }
}

TEST(EstimateMetric, SaysWhyThereIsNothing) {
  SyntheticOptions synthetic{.rows = 60, .levels = {30}};
  const AuditInput input = SyntheticInput(synthetic);
  const TargetData data = PrepareTarget(input, 0, Options(0), AllMetrics());
  int below = 0;
  int one_class = 0;
  for (size_t g = 1; g < input.groups.groups.size(); ++g) {
    const Estimate fnr = Of(data, "fnr", static_cast<int>(g), Options(0));
    ASSERT_NE(fnr.reason, nullptr);
    if (fnr.n == 0) {
      EXPECT_STREQ(fnr.reason, "one_class");
      EXPECT_TRUE(std::isnan(fnr.value));
      ++one_class;
    } else {
      EXPECT_STREQ(fnr.reason, "below_minimum");
      EXPECT_TRUE(std::isfinite(fnr.value));
      EXPECT_TRUE(std::isnan(fnr.lo));
      ++below;
    }
  }
  EXPECT_GT(below, 0);
  EXPECT_GT(one_class, 0);
  EXPECT_STREQ(Of(data, "auprc", 0, Options(0)).reason, "not_requested");
}

TEST(EstimateMetric, HardDecisionsHaveNoRanking) {
  AuditInput input = SyntheticInput({.score_steps = 1});
  input.targets[0].hard_decisions = true;
  const TargetData data = PrepareTarget(input, 0, Options(), AllMetrics());
  EXPECT_STREQ(Of(data, "auroc").reason, "needs_scores");
  EXPECT_STREQ(Of(data, "brier").reason, "needs_scores");
  EXPECT_EQ(Of(data, "fnr").reason, nullptr);
}

TEST(EstimateMetric, ZeroEventsStillHaveAnInterval) {
  const AuditInput input = SyntheticInput({.rows = 200});
  AuditOptions options = Options();
  options.threshold = ParseThresholdRule("0");
  const TargetData data = PrepareTarget(input, 0, options, AllMetrics());
  const Estimate fnr = Of(data, "fnr", 0, options);
  EXPECT_EQ(fnr.value, 0);
  EXPECT_GT(fnr.hi, 0);
  const Estimate npv = Of(data, "npv", 0, options);
  EXPECT_STREQ(npv.reason, "one_class");
}

TEST(EstimateMetric, BcaUsesTheJackknife) {
  const AuditInput input = SyntheticInput({.rows = 800});
  AuditOptions options = Options(400);
  options.interval = IntervalMethod::kBca;
  const TargetData data = PrepareTarget(input, 0, options, AllMetrics());
  const Estimate e = Of(data, "auprc", 0, options);
  EXPECT_STREQ(e.method, "bca_bootstrap");
  EXPECT_LT(e.lo, e.value);
  EXPECT_GT(e.hi, e.value);
}

TEST(EstimateMetric, ARefittedThresholdIsPartOfTheUncertainty) {
  const AuditInput input = SyntheticInput({.rows = 400, .levels = {2}});
  AuditOptions options = Options(500);
  options.threshold = ParseThresholdRule("fpr=0.2");
  options.tune_on_audited = true;
  const TargetData data = PrepareTarget(input, 0, options, AllMetrics());
  const Estimate e = Of(data, "sensitivity", 0, options);
  EXPECT_STREQ(e.method, "percentile_bootstrap");
  const Interval fixed = WilsonInterval(e.events, e.n);
  EXPECT_GT(e.hi - e.lo, fixed.hi - fixed.lo);
}

// Central differences of the metric itself.
TEST(GradientOf, IsTheDerivativeOfEveryCountMetric) {
  GroupSums sums;
  sums.sums = {40, 30, 20, 110};
  sums.rows = 200;
  for (const Metric* metric : AllMetrics()) {
    if (metric->family != MetricFamily::kRate &&
        metric->family != MetricFamily::kCounts) {
      continue;
    }
    // These get their intervals from rates, not from a gradient.
    if (metric->id == MetricId::kF1 || metric->id == MetricId::kYoudenJ ||
        metric->id == MetricId::kBalancedAccuracy) {
      continue;
    }
    const SumVector gradient = GradientOf(*metric, sums, 0.25);
    const bool corrected =
        metric->id == MetricId::kDPrime || metric->id == MetricId::kCriterionC;
    for (int k = kTp; k <= kTn; ++k) {
      const double h = 1e-4;
      GroupSums up = sums;
      GroupSums down = sums;
      up.sums[k] += h;
      down.sums[k] -= h;
      const double slope = (CountMetric(metric->id, up.counts(), 0.25) -
                            CountMetric(metric->id, down.counts(), 0.25)) /
                           (2 * h);
      // The correction's own 0.5 is held fixed in the gradient.
      EXPECT_NEAR(gradient[k], slope, corrected ? 1e-3 : 1e-8)
          << metric->name << " " << k;
    }
  }
}

TEST(EstimateMetric, BoundsAPerfectAurocByItsSubjectsAndNotTheirRows) {
  AuditInput input = SyntheticInput({.rows = 600, .rows_per_subject = 10});
  // Twelve of the sixty subjects have the finding, in all of their rows.
  for (int64_t row = 0; row < input.rows; ++row) {
    const bool positive = input.subjects[row] % 5 == 0;
    input.targets[0].labels[row] = positive ? 1 : 0;
    input.targets[0].scores[row] =
        (positive ? 0.7 : 0.1) + 0.001 * static_cast<double>(row % 100);
  }
  const std::vector<const Metric*> metrics = {FindMetric("auroc")};
  const AuditOptions options = Options(0);
  const Estimate e =
      Of(PrepareTarget(input, 0, options, metrics), "auroc", 0, options);
  EXPECT_EQ(e.value, 1);
  EXPECT_EQ(e.hi, 1);
  EXPECT_NEAR(e.lo, std::pow(0.05, 1.0 / 12), 1e-12);
}

}  // namespace
}  // namespace plumbline
