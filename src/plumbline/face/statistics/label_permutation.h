// Do groups share one error rate? A test that gives people other groups at
// random.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "plumbline/face/comparisons/comparisons.h"
#include "plumbline/face/statistics/group_tests.h"

namespace plumbline::face {

struct PermutationOptions {
  int permutations = 0;  // 0: none, p is NaN
  uint64_t seed = 1;
  int threads = 0;  // 0: all
};

// The labels of the people of the `used` groups are permuted; each person keeps
// all their comparisons. The statistic is sum_g (H_g - M_g x)^2 / (M_g x) with
// the false matches H_g and comparisons M_g within group g and x = sum H / sum
// M; M_g is taken from the people's margins, for the true labels as well. p =
// (1 + permutations with as large a statistic) / (1 + permutations): exact if
// labels are exchangeable, that is, if nothing about a person's comparisons,
// nor who was compared with whom, depends on the label. So all pairs of people
// must have been compared.
//
// Throws Error(kUsage) for 1 to 98 permutations.
//
// Source: Pitman 1937, Suppl. JRSS 4:119-130; Hubert 1987, Assignment Methods
// in Combinatorial Data Analysis, ch. 4 (data of pairs).
OmnibusTest PermuteFalseMatches(const ImpostorCounts& counts,
                                const SubjectGroups& groups,
                                std::span<const uint8_t> used,
                                std::span<const Hit> accepted,
                                const PermutationOptions& options);

// The same for genuine comparisons below the threshold; people without any are
// left out.
OmnibusTest PermuteFalseNonMatches(const GenuineScores& genuine,
                                   double threshold,
                                   const SubjectGroups& groups,
                                   std::span<const uint8_t> used,
                                   const PermutationOptions& options);

}  // namespace plumbline::face
