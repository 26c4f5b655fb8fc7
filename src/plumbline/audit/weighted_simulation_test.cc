// Intervals of weighted figures, tested by drawing many samples with unequal
// probabilities. Slow: runs with scripts/test.sh --all.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "plumbline/audit/audit.h"
#include "plumbline/audit/synthetic_input.h"
#include "plumbline/base/random.h"

namespace plumbline {
namespace {

constexpr int kDraws = 2000;

const std::vector<std::string> kMetrics = {"fnr", "auroc", "brier",
                                           "calibration_slope", "net_benefit"};

AuditOptions Options() {
  AuditOptions options;
  options.metrics = kMetrics;
  options.threshold = ParseThresholdRule("0.4");
  options.replicates = 0;
  options.threads = 1;
  return options;
}

// A table of two groups of which each unit (row or subject) is sampled with a
// probability that depends on its group and on whether it has the finding: what
// is sampled is not like what is there.
struct Design {
  int rows_per_subject;
  int64_t rows;

  SyntheticOptions Table(int64_t count, uint64_t seed) const {
    return {.rows = count,
            .rows_per_subject = rows_per_subject,
            .subject_sd = rows_per_subject > 1 ? 1.0 : 0.0,
            .levels = {2},
            .prevalence = 0.25,
            .planted = -0.8,
            .seed = seed};
  }
};

// The input with weight 1 / probability for the rows of sampled units and 0
// for all others.
AuditInput Sample(const Design& design, uint64_t seed) {
  AuditInput input = SyntheticInput(design.Table(design.rows, seed));
  RandomStream random(seed, "sampling");
  input.weights.assign(input.rows, 0);
  const auto& codes = input.groups.attributes[0].codes;
  const std::vector<int8_t>& labels = input.targets[0].labels;
  for (int64_t first = 0; first < input.rows;
       first += design.rows_per_subject) {
    bool finding = false;
    for (int k = 0; k < design.rows_per_subject; ++k) {
      finding |= labels[first + k] == 1;
    }
    const double probability =
        (codes[first] == 0 ? 0.5 : 0.9) * (finding ? 0.9 : 0.25);
    if (random.NextUniform() >= probability) continue;
    for (int k = 0; k < design.rows_per_subject; ++k) {
      input.weights[first + k] = 1 / probability;
    }
  }
  return input;
}

// 2,000 draws: a coverage of 95 % is seen within 93 to 97 % but for one time in
// 20,000. The same samples without their weights miss the Brier score of
// everyone in about half of the draws.
void ExpectCoverage(const Design& design, uint64_t seed) {
  AuditOptions options = Options();
  options.threads = 0;
  const AuditResult truth =
      Audit(SyntheticInput(design.Table(2000000, 99)), options);
  options.threads = 1;
  std::vector<std::vector<int>> covered(3, std::vector<int>(kMetrics.size()));
  int missed_without_weights = 0;
  for (int draw = 0; draw < kDraws; ++draw) {
    AuditInput input = Sample(design, seed + draw);
    const AuditResult result = Audit(input, options);
    for (size_t g = 0; g < 3; ++g) {
      for (size_t m = 0; m < result.metrics.size(); ++m) {
        const Estimate& e = result.groups[g].metrics[m];
        const double value = truth.groups[g].metrics[m].value;
        covered[g][m] += e.lo <= value && value <= e.hi;
      }
    }
    for (double& weight : input.weights) weight = weight > 0;
    const Estimate& unweighted = Audit(input, options).groups[0].metrics[2];
    const double value = truth.groups[0].metrics[2].value;
    missed_without_weights += unweighted.lo > value || unweighted.hi < value;
  }
  for (size_t g = 0; g < 3; ++g) {
    for (size_t m = 0; m < truth.metrics.size(); ++m) {
      const double coverage = static_cast<double>(covered[g][m]) / kDraws;
      const std::string what =
          truth.metrics[m] + "_of_group_" + std::to_string(g);
      testing::Test::RecordProperty("coverage_" + what,
                                    std::to_string(coverage));
      EXPECT_GE(coverage, 0.93) << what;
      EXPECT_LE(coverage, 0.97) << what;
    }
  }
  EXPECT_GT(missed_without_weights, kDraws / 4);
}

TEST(WeightedSimulation, IntervalsCoverTheTruthOfIndependentRows) {
  ExpectCoverage({.rows_per_subject = 1, .rows = 3000}, 20000);
}

TEST(WeightedSimulation, IntervalsCoverTheTruthOfSubjects) {
  ExpectCoverage({.rows_per_subject = 3, .rows = 6000}, 40000);
}

}  // namespace
}  // namespace plumbline
