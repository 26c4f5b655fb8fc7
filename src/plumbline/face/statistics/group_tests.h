// Tests that groups share one error rate, and that two of them differ by less
// than a stated ratio.
#pragma once

#include <span>

#include "plumbline/face/statistics/rates.h"

namespace plumbline::face {

struct OmnibusTest {
  double statistic = 0;  // sum over groups of (x_g - mean)^2 / V_g
  double p = 0;          // NaN: fewer than two groups, or no replicates
  int groups = 0;        // that took part
};

// All groups have one rate. The distribution without a difference comes from
// the replicates, each group's moved to a common centre. Groups without errors
// or an interval are left out.
// `replicates`: B x G, row-major.
//
// Source: Schuckers, Purnapatra, Fatima, Hou, Schuckers 2022, arXiv 2208.07341
// (bootstrap test of equal rates over groups).
OmnibusTest TestEqualRates(std::span<const RateEstimate> rates,
                           std::span<const double> replicates);

struct EquivalenceTest {
  double p = 0;  // of the two one-sided tests together; NaN: not possible
  bool shown = false;
};

// The ratio lies between 1 / limit and limit: two one-sided tests at 1 - level.
// Throws Error(kUsage) unless limit > 1.
//
// Source: Schuirmann 1987, on the log scale.
EquivalenceTest TestEquivalence(const RatioEstimate& ratio, double limit,
                                double level);

}  // namespace plumbline::face
