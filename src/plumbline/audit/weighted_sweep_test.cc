#include "plumbline/audit/weighted_sweep.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numeric>

#include "plumbline/audit/sweep_threshold.h"
#include "plumbline/audit/synthetic_input.h"
#include "plumbline/stats/bootstrap.h"

namespace plumbline {
namespace {

AuditInput WeightedInput(const SyntheticOptions& options) {
  AuditInput input = SyntheticInput(options);
  RandomStream random(5, "weights");
  for (int64_t row = 0; row < input.rows; ++row) {
    input.weights.push_back(0.25 + random.NextUniform());
  }
  return input;
}

// One group's rows in one replicate, with the product of both weights.
struct Drawn {
  std::vector<double> scores;
  std::vector<uint8_t> labels;
  std::vector<double> weights;
};

Drawn Resample(const RankedRows& rows, const GroupIndex& groups, size_t group,
               uint64_t seed, int r) {
  const PhiloxKey key = StreamKey(seed, "bootstrap");
  const int grouping = groups.groups[group].grouping;
  Drawn drawn;
  for (int64_t i = 0; i < rows.size(); ++i) {
    if (groups.GroupOf(rows.cell(i), grouping) != group) continue;
    uint8_t weights[kBootstrapLanes];
    PoissonWeights(key, static_cast<uint32_t>(r / kBootstrapLanes),
                   rows.subject[i], weights);
    const double weight = weights[r % kBootstrapLanes] * rows.weights[i];
    if (weight == 0) continue;
    drawn.scores.push_back(rows.scores[i]);
    drawn.labels.push_back(rows.positive(i));
    drawn.weights.push_back(weight);
  }
  return drawn;
}

// P(score of a positive > score of a negative) + P(equal) / 2, pair by pair.
double PairwiseAuroc(const Drawn& drawn) {
  double in_order = 0;
  double pairs = 0;
  for (size_t i = 0; i < drawn.scores.size(); ++i) {
    for (size_t j = 0; j < drawn.scores.size(); ++j) {
      if (!drawn.labels[i] || drawn.labels[j]) continue;
      const double weight = drawn.weights[i] * drawn.weights[j];
      pairs += weight;
      in_order += weight * (drawn.scores[i] > drawn.scores[j]    ? 1
                            : drawn.scores[i] == drawn.scores[j] ? 0.5
                                                                 : 0);
    }
  }
  return in_order / pairs;
}

// Rows come by falling score.
double AveragePrecisionOf(const Drawn& drawn) {
  double sum = 0;
  double positives = 0;
  for (size_t i = 0; i < drawn.scores.size(); ++i) {
    if (!drawn.labels[i]) continue;
    double above = 0;
    double flagged = 0;
    for (size_t j = 0; j < drawn.scores.size(); ++j) {
      if (drawn.scores[j] < drawn.scores[i]) break;
      flagged += drawn.weights[j];
      above += drawn.labels[j] * drawn.weights[j];
    }
    positives += drawn.weights[i];
    sum += drawn.weights[i] * above / flagged;
  }
  return sum / positives;
}

void ExpectEqualsResampling(const SyntheticOptions& synthetic) {
  const AuditInput input = WeightedInput(synthetic);
  const RankedRows rows = RankRows(input, input.targets[0], false, 1);
  SweepOptions options;
  options.replicates = 70;  // two blocks, the second not full
  options.seed = 7;
  options.average_precision = true;
  options.flagged = rows.CountAtLeast(0.5);
  const Replicates replicates = Sweep(rows, input.groups, options);
  EXPECT_TRUE(replicates.tp.empty());
  for (const int r : {0, 63, 69}) {
    for (size_t g = 0; g < input.groups.groups.size(); ++g) {
      const Drawn drawn = Resample(rows, input.groups, g, options.seed, r);
      Confusion expected;
      for (size_t i = 0; i < drawn.scores.size(); ++i) {
        const bool flagged = drawn.scores[i] >= 0.5;
        (drawn.labels[i] ? (flagged ? expected.tp : expected.fn)
                         : (flagged ? expected.fp : expected.tn)) +=
            drawn.weights[i];
      }
      const size_t at = g * replicates.stride + r;
      const Confusion found = replicates.Counts(at);
      EXPECT_NEAR(found.tp, expected.tp, 1e-9);
      EXPECT_NEAR(found.fp, expected.fp, 1e-9);
      EXPECT_NEAR(found.fn, expected.fn, 1e-9);
      EXPECT_NEAR(found.tn, expected.tn, 1e-9);
      if (expected.positives() == 0 || expected.negatives() == 0) continue;
      EXPECT_NEAR(replicates.auroc[at], PairwiseAuroc(drawn), 1e-10);
      EXPECT_NEAR(replicates.average_precision[at], AveragePrecisionOf(drawn),
                  1e-10);
    }
  }
}

TEST(WeightedSweep, EqualsMetricsOfTheResampledRows) {
  ExpectEqualsResampling({});
}

TEST(WeightedSweep, EqualsMetricsOfTheResampledRowsWithTies) {
  ExpectEqualsResampling({.score_steps = 30});
}

// Tie blocks longer than a chunk.
TEST(WeightedSweep, EqualsMetricsOfTheResampledRowsWithHardDecisions) {
  ExpectEqualsResampling({.rows = 1200, .score_steps = 1});
}

TEST(WeightedSweep, EqualsMetricsOfTheResampledSubjects) {
  ExpectEqualsResampling({.rows_per_subject = 3,
                          .subject_sd = 1,
                          .score_steps = 40,
                          .attributes_by_subject = false});
}

TEST(WeightedSweep, GivesTheEceOfTheResampledRows) {
  const AuditInput input = WeightedInput({.rows = 900, .score_steps = 300});
  const RankedRows rows = RankRows(input, input.targets[0], false, 1);
  SweepOptions options;
  options.replicates = 64;
  options.bin_ends = EqualCountBins(rows, 15);
  const Replicates replicates = Sweep(rows, input.groups, options);
  for (size_t g = 0; g < input.groups.groups.size(); ++g) {
    const Drawn drawn = Resample(rows, input.groups, g, options.seed, 5);
    double error = 0;
    double all = 0;
    int64_t begin = 0;
    for (const int64_t end : options.bin_ends) {
      double difference = 0;
      for (size_t i = 0; i < drawn.scores.size(); ++i) {
        if (drawn.scores[i] > rows.scores[begin] ||
            drawn.scores[i] < rows.scores[end - 1]) {
          continue;
        }
        difference += drawn.weights[i] * (drawn.labels[i] - drawn.scores[i]);
        all += drawn.weights[i];
      }
      error += std::abs(difference);
      begin = end;
    }
    EXPECT_NEAR(replicates.ece[g * replicates.stride + 5], error / all, 1e-10);
  }
}

TEST(WeightedSweep, RefitsThresholdsAsFitThresholdDoes) {
  const AuditInput input = WeightedInput({.rows = 400, .score_steps = 60});
  const RankedRows rows = RankRows(input, input.targets[0], false, 1);
  for (const char* text :
       {"fpr=0.2", "sensitivity=0.9", "youden", "best-f1", "top=10%"}) {
    const ThresholdRule rule = ParseThresholdRule(text);
    SweepOptions options;
    options.replicates = 64;
    options.refit = &rule;
    const Replicates replicates = Sweep(rows, input.groups, options);
    for (const int r : {0, 20, 63}) {
      const Drawn drawn = Resample(rows, input.groups, 0, options.seed, r);
      const double threshold =
          FitThreshold(rule, drawn.scores, drawn.labels, drawn.weights);
      double tp = 0;
      for (size_t i = 0; i < drawn.scores.size(); ++i) {
        if (drawn.scores[i] >= threshold) {
          tp += drawn.labels[i] * drawn.weights[i];
        }
      }
      EXPECT_NEAR(replicates.Counts(r).tp, tp, 1e-9) << text;
    }
  }
}

TEST(WeightedSweep, LeavesOutEachJackknifeGroupOnce) {
  const AuditInput input = WeightedInput({.rows = 900});
  const RankedRows rows = RankRows(input, input.targets[0], false, 1);
  SweepOptions options;
  options.resampling = Resampling::kGroupedJackknife;
  const Replicates jackknife = Sweep(rows, input.groups, options);
  ASSERT_EQ(jackknife.replicates, 64);
  const double all =
      std::accumulate(rows.weights.begin(), rows.weights.end(), 0.0);
  double left_out = 0;
  for (int r = 0; r < 64; ++r) left_out += all - jackknife.Counts(r).all();
  EXPECT_NEAR(left_out, all, 1e-9 * all);
}

TEST(EqualWeightBins, HoldEqualWeightAndDoNotCutTies) {
  const AuditInput input = WeightedInput({.rows = 2000, .score_steps = 200});
  const RankedRows rows = RankRows(input, input.targets[0], false, 1);
  const std::vector<int64_t> ends = EqualWeightBins(rows, 10);
  ASSERT_EQ(ends.back(), rows.size());
  const double all =
      std::accumulate(rows.weights.begin(), rows.weights.end(), 0.0);
  double weight = 0;
  int64_t begin = 0;
  for (size_t bin = 0; bin < ends.size(); ++bin) {
    for (int64_t i = begin; i < ends[bin]; ++i) weight += rows.weights[i];
    begin = ends[bin];
    if (begin < rows.size()) {
      EXPECT_NE(rows.scores[begin], rows.scores[begin - 1]);
    }
    // Ties of a score are up to 3 % of the rows here.
    EXPECT_NEAR(weight / all, (bin + 1) / 10.0, 0.04);
  }
}

}  // namespace
}  // namespace plumbline
