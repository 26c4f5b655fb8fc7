// Weighted means of an outcome in each group, with what every row contributes
// to their error (influence functions): the variance is the sum over subjects
// of the squared sum of their rows' contributions.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "plumbline/audit/case_mix/mix_weights.h"

namespace plumbline {

// The error of the mean of group g that a row of pattern p, group h and outcome
// y brings: constant[p][h][g], and slope[p][h] * y more if g = h.
struct MixInfluence {
  size_t groups = 0;             // h
  size_t compared = 0;           // g
  std::vector<double> value;     // mean, a compared group
  std::vector<double> slope;     // patterns x groups
  std::vector<double> constant;  // patterns x groups x compared
};

// In all three, `sums` is patterns x groups: the sum of the outcomes.

// Plain means.
MixInfluence CrudeInfluence(const MixProblem& problem,
                            std::span<const double> sums);

// Stratified means. The shares of the strata are random too: a row of the
// target adds (mean of g in its stratum - standardised mean) / target rows.
// Within a stratum of n rows the deviations are inflated by sqrt(n / (n - 1));
// where a group has one row, it deviates from the group's crude mean.
MixInfluence DirectInfluence(const MixProblem& problem,
                             const DirectWeights& weights,
                             const std::vector<uint32_t>& stratum_of_pattern,
                             std::span<const double> sums);

// Means by inverse-probability weights, with the estimated model taken into
// account: the row's score times the derivative of the mean with respect to the
// coefficients (Lunceford and Davidian 2004, Stat. Med. 23:2937-2960, eq. 19
// and 20, for several groups).
MixInfluence PropensityInfluence(const MixProblem& problem,
                                 const PropensityWeights& weights,
                                 std::span<const double> sums);

}  // namespace plumbline
