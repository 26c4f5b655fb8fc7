#include "plumbline/audit/case_mix/few_outcomes.h"

#include <algorithm>
#include <cstddef>

#include "plumbline/audit/case_mix/mix_metrics.h"

namespace plumbline {
namespace {

// Sums of one subject's rows in a group, and of the squares of such sums.
struct GroupPart {
  double error = 0;
  double weight = 0;
  double squared_errors = 0;
  double squared_weights = 0;

  void EndSubject() {
    squared_errors += error * error;
    squared_weights += weight * weight;
    error = weight = 0;
  }
};

double Lacking(double mean, const GroupPart& part) {
  const double n = 1 / part.squared_weights;
  if (std::min(n * mean, n * (1 - mean)) >= kFewOutcomes) return 0;
  const double q = (n * mean + 2) / (n + 4);
  return std::max(0.0, q * (1 - q) / n - part.squared_errors);
}

}  // namespace

std::vector<double> FewOutcomesVariance(
    const MixRows& rows, const MixGroups& groups, const Prepared& prepared,
    MixDenominator denominator, const MixInfluence& influence,
    std::span<const double> weight, const double* outcome) {
  const size_t compared = prepared.problem.compared;
  std::vector<GroupPart> parts(compared);
  const auto end_subject = [&parts] {
    for (GroupPart& part : parts) part.EndSubject();
  };
  for (size_t i = 0; i < rows.positive.size(); ++i) {
    if (i > 0 &&
        (rows.subject.empty() || rows.subject[i] != rows.subject[i - 1])) {
      end_subject();
    }
    const int g = prepared.place[groups.group[i]];
    if (g < 0 || static_cast<size_t>(g) >= compared ||
        !IsIn(rows, i, denominator)) {
      continue;
    }
    const size_t cell = groups.pattern[i] * prepared.problem.groups + g;
    parts[g].error += influence.slope[cell] * outcome[i] +
                      influence.constant[cell * compared + g];
    parts[g].weight += weight[groups.pattern[i] * compared + g];
  }
  end_subject();
  std::vector<double> lacking;
  for (size_t g = 0; g < compared; ++g) {
    lacking.push_back(Lacking(influence.value[g], parts[g]));
  }
  return lacking;
}

}  // namespace plumbline
