#include "plumbline/audit/case_mix/shapley.h"

#include <bit>
#include <numeric>

namespace plumbline {
namespace {

constexpr double kMostCells = 3e8;

// |S|! (k - |S| - 1)! / k! for |S| = size.
double OrderWeight(size_t size, size_t k) {
  double weight = 1.0 / static_cast<double>(k);
  for (size_t i = 1; i <= size; ++i) {
    weight *= static_cast<double>(i) / static_cast<double>(k - i);
  }
  return weight;
}

}  // namespace

ShapleyShares FindShapleyShares(const MixProblem& problem,
                                std::span<const double> sums) {
  ShapleyShares shares;
  const size_t k = problem.covariates->size();
  const size_t strata = problem.patterns->patterns;
  if (k > kMostShapleyCovariates) {
    shares.reason = "too_many_covariates";
    return shares;
  }
  const size_t cells = strata * problem.groups;
  if (static_cast<double>(cells * k) * static_cast<double>(1u << k) >
      kMostCells) {
    shares.reason = "too_many_cells";
    return shares;
  }
  shares.value.assign(k, 0);
  shares.slope.assign(cells * k, 0);
  shares.constant.assign(cells * k, 0);
  for (uint32_t subset = 0; subset < (1u << k); ++subset) {
    size_t count = 0;
    const std::vector<uint32_t> coarse =
        CoarserStrata(*problem.patterns, k, subset, &count);
    const DirectWeights weights = MakeDirectWeights(problem, coarse, count);
    const MixInfluence direct = DirectInfluence(problem, weights, coarse, sums);
    const auto size = static_cast<size_t>(std::popcount(subset));
    for (size_t j = 0; j < k; ++j) {
      // The gap standardised on `subset` counts for j with minus when j is in
      // it (v falls as the gap grows), else with plus.
      const double factor = (subset >> j & 1) != 0 ? -OrderWeight(size - 1, k)
                                                   : OrderWeight(size, k);
      shares.value[j] += factor * (direct.value[0] - direct.value[1]);
      for (size_t cell = 0; cell < cells; ++cell) {
        const size_t h = cell % problem.groups;
        const double sign = h == 0 ? 1 : h == 1 ? -1 : 0;
        const double* constant = direct.constant.data() + cell * 2;
        shares.slope[cell * k + j] += factor * sign * direct.slope[cell];
        shares.constant[cell * k + j] += factor * (constant[0] - constant[1]);
      }
    }
  }
  return shares;
}

CovariatePatterns StrataOnly(const CovariatePatterns& patterns) {
  CovariatePatterns strata;
  strata.patterns = patterns.strata;
  strata.strata = patterns.strata;
  strata.stratum_of_pattern.resize(patterns.strata);
  std::iota(strata.stratum_of_pattern.begin(), strata.stratum_of_pattern.end(),
            0);
  strata.levels = patterns.levels;
  return strata;
}

}  // namespace plumbline
