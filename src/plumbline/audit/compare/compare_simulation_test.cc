// Statistical promises of the comparison, tested by drawing many tables. Slow:
// runs with scripts/test.sh --all.
#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <string>
#include <vector>

#include "plumbline/audit/compare/model_comparison.h"
#include "plumbline/audit/compare/paired_input_for_test.h"
#include "plumbline/base/thread_pool.h"

namespace plumbline {
namespace {

constexpr int kDraws = 2000;
// Beyond these a correct program with a rate of 5 % falls less than once in
// ten thousand runs: 4 standard deviations of 0.0049, and a percent for what
// large-sample intervals owe in samples of this size.
constexpr double kMostFalseAlarms = 0.05 + 0.0195 + 0.01;
constexpr double kLeastCoverage = 1 - kMostFalseAlarms;

CompareOptions Options(std::vector<std::string> metrics) {
  CompareOptions options;
  options.audit.metrics = std::move(metrics);
  options.audit.threshold = ParseThresholdRule("0.4");
  options.audit.replicates = 0;
  options.audit.threads = 1;
  return options;
}

SyntheticOptions Tables(int per_subject, uint64_t seed, int64_t subjects) {
  return {.rows = per_subject * subjects,
          .rows_per_subject = per_subject,
          .subject_sd = per_subject > 1 ? 1.0 : 0.0,
          .levels = {2},
          .seed = seed};
}

// Two models that are equally good: each adds its own noise to the same score.
CompareInput EqualModels(const SyntheticOptions& options) {
  CompareInput input = PairedInput(options, 0.8);
  SyntheticOptions other = options;
  CompareInput second = PairedInput(other, 0);
  RandomStream random(options.seed, "baseline noise");
  for (size_t row = 0; row < second.rows.targets[0].scores.size(); ++row) {
    const double score = second.rows.targets[0].scores[row];
    const double logit =
        std::log(score / (1 - score)) + 0.8 * random.NextNormal();
    input.rows.targets[0].scores[row] = 1 / (1 + std::exp(-logit));
  }
  return input;
}

const std::vector<std::string> kMetrics = {"fnr",   "fpr",   "ppv",
                                           "auroc", "brier", "f1"};

class EqualModelsTest : public ::testing::TestWithParam<int> {};

TEST_P(EqualModelsTest, AreRarelyToldApart) {
  const int per_subject = GetParam();
  const CompareOptions options = Options(kMetrics);
  std::vector<std::vector<uint8_t>> alarms(kDraws);
  ParallelFor(kDraws, 0, [&](int64_t draw) {
    const CompareInput input = EqualModels(
        Tables(per_subject, 1000 + static_cast<uint64_t>(draw), 250));
    const CompareResult result = CompareModels(input, options);
    for (const ComparedMetric& m : result.groups[1].metrics) {
      alarms[draw].push_back(m.difference.p <= 0.05);
    }
    for (const ComparedMetric& m : result.groups[1].metrics) {
      // Both models have the same expectation, so 0 is the truth.
      alarms[draw].push_back(m.difference.lo > 0 || m.difference.hi < 0);
    }
    for (const GapChange& gap : result.gaps) {
      if (gap.measure == "difference_reference") {
        alarms[draw].push_back(gap.lo > 0 || gap.hi < 0);
      }
    }
  });
  const size_t size = alarms[0].size();
  for (size_t i = 0; i < size; ++i) {
    double sum = 0;
    for (const auto& draw : alarms) sum += draw[i];
    const size_t part = i / kMetrics.size();
    RecordProperty(kMetrics[i % kMetrics.size()] + std::to_string(part),
                   std::to_string(sum / kDraws));
    EXPECT_LE(sum / kDraws, kMostFalseAlarms)
        << kMetrics[i % kMetrics.size()]
        << (part == 0   ? " p"
            : part == 1 ? " interval"
                        : " change of gap");
  }
}

INSTANTIATE_TEST_SUITE_P(IndependentAndClustered, EqualModelsTest,
                         ::testing::Values(1, 4));

class UnequalModelsTest : public ::testing::TestWithParam<int> {};

TEST_P(UnequalModelsTest, HaveTheirTrueDifferenceInTheInterval) {
  const int per_subject = GetParam();
  const CompareOptions options = Options({"fnr", "auroc"});
  const CompareResult population = CompareModels(
      PairedInput(Tables(per_subject, 77, 600000 / per_subject), 0.8, 0.4, 1),
      options);
  std::vector<std::vector<uint8_t>> covered(kDraws);
  ParallelFor(kDraws, 0, [&](int64_t draw) {
    const CompareInput input = PairedInput(
        Tables(per_subject, 5000 + static_cast<uint64_t>(draw), 250), 0.8, 0.4,
        1);
    const CompareResult result = CompareModels(input, options);
    for (const int group : {1, 2}) {
      for (size_t m = 0; m < 2; ++m) {
        const double truth =
            population.groups[group].metrics[m].difference.value;
        const PairedDifference& d = result.groups[group].metrics[m].difference;
        covered[draw].push_back(d.lo <= truth && truth <= d.hi);
      }
    }
    for (size_t i = 0; i < result.gaps.size(); ++i) {
      const GapChange& gap = result.gaps[i];
      if (gap.measure != "difference_reference") continue;
      // The reference is the larger group of the draw.
      double truth = 0;
      for (const GapChange& of_all : population.gaps) {
        if (of_all.metric == gap.metric && of_all.measure == gap.measure) {
          truth = of_all.group == gap.group ? of_all.value : -of_all.value;
        }
      }
      covered[draw].push_back(gap.lo <= truth && truth <= gap.hi);
    }
  });
  for (size_t i = 0; i < covered[0].size(); ++i) {
    double sum = 0;
    for (const auto& draw : covered) sum += draw[i];
    RecordProperty("covered" + std::to_string(i), std::to_string(sum / kDraws));
    EXPECT_GE(sum / kDraws, kLeastCoverage) << i;
  }
}

INSTANTIATE_TEST_SUITE_P(IndependentAndClustered, UnequalModelsTest,
                         ::testing::Values(1, 4));

TEST(ChangeOfTheLargestGap, IsRarelyShownWithoutOne) {
  constexpr int kFewer = 400;
  CompareOptions options = Options({"fnr"});
  options.audit.replicates = 200;
  std::vector<uint8_t> alarms(kFewer);
  ParallelFor(kFewer, 0, [&](int64_t draw) {
    SyntheticOptions tables =
        Tables(2, 9000 + static_cast<uint64_t>(draw), 500);
    tables.levels = {4};
    const CompareResult result = CompareModels(EqualModels(tables), options);
    for (const GapChange& gap : result.gaps) {
      if (gap.measure == "max_min") alarms[draw] = gap.p <= 0.05;
    }
  });
  double sum = 0;
  for (const uint8_t alarm : alarms) sum += alarm;
  RecordProperty("alarms", std::to_string(sum / kFewer));
  // 4 standard deviations of 400 draws.
  EXPECT_LE(sum / kFewer, 0.05 + 0.0436 + 0.01);
}

}  // namespace
}  // namespace plumbline
