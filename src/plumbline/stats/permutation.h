// Permutation tests for differences between groups of subjects.
#pragma once

#include <cstdint>
#include <functional>
#include <span>

namespace plumbline {

struct PermutationOptions {
  int64_t permutations = 9999;
  uint64_t seed = 1;
  int threads = 0;  // 0: all
};

struct PermutationResult {
  double statistic = 0;
  // (1 + #{permuted >= observed}) / (1 + permutations), so never 0.
  // Source: Phipson and Smyth 2010, SAGMB 9(1):39.
  double p = 1;
};

// Two-sided test that the mean of `values` differs between the two groups
// (group ids 0 and 1), by permuting whole clusters: all rows of a cluster keep
// one group. `clusters` may be empty (rows independent).
//
// Throws Error(kInvalidInput) if a cluster has rows of both groups, a group is
// empty or a value is not finite.
PermutationResult PermuteMeanDifference(std::span<const double> values,
                                        std::span<const uint8_t> groups,
                                        std::span<const uint32_t> clusters,
                                        const PermutationOptions& options = {});

// The general form: `statistic` is called with permuted group ids, one a
// cluster; large values are extreme. It must be safe to call from several
// threads. A permutation whose statistic is NaN counts as extreme, so p errs on
// the safe side; if the observed one is NaN, so is p.
PermutationResult PermuteClusters(
    std::span<const uint32_t> group_of_cluster,
    const std::function<double(std::span<const uint32_t>)>& statistic,
    const PermutationOptions& options = {});

}  // namespace plumbline
