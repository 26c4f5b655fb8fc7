// Tests that several groups share one value, and the sampling distribution of
// the range max - min when they do.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace plumbline {

struct HeterogeneityTest {
  double statistic = 0;  // chi-squared
  double degrees = 0;
  double p = 1;
};

// Wald test that estimates with independent errors are equal: inverse-variance
// weighted sum of squares about their weighted mean, G - 1 degrees of freedom.
// Non-finite entries and se = 0 are left out. Fewer than two groups: p = NaN.
//
// Source: Cochran 1954, Biometrics 10:101-129.
HeterogeneityTest CochranQ(std::span<const double> estimates,
                           std::span<const double> standard_errors);

// One group in the simulation of a range under "no difference".
struct NullGroup {
  double effective_trials = 0;  // > 0: a proportion of this many trials
  double standard_error = 0;    // used when effective_trials == 0
};

struct RangeNull {
  double expected = 0;  // mean of max - min under no difference
  double p95 = 0;       // its 95th percentile: at most 5 % of draws exceed it
  // P(max - min >= observed), (1 + #) / (1 + draws); where fewer than 10 draws
  // are as large, an upper bound that needs no draws and is at most a fifth
  // above the probability, if that is smaller. So families of thousands of
  // tests can be corrected for. Not below 1e-12 a group.
  double p = 1;
  // Smallest true shift of group `shifted` alone, in the direction `shift_up`,
  // that would exceed p95 in 80 % of samples. NaN when no shift in reach does.
  double smallest_detectable = 0;
};

struct RangeNullOptions {
  int draws = 2000;
  uint64_t seed = 1;
  uint64_t stream = 0;  // tells apart calls with the same seed
  double power = 0.80;
  int shifted = 0;  // index into groups
  bool shift_up = false;
};

// Draws every group around `pooled`: binomial with effective_trials (rounded,
// at least 1) trials for proportions, normal otherwise, and looks at max - min.
// This is what a gap "shows" when there is none: at 10,000 rows and 30 cells of
// unequal size, 0.70 for a sensitivity.
//
// The shifted group of smallest_detectable is drawn anew around each candidate,
// so that the spread of a proportion changes with it, from the same random
// bits. Every draw is a function of (seed, stream, group, draw), so neither the
// order of calls nor threads matter. About 10 ns a group and draw. All NaN for
// fewer than two groups.
//
// Throws Error(kInvalidInput) for a pooled proportion outside [0, 1], negative
// or non-finite trials or errors, or `shifted` that is no group.
RangeNull SimulateRangeNull(std::span<const NullGroup> groups, double pooled,
                            double observed_range,
                            const RangeNullOptions& options);

// The quantile of max - min under no difference: how far errors alone carry the
// range in 1 - quantile of samples. From the same draws as SimulateRangeNull,
// so at 0.95 it is its p95. NaN for fewer than two groups; throws as it does.
double RangeQuantile(std::span<const NullGroup> groups, double pooled,
                     double quantile, const RangeNullOptions& options);

}  // namespace plumbline
