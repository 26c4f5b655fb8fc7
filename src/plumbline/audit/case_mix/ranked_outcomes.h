// The AUROC as two means, so that it is weighted and gets its variance like
// every rate.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace plumbline {

// The rows of one problem.
struct RankedProblem {
  std::span<const double> scores;
  std::span<const uint8_t> positive;
  std::span<const uint32_t> by_score;  // positions, lowest score first
  std::span<const int> group;  // of each position; -1 (or >= compared): none
  std::span<const uint32_t> pattern;
  size_t compared = 0;
  // patterns x compared, each group's rows of the class sum to 1.
  std::span<const double> positive_weight;
  std::span<const double> negative_weight;
};

// The placement of each row among the other class of its group: of a positive
// the weight of the negatives with a lower score (ties count half), of a
// negative the weight of the positives with a higher one. The weighted mean of
// either is the weighted Mann-Whitney AUROC, and their influence functions add
// up to its own (DeLong et al. 1988, Biometrics 44:837-845; Obuchowski 1997,
// Biometrics 53:567-578).
std::vector<double> Placements(const RankedProblem& problem);

}  // namespace plumbline
