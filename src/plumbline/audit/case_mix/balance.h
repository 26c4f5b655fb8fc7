// How different the covariates of two groups are, before and after weighting.
#pragma once

#include <string>
#include <vector>

#include "plumbline/audit/case_mix/mix_weights.h"

namespace plumbline {

// An absolute standardised difference above this is imbalance (Austin 2009,
// Stat. Med. 28:3083-3107, sec. 3).
inline constexpr double kImbalance = 0.1;

// One level of a covariate, or the mean of a number (`level` empty).
struct BalanceRow {
  std::string covariate;
  std::string level;
  double before = 0;  // NaN: no spread in either group
  double after = 0;   // NaN without weights
};

// Standardised differences group a minus group b (indices among the compared):
// (p_a - p_b) / sqrt((p_a (1 - p_a) + p_b (1 - p_b)) / 2) for a level, the same
// with variances for a number (Austin 2009, eq. 1 and 2). The denominator is
// that of the unweighted groups before and after, so that a change is one of
// the means (Stuart 2010, Stat. Sci. 25:1-21, sec. 4.1).
std::vector<BalanceRow> Balance(const MixProblem& problem,
                                const PropensityWeights& weights, size_t a,
                                size_t b);

// The largest absolute values, and the row of the largest after (else before).
struct LargestImbalance {
  double before = 0;  // NaN: without spread, so as large as can be
  double after = 0;   // NaN without weights
  size_t row = 0;
};
LargestImbalance FindLargestImbalance(const std::vector<BalanceRow>& rows);

}  // namespace plumbline
