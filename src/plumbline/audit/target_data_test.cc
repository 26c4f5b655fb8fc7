#include "plumbline/audit/target_data.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

#include "plumbline/audit/estimates.h"
#include "plumbline/audit/gap_engine.h"
#include "plumbline/audit/rest.h"
#include "plumbline/audit/synthetic_input.h"
#include "plumbline/base/error.h"

namespace plumbline {
namespace {

std::vector<const Metric*> Metrics(std::initializer_list<const char*> names) {
  std::vector<const Metric*> metrics;
  for (const char* name : names) metrics.push_back(FindMetric(name));
  return metrics;
}

AuditOptions Options() {
  AuditOptions options;
  options.replicates = 0;
  options.minimum = 1;
  options.threads = 1;
  return options;
}

AuditInput Weighted(AuditInput input) {
  for (int64_t row = 0; row < input.rows; ++row) {
    input.weights.push_back(0.5 + static_cast<double>(row % 7));
  }
  return input;
}

// Fifteen bins of everyone, each group's sums in them written out.
TEST(PrepareTarget, GivesTheEceAndWhatItWouldBeIfCalibrated) {
  const AuditInput plain = SyntheticInput({.rows = 700, .score_steps = 300});
  for (const AuditInput& input : {plain, Weighted(plain)}) {
    const TargetData data =
        PrepareTarget(input, 0, Options(), Metrics({"ece"}));
    const std::vector<int64_t> ends = EqualCountBins(data.rows, 15);
    for (size_t g = 0; g < input.groups.groups.size(); ++g) {
      const int grouping = input.groups.groups[g].grouping;
      double error = 0;
      double null = 0;
      double all = 0;
      int64_t begin = 0;
      for (const int64_t end : ends) {
        double difference = 0;
        double variance = 0;
        for (; begin < end; ++begin) {
          if (input.groups.GroupOf(data.rows.cell(begin), grouping) != g) {
            continue;
          }
          const double w = data.rows.weight(begin);
          const double p = data.rows.scores[begin];
          difference += w * ((data.rows.positive(begin) ? 1 : 0) - p);
          variance += w * w * p * (1 - p);
          all += w;
        }
        error += std::abs(difference);
        null += std::sqrt(2 / std::numbers::pi * variance);
      }
      EXPECT_NEAR(data.ece[g].value, error / all, 1e-12);
      EXPECT_NEAR(data.ece[g].null_expected, null / all, 1e-12);
    }
  }
}

TEST(PrepareTarget, FitsTheThresholdOnTheTuningRowsWithTheirWeights) {
  AuditInput input = Weighted(SyntheticInput({.rows = 600}));
  input.tuning_rows.assign(600, 0);
  std::vector<double> scores;
  std::vector<uint8_t> labels;
  std::vector<double> weights;
  for (int64_t row = 0; row < 600; row += 2) {
    input.tuning_rows[row] = 1;
    scores.push_back(input.targets[0].scores[row]);
    labels.push_back(static_cast<uint8_t>(input.targets[0].labels[row]));
    weights.push_back(input.weights[row]);
  }
  AuditOptions options = Options();
  options.threshold = ParseThresholdRule("fpr=0.1");
  const TargetData data = PrepareTarget(input, 0, options, Metrics({"fnr"}));
  EXPECT_EQ(data.threshold.value,
            FitThreshold(options.threshold, scores, labels, weights));
  EXPECT_NE(data.threshold.value,
            FitThreshold(options.threshold, scores, labels));
  EXPECT_STREQ(data.threshold.fitted_on, "tuning_rows");
  EXPECT_EQ(data.rows.size(), 300);
}

TEST(PrepareTarget, RefusesToFitOnTheAuditedRowsUnasked) {
  AuditOptions options = Options();
  options.threshold = ParseThresholdRule("youden");
  EXPECT_THROW(PrepareTarget(SyntheticInput({}), 0, options, Metrics({"fnr"})),
               Error);
}

// d' adds half a row, not half a unit of weight.
TEST(GroupCountMetric, ScalesWeightsToRowsWhereHalfARowIsAdded) {
  const AuditInput plain = SyntheticInput({.rows = 300});
  AuditInput heavy = plain;
  heavy.weights.assign(300, 1000);
  const Metric& d_prime = *FindMetric("d_prime");
  const auto value = [&](const AuditInput& input) {
    const TargetData data =
        PrepareTarget(input, 0, Options(), Metrics({"d_prime"}));
    return GroupCountMetric(d_prime, data.sums[0], data.sums[0].counts(), 1);
  };
  EXPECT_NEAR(value(heavy), value(plain), 1e-12);
}

// With two groups the rest of one is the other.
TEST(RestOf, IsTheOtherOfTwoGroups) {
  const AuditInput plain = SyntheticInput(
      {.rows = 900, .rows_per_subject = 3, .subject_sd = 1, .levels = {2}});
  for (const AuditInput& input : {plain, Weighted(plain)}) {
    const AuditOptions options = Options();
    const auto metrics = Metrics({"fnr", "f1", "auroc", "brier", "ece"});
    const TargetData data = PrepareTarget(input, 0, options, metrics);
    const std::vector<GroupResult> groups;
    const std::vector<int> reference;
    const GapInput in{input, options, metrics, data, groups, reference};
    const TargetData rest = RestOf(in, 1);
    for (const Metric* metric : metrics) {
      const Estimate found = EstimateRest(rest, *metric, options);
      if (metric->id == MetricId::kEce) {
        EXPECT_STREQ(found.reason, "not_requested");
        continue;
      }
      const Estimate other = EstimateMetric(data, *metric, 2, options);
      EXPECT_NEAR(found.value, other.value, 1e-12) << metric->name;
      EXPECT_NEAR(found.lo, other.lo, 1e-12) << metric->name;
      EXPECT_EQ(found.n, other.n) << metric->name;
    }
  }
}

}  // namespace
}  // namespace plumbline
