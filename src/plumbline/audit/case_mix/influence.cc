#include "plumbline/audit/case_mix/influence.h"

#include <cmath>

#include "plumbline/solve/cholesky.h"

namespace plumbline {
namespace {

MixInfluence Empty(const MixProblem& problem) {
  MixInfluence influence;
  influence.groups = problem.groups;
  influence.compared = problem.compared;
  const size_t cells = problem.patterns->patterns * problem.groups;
  influence.value.assign(problem.compared, 0);
  influence.slope.assign(cells, 0);
  influence.constant.assign(cells * problem.compared, 0);
  return influence;
}

double& ConstantAt(MixInfluence* influence, size_t p, size_t h, size_t g) {
  return influence
      ->constant[(p * influence->groups + h) * influence->compared + g];
}

// A group's mean with these weights.
void FillMeans(const MixProblem& problem, std::span<const double> weight,
               std::span<const double> sums, MixInfluence* influence) {
  for (size_t p = 0; p < problem.patterns->patterns; ++p) {
    for (size_t g = 0; g < problem.compared; ++g) {
      influence->value[g] +=
          weight[p * problem.compared + g] * sums[p * problem.groups + g];
    }
  }
}

// The derivative of the mean of group g by the coefficients of the model.
std::vector<double> Derivative(const MixProblem& problem,
                               const PropensityWeights& weights,
                               std::span<const double> sums, double mean,
                               size_t g) {
  const size_t columns = weights.columns;
  std::vector<double> derivative((problem.groups - 1) * columns, 0);
  for (size_t p = 0; p < problem.patterns->patterns; ++p) {
    const double rows = problem.Rows(p, g);
    if (rows == 0) continue;
    const double residual = weights.weight[p * problem.compared + g] *
                            (sums[p * problem.groups + g] - mean * rows);
    const double* x = weights.design.data() + p * columns;
    const double* e = weights.probability.data() + p * problem.groups;
    for (size_t j = 1; j < problem.groups; ++j) {
      const double target = problem.target < 0                      ? e[j]
                            : problem.target == static_cast<int>(j) ? 1
                                                                    : 0;
      const double factor = residual * (target - (g == j ? 1 : 0));
      if (factor == 0) continue;
      double* to = derivative.data() + (j - 1) * columns;
      for (size_t k = 0; k < columns; ++k) to[k] += factor * x[k];
    }
  }
  return derivative;
}

// What each row's score in the model adds to group g.
void AddScores(const MixProblem& problem, const PropensityWeights& weights,
               const std::vector<double>& direction, size_t g,
               MixInfluence* influence) {
  const size_t columns = weights.columns;
  std::vector<double> along(problem.groups, 0);
  for (size_t p = 0; p < problem.patterns->patterns; ++p) {
    const double* x = weights.design.data() + p * columns;
    const double* e = weights.probability.data() + p * problem.groups;
    double expected = 0;
    for (size_t j = 1; j < problem.groups; ++j) {
      const double* a = direction.data() + (j - 1) * columns;
      along[j] = 0;
      for (size_t k = 0; k < columns; ++k) along[j] += a[k] * x[k];
      expected += e[j] * along[j];
    }
    for (size_t h = 0; h < problem.groups; ++h) {
      ConstantAt(influence, p, h, g) += along[h] - expected;
    }
  }
}

}  // namespace

MixInfluence CrudeInfluence(const MixProblem& problem,
                            std::span<const double> sums) {
  MixInfluence influence = Empty(problem);
  std::vector<double> rows(problem.compared, 0);
  const size_t patterns = problem.patterns->patterns;
  for (size_t p = 0; p < patterns; ++p) {
    for (size_t g = 0; g < problem.compared; ++g) {
      rows[g] += problem.Rows(p, g);
      influence.value[g] += sums[p * problem.groups + g];
    }
  }
  for (size_t g = 0; g < problem.compared; ++g) influence.value[g] /= rows[g];
  for (size_t p = 0; p < patterns; ++p) {
    for (size_t g = 0; g < problem.compared; ++g) {
      influence.slope[p * problem.groups + g] = 1 / rows[g];
      ConstantAt(&influence, p, g, g) = -influence.value[g] / rows[g];
    }
  }
  return influence;
}

MixInfluence DirectInfluence(const MixProblem& problem,
                             const DirectWeights& weights,
                             const std::vector<uint32_t>& stratum_of_pattern,
                             std::span<const double> sums) {
  MixInfluence influence = Empty(problem);
  FillMeans(problem, weights.weight, sums, &influence);
  const size_t compared = problem.compared;
  const CovariatePatterns& patterns = *problem.patterns;
  std::vector<double> means(weights.stratum_rows.size(), 0);
  std::vector<double> crude(compared, 0);
  std::vector<double> rows(compared, 0);
  for (size_t p = 0; p < patterns.patterns; ++p) {
    const uint32_t s = stratum_of_pattern[patterns.stratum_of_pattern[p]];
    for (size_t g = 0; g < compared; ++g) {
      means[s * compared + g] += sums[p * problem.groups + g];
      crude[g] += sums[p * problem.groups + g];
      rows[g] += problem.Rows(p, g);
    }
  }
  for (size_t i = 0; i < means.size(); ++i) {
    if (weights.stratum_rows[i] > 0) means[i] /= weights.stratum_rows[i];
  }
  for (size_t p = 0; p < patterns.patterns; ++p) {
    const uint32_t s = stratum_of_pattern[patterns.stratum_of_pattern[p]];
    if (weights.target_share[s] == 0) continue;
    for (size_t g = 0; g < compared; ++g) {
      const double n = weights.stratum_rows[s * compared + g];
      const double mean = means[s * compared + g];
      const double slope = weights.weight[p * compared + g] *
                           (n > 1 ? std::sqrt(n / (n - 1)) : 1);
      influence.slope[p * problem.groups + g] = slope;
      ConstantAt(&influence, p, g, g) =
          -slope * (n > 1 ? mean : crude[g] / rows[g]);
      const double share = (mean - influence.value[g]) / weights.target_rows;
      for (size_t h = 0; h < problem.groups; ++h) {
        if (problem.target < 0 || problem.target == static_cast<int>(h)) {
          ConstantAt(&influence, p, h, g) += share;
        }
      }
    }
  }
  return influence;
}

MixInfluence PropensityInfluence(const MixProblem& problem,
                                 const PropensityWeights& weights,
                                 std::span<const double> sums) {
  MixInfluence influence = Empty(problem);
  FillMeans(problem, weights.weight, sums, &influence);
  const Cholesky information(weights.information,
                             (problem.groups - 1) * weights.columns);
  for (size_t g = 0; g < problem.compared; ++g) {
    std::vector<double> direction =
        Derivative(problem, weights, sums, influence.value[g], g);
    information.Solve(direction);
    AddScores(problem, weights, direction, g, &influence);
    for (size_t p = 0; p < problem.patterns->patterns; ++p) {
      const double w = weights.weight[p * problem.compared + g];
      influence.slope[p * problem.groups + g] = w;
      ConstantAt(&influence, p, g, g) -= w * influence.value[g];
    }
  }
  return influence;
}

}  // namespace plumbline
