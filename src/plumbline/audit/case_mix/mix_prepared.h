// The groups of one comparison within one denominator, with their weights.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <vector>

#include "plumbline/audit/case_mix/mix_weights.h"

namespace plumbline {

inline constexpr size_t kEstimators = 3;  // crude, direct, inverse probability

struct Prepared {
  MixProblem problem;
  std::vector<uint32_t> groups;  // of MixGroups, problem.groups of them
  std::vector<int> place;        // of each group of MixGroups, -1: not here
  DirectWeights direct;
  PropensityWeights propensity;
};

inline std::vector<uint32_t> Identity(size_t count) {
  std::vector<uint32_t> identity(count);
  std::iota(identity.begin(), identity.end(), 0);
  return identity;
}

// The normalised weights of the three estimators; empty where there are none.
inline std::array<std::vector<double>, kEstimators> WeightsOf(
    const Prepared& p) {
  std::vector<double> total(p.problem.compared, 0);
  std::vector<double> crude(p.problem.patterns->patterns * p.problem.compared);
  for (size_t c = 0; c < p.problem.patterns->patterns; ++c) {
    for (size_t g = 0; g < p.problem.compared; ++g) {
      total[g] += p.problem.Rows(c, g);
    }
  }
  for (size_t i = 0; i < crude.size(); ++i) {
    crude[i] = 1 / total[i % p.problem.compared];
  }
  return {std::move(crude), p.direct.weight, p.propensity.weight};
}

}  // namespace plumbline
