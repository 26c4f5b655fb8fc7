#include "plumbline/audit/sweep.h"

#include <gtest/gtest.h>

#include <cmath>

#include "plumbline/audit/sweep_threshold.h"
#include "plumbline/audit/synthetic_input.h"
#include "plumbline/stats/bootstrap.h"
#include "plumbline/stats/roc.h"

namespace plumbline {
namespace {

// Rows of a group repeated as often as their subject was drawn.
GroupRows Resample(const AuditInput& input, int group, uint64_t seed, int r) {
  const GroupRows all = RowsOfGroup(input, group);
  const PhiloxKey key = StreamKey(seed, "bootstrap");
  GroupRows drawn;
  for (size_t i = 0; i < all.scores.size(); ++i) {
    uint8_t weights[kBootstrapLanes];
    PoissonWeights(key, static_cast<uint32_t>(r / kBootstrapLanes),
                   all.clusters[i], weights);
    for (int k = 0; k < weights[r % kBootstrapLanes]; ++k) {
      drawn.scores.push_back(all.scores[i]);
      drawn.labels.push_back(all.labels[i]);
    }
  }
  return drawn;
}

void ExpectEqualsResampling(const SyntheticOptions& synthetic) {
  const AuditInput input = SyntheticInput(synthetic);
  const RankedRows rows = RankRows(input, input.targets[0], false, 1);
  SweepOptions options;
  options.replicates = 70;  // two blocks, the second not full
  options.seed = 7;
  options.average_precision = true;
  options.flagged = rows.CountAtLeast(0.5);
  const Replicates replicates = Sweep(rows, input.groups, options);
  for (const int r : {0, 1, 63, 64, 69}) {
    for (size_t g = 0; g < input.groups.groups.size(); ++g) {
      const GroupRows drawn =
          Resample(input, static_cast<int>(g), options.seed, r);
      const size_t at = g * replicates.stride + r;
      uint32_t tp = 0;
      uint32_t fp = 0;
      for (size_t i = 0; i < drawn.scores.size(); ++i) {
        if (drawn.scores[i] >= 0.5) ++(drawn.labels[i] ? tp : fp);
      }
      EXPECT_EQ(replicates.tp[at], tp);
      EXPECT_EQ(replicates.fp[at], fp);
      const AurocResult auroc = DelongAuroc(drawn.scores, drawn.labels);
      EXPECT_EQ(replicates.positives[at], auroc.positives);
      EXPECT_EQ(replicates.negatives[at], auroc.negatives);
      if (std::isnan(auroc.auroc)) {
        EXPECT_TRUE(std::isnan(replicates.auroc[at]));
        continue;
      }
      EXPECT_NEAR(replicates.auroc[at], auroc.auroc, 1e-12);
      EXPECT_NEAR(replicates.average_precision[at],
                  AveragePrecision(drawn.scores, drawn.labels), 1e-5);
    }
  }
}

TEST(Sweep, EqualsMetricsOfTheRepeatedRows) { ExpectEqualsResampling({}); }

TEST(Sweep, EqualsMetricsOfTheRepeatedRowsWithTies) {
  ExpectEqualsResampling({.score_steps = 30});
}

// Tie blocks longer than a chunk take another path.
TEST(Sweep, EqualsMetricsOfTheRepeatedRowsWithHardDecisions) {
  ExpectEqualsResampling({.rows = 2000, .score_steps = 1});
}

TEST(Sweep, EqualsMetricsOfTheRepeatedSubjects) {
  ExpectEqualsResampling({.rows_per_subject = 3,
                          .subject_sd = 1,
                          .score_steps = 40,
                          .attributes_by_subject = false});
}

TEST(Sweep, IsTheSameForAnyNumberOfThreads) {
  const AuditInput input = SyntheticInput({.rows = 3000});
  const RankedRows rows = RankRows(input, input.targets[0], false, 1);
  SweepOptions options;
  options.replicates = 200;
  options.average_precision = true;
  options.bin_ends = EqualCountBins(rows, 15);
  options.threads = 1;
  const Replicates one = Sweep(rows, input.groups, options);
  options.threads = 4;
  const Replicates four = Sweep(rows, input.groups, options);
  EXPECT_EQ(one.tp, four.tp);
  EXPECT_EQ(one.auroc, four.auroc);
  EXPECT_EQ(one.average_precision, four.average_precision);
  EXPECT_EQ(one.ece, four.ece);
}

TEST(Sweep, GivesTheEceOfTheRepeatedRows) {
  const AuditInput input = SyntheticInput({.rows = 1500, .score_steps = 300});
  const RankedRows rows = RankRows(input, input.targets[0], false, 1);
  SweepOptions options;
  options.replicates = 64;
  options.seed = 3;
  options.bin_ends = EqualCountBins(rows, 15);
  const Replicates replicates = Sweep(rows, input.groups, options);
  for (const int r : {0, 17, 63}) {
    for (size_t g = 0; g < input.groups.groups.size(); ++g) {
      const GroupRows drawn =
          Resample(input, static_cast<int>(g), options.seed, r);
      double error = 0;
      int64_t begin = 0;
      for (const int64_t end : options.bin_ends) {
        const double highest = rows.scores[begin];
        const double lowest = rows.scores[end - 1];
        double difference = 0;
        for (size_t i = 0; i < drawn.scores.size(); ++i) {
          if (drawn.scores[i] > highest || drawn.scores[i] < lowest) continue;
          difference += drawn.labels[i] - drawn.scores[i];
        }
        error += std::abs(difference);
        begin = end;
      }
      EXPECT_NEAR(replicates.ece[g * replicates.stride + r],
                  error / drawn.scores.size(), 1e-5);
    }
  }
}

TEST(Sweep, RefitsTheThresholdInEveryReplicate) {
  const AuditInput input = SyntheticInput({.rows = 800, .score_steps = 90});
  const RankedRows rows = RankRows(input, input.targets[0], false, 1);
  for (const char* text : {"fpr=0.2", "sensitivity=0.9", "youden", "best-f1",
                           "top=100", "top=5%"}) {
    const ThresholdRule rule = ParseThresholdRule(text);
    SweepOptions options;
    options.replicates = 64;
    options.refit = &rule;
    const Replicates replicates = Sweep(rows, input.groups, options);
    for (const int r : {0, 31, 63}) {
      const GroupRows drawn = Resample(input, 0, options.seed, r);
      const double threshold = FitThreshold(rule, drawn.scores, drawn.labels);
      for (size_t g = 0; g < input.groups.groups.size(); ++g) {
        const GroupRows group =
            Resample(input, static_cast<int>(g), options.seed, r);
        uint32_t tp = 0;
        uint32_t fp = 0;
        for (size_t i = 0; i < group.scores.size(); ++i) {
          if (group.scores[i] >= threshold) ++(group.labels[i] ? tp : fp);
        }
        EXPECT_EQ(replicates.tp[g * replicates.stride + r], tp) << text;
        EXPECT_EQ(replicates.fp[g * replicates.stride + r], fp) << text;
      }
    }
  }
}

TEST(Sweep, LeavesOutOneGroupOfSubjectsInEachJackknifeSample) {
  const AuditInput input = SyntheticInput({.rows = 900, .rows_per_subject = 3});
  const RankedRows rows = RankRows(input, input.targets[0], false, 1);
  SweepOptions options;
  options.resampling = Resampling::kGroupedJackknife;
  const Replicates jackknife = Sweep(rows, input.groups, options);
  ASSERT_EQ(jackknife.replicates, kBootstrapLanes);
  int64_t left_out = 0;
  for (int r = 0; r < kBootstrapLanes; ++r) {
    left_out += 900 - jackknife.positives[r] - jackknife.negatives[r];
  }
  EXPECT_EQ(left_out, 900);  // every row exactly once
}

TEST(EqualCountBins, DoNotCutTies) {
  const AuditInput input = SyntheticInput({.rows = 1000, .score_steps = 7});
  const RankedRows rows = RankRows(input, input.targets[0], false, 1);
  const auto ends = EqualCountBins(rows, 15);
  EXPECT_EQ(ends.back(), rows.size());
  for (const int64_t end : ends) {
    if (end < rows.size()) {
      EXPECT_NE(rows.scores[end], rows.scores[end - 1]);
    }
  }
}

}  // namespace
}  // namespace plumbline
