// Shares of covariates in the part of a gap that standardising explains.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "plumbline/audit/case_mix/influence.h"

namespace plumbline {

inline constexpr size_t kMostShapleyCovariates = 10;

// Share of each covariate and the error that a row brings to it: in stratum s
// and group h, constant[(s x groups + h) x covariates + j] and slope[...] * y.
struct ShapleyShares {
  // "too_many_covariates", "too_many_cells"; then nothing is filled in.
  const char* reason = nullptr;
  std::vector<double> value;
  std::vector<double> slope;
  std::vector<double> constant;
};

// The explained part of the difference between groups 0 and 1 by covariates S:
// v(S) = crude difference - difference standardised directly on S; v of none is
// 0. The share of covariate j is its mean contribution over all orders in which
// the covariates can be taken,
//   sum over S without j of |S|! (k - |S| - 1)! / k! (v(S + j) - v(S))
// (Shapley 1953; Shorrocks 2013, J. Econ. Inequal. 11:99-126, eq. 7): exact,
// the same for every order, and the shares add up to v of all covariates. All
// 2^k subsets are rolled up from the strata.
//
// `problem` counts rows by stratum: its patterns are strata (see StrataOnly).
// `sums`: strata x groups.
ShapleyShares FindShapleyShares(const MixProblem& problem,
                                std::span<const double> sums);

// The same strata with one pattern each.
CovariatePatterns StrataOnly(const CovariatePatterns& patterns);

}  // namespace plumbline
