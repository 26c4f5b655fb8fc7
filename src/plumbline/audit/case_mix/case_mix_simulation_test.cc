// Coverage and level of standardised gaps over many tables with known truth.
#include <gtest/gtest.h>

#include <cmath>
#include <string>

#include "plumbline/audit/case_mix/case_mix.h"
#include "plumbline/audit/case_mix/synthetic_mix.h"

namespace plumbline {
namespace {

constexpr int kTables = 2000;

struct Counts {
  int covered[2] = {0, 0};  // direct, weighted
  int rejected[2] = {0, 0};
};

// `truth`: the standardised difference of group 1 to group 0.
Counts Simulate(PlantedMixOptions options, double truth) {
  Counts counts;
  for (int t = 0; t < kTables; ++t) {
    options.seed = 100 + t;
    PlantedMix mix(1200, options);
    mix.groups.reference = 0;
    const MixResult result =
        AnalyseCaseMix(mix.rows, mix.groups, {.metrics = {"fnr"}});
    for (const MixComparison& c : result.comparisons) {
      if (c.reference < 0) continue;
      const MixEstimate* estimates[] = {&c.direct, &c.weighted};
      for (int e = 0; e < 2; ++e) {
        counts.covered[e] +=
            estimates[e]->lo <= truth && truth <= estimates[e]->hi;
        counts.rejected[e] += estimates[e]->p <= 0.05;
      }
    }
  }
  return counts;
}

// Three and a third standard errors of a share of 0.95 (or 0.05) in 2000
// tables are 1.6 points; a true 94.5 % is allowed for.
void ExpectNominal(const Counts& counts) {
  for (int e = 0; e < 2; ++e) {
    EXPECT_GE(counts.covered[e], (0.945 - 0.017) * kTables) << e;
    EXPECT_LE(counts.covered[e], (0.955 + 0.016) * kTables) << e;
  }
}

TEST(CaseMixSimulation, IntervalsCoverTheStandardisedDifference) {
  // Hard cases are half of all; misses differ by 0.15 in each stratum.
  ExpectNominal(Simulate(
      {.hard_share = {0.7, 0.3}, .miss = {{{0.10, 0.40}, {0.25, 0.55}}}},
      0.15));
}

TEST(CaseMixSimulation, IntervalsCoverWithSeveralRowsASubject) {
  ExpectNominal(Simulate({.hard_share = {0.7, 0.3},
                          .miss = {{{0.10, 0.40}, {0.25, 0.55}}},
                          .rows_per_subject = 3},
                         0.15));
}

TEST(CaseMixSimulation, TheTestKeepsItsLevelWhenOnlyTheMixDiffers) {
  const Counts counts = Simulate(
      {.hard_share = {0.7, 0.3}, .miss = {{{0.10, 0.40}, {0.10, 0.40}}}}, 0);
  for (int e = 0; e < 2; ++e) {
    EXPECT_LE(counts.rejected[e], (0.055 + 0.017) * kTables) << e;
    EXPECT_GE(counts.rejected[e], (0.045 - 0.016) * kTables) << e;
  }
}

}  // namespace
}  // namespace plumbline
