#include "plumbline/audit/case_mix/ranked_outcomes.h"

namespace plumbline {

std::vector<double> Placements(const RankedProblem& problem) {
  std::vector<double> placements(problem.scores.size(), 0);
  const size_t k = problem.compared;
  // Weight below the tie block, and up to its end.
  std::vector<double> negatives(k, 0), negatives_end(k, 0);
  std::vector<double> positives(k, 0), positives_end(k, 0);
  const auto group_of = [&](uint32_t at) {
    const int group = problem.group[at];
    return group >= 0 && group < static_cast<int>(k) ? group : -1;
  };
  const size_t rows = problem.by_score.size();
  for (size_t begin = 0; begin < rows;) {
    size_t end = begin;
    const double score = problem.scores[problem.by_score[begin]];
    for (; end < rows && problem.scores[problem.by_score[end]] == score;
         ++end) {
      const uint32_t at = problem.by_score[end];
      const int g = group_of(at);
      if (g < 0) continue;
      const size_t cell = problem.pattern[at] * k + g;
      if (problem.positive[at]) {
        positives_end[g] += problem.positive_weight[cell];
      } else {
        negatives_end[g] += problem.negative_weight[cell];
      }
    }
    for (size_t i = begin; i < end; ++i) {
      const uint32_t at = problem.by_score[i];
      const int g = group_of(at);
      if (g < 0) continue;
      placements[at] = problem.positive[at]
                           ? (negatives[g] + negatives_end[g]) / 2
                           : 1 - (positives[g] + positives_end[g]) / 2;
    }
    negatives = negatives_end;
    positives = positives_end;
    begin = end;
  }
  return placements;
}

}  // namespace plumbline
