// Two models with known truth, for the tests of this folder.
#pragma once

#include <cmath>
#include <string>
#include <vector>

#include "plumbline/audit/compare/compare_input.h"
#include "plumbline/audit/synthetic_input.h"
#include "plumbline/base/random.h"

namespace plumbline {

// The first model is that of SyntheticInput. The second has its score with
// `noise` (in logits) added, and for positives also `gain` and, in level 0 of
// the first attribute, `harm` taken away.
inline CompareInput PairedInput(const SyntheticOptions& options, double noise,
                                double gain = 0, double harm = 0) {
  CompareInput input;
  input.rows = SyntheticInput(options);
  input.names = {"old", "new"};
  AuditTarget challenger = input.rows.targets[0];
  RandomStream random(options.seed, "challenger");
  const GroupIndex& groups = input.rows.groups;
  for (size_t row = 0; row < challenger.scores.size(); ++row) {
    double& score = challenger.scores[row];
    const double bounded = std::min(std::max(score, 1e-6), 1 - 1e-6);
    double logit =
        std::log(bounded / (1 - bounded)) + noise * random.NextNormal();
    if (challenger.labels[row] == 1) {
      logit += gain;
      if (harm != 0 && groups.attributes[0].codes[row] == 0) logit -= harm;
    }
    score = 1 / (1 + std::exp(-logit));
    if (options.score_steps > 0) {
      score = std::round(score * options.score_steps) / options.score_steps;
    }
  }
  input.rows.targets.push_back(std::move(challenger));
  input.one_score.assign(1, 0);
  input.left_out_of_group.assign(groups.groups.size(), 0);
  return input;
}

inline CompareInput Swapped(CompareInput input) {
  std::swap(input.rows.targets[0], input.rows.targets[1]);
  std::swap(input.names[0], input.names[1]);
  return input;
}

}  // namespace plumbline
