#include "plumbline/audit/case_mix/mix_weights.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "plumbline/solve/cholesky.h"
#include "plumbline/solve/multinomial_logistic.h"

namespace plumbline {
namespace {

constexpr size_t kMostParameters = 400;

// Rows of each code or level of a covariate: codes x groups.
std::vector<double> RowsByCode(const MixProblem& problem, size_t covariate,
                               bool levels) {
  const Covariate& c = *(*problem.covariates)[covariate];
  const size_t width = problem.covariates->size();
  std::vector<double> rows(
      (levels ? c.levels.size() : c.level_of_code.size()) * problem.groups, 0);
  for (size_t p = 0; p < problem.patterns->patterns; ++p) {
    const uint32_t code = problem.patterns->codes[p * width + covariate];
    const size_t at = levels ? c.level_of_code[code] : code;
    for (size_t g = 0; g < problem.groups; ++g) {
      rows[at * problem.groups + g] += problem.Rows(p, g);
    }
  }
  return rows;
}

// The level that some group has and another lacks, with the most rows; false if
// there is none. Of numbers only "missing" is a level of the model.
bool FindSeparatingLevel(const MixProblem& problem, PropensityWeights* found) {
  double most = 0;
  for (size_t i = 0; i < problem.covariates->size(); ++i) {
    const Covariate& covariate = *(*problem.covariates)[i];
    const std::vector<double> rows = RowsByCode(problem, i, true);
    for (size_t level = 0; level < covariate.levels.size(); ++level) {
      const bool is_missing =
          covariate.has_missing && level + 1 == covariate.levels.size();
      if (covariate.numeric() && !is_missing) continue;
      const double* of_groups = rows.data() + level * problem.groups;
      double sum = 0;
      for (size_t g = 0; g < problem.groups; ++g) sum += of_groups[g];
      const bool lacks = std::find(of_groups, of_groups + problem.groups,
                                   0.0) != of_groups + problem.groups;
      if (!lacks || sum <= most) continue;
      most = sum;
      found->covariate = covariate.name;
      found->level = covariate.levels[level];
    }
  }
  return most > 0;
}

// A number whose ranges in two groups do not meet.
bool FindSeparatingNumber(const MixProblem& problem, PropensityWeights* found) {
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  for (size_t i = 0; i < problem.covariates->size(); ++i) {
    const Covariate& covariate = *(*problem.covariates)[i];
    if (!covariate.numeric()) continue;
    const std::vector<double> rows = RowsByCode(problem, i, false);
    std::vector<double> low(problem.groups, kInfinity);
    std::vector<double> high(problem.groups, -kInfinity);
    for (size_t code = 0; code < covariate.level_of_code.size(); ++code) {
      const double value = covariate.value_of_code[code];
      for (size_t g = 0; g < problem.groups; ++g) {
        if (rows[code * problem.groups + g] == 0 || std::isnan(value)) continue;
        low[g] = std::min(low[g], value);
        high[g] = std::max(high[g], value);
      }
    }
    for (size_t g = 0; g < problem.groups; ++g) {
      for (size_t h = 0; h < problem.groups; ++h) {
        if (high[g] >= low[h] || high[g] == -kInfinity) continue;
        found->covariate = covariate.name;
        return true;
      }
    }
  }
  return false;
}

// One column of the design as a function of a covariate's code.
struct DesignColumn {
  size_t covariate = 0;
  std::vector<double> of_code;
};

// All levels but the largest, those without rows left out.
void AddLevels(const MixProblem& problem, size_t i,
               std::vector<DesignColumn>* columns) {
  const Covariate& covariate = *(*problem.covariates)[i];
  const std::vector<double> rows = RowsByCode(problem, i, true);
  std::vector<double> total(covariate.levels.size(), 0);
  for (size_t k = 0; k < rows.size(); ++k) total[k / problem.groups] += rows[k];
  const size_t base =
      std::max_element(total.begin(), total.end()) - total.begin();
  for (size_t level = 0; level < total.size(); ++level) {
    if (level == base || total[level] == 0) continue;
    DesignColumn column{i, {}};
    for (const uint32_t of_code : covariate.level_of_code) {
      column.of_code.push_back(of_code == level ? 1 : 0);
    }
    columns->push_back(std::move(column));
  }
}

// A standardised line and its square; missing: 0 in both, 1 in an indicator.
void AddNumber(const MixProblem& problem, size_t i,
               std::vector<DesignColumn>* columns) {
  const Covariate& covariate = *(*problem.covariates)[i];
  const std::vector<double> rows = RowsByCode(problem, i, false);
  double n = 0, sum = 0, squares = 0, missing = 0;
  for (size_t k = 0; k < rows.size(); ++k) {
    const double value = covariate.value_of_code[k / problem.groups];
    if (std::isnan(value)) {
      missing += rows[k];
      continue;
    }
    n += rows[k];
    sum += rows[k] * value;
  }
  const double mean = n > 0 ? sum / n : 0;
  for (size_t k = 0; k < rows.size(); ++k) {
    const double value = covariate.value_of_code[k / problem.groups];
    if (!std::isnan(value))
      squares += rows[k] * (value - mean) * (value - mean);
  }
  if (squares > 0) {
    const double sd = std::sqrt(squares / n);
    DesignColumn line{i, {}};
    DesignColumn square{i, {}};
    for (const double value : covariate.value_of_code) {
      const double z = std::isnan(value) ? 0 : (value - mean) / sd;
      line.of_code.push_back(z);
      square.of_code.push_back(z * z);
    }
    columns->push_back(std::move(line));
    columns->push_back(std::move(square));
  }
  if (missing > 0) {
    DesignColumn indicator{i, {}};
    for (const double value : covariate.value_of_code) {
      indicator.of_code.push_back(std::isnan(value) ? 1 : 0);
    }
    columns->push_back(std::move(indicator));
  }
}

// patterns x columns, the first of ones; columns that say nothing new (two
// covariates that are the same) are left out.
std::vector<double> MakeDesign(const MixProblem& problem, size_t* count) {
  std::vector<DesignColumn> columns;
  for (size_t i = 0; i < problem.covariates->size(); ++i) {
    (*problem.covariates)[i]->numeric() ? AddNumber(problem, i, &columns)
                                        : AddLevels(problem, i, &columns);
  }
  const CovariatePatterns& patterns = *problem.patterns;
  const size_t width = problem.covariates->size();
  const size_t full = columns.size() + 1;
  *count = full;
  if (full * (problem.groups - 1) > kMostParameters) return {};
  std::vector<double> design(patterns.patterns * full);
  std::vector<double> products(full * full, 0);
  for (size_t p = 0; p < patterns.patterns; ++p) {
    double* x = design.data() + p * full;
    x[0] = 1;
    for (size_t j = 0; j < columns.size(); ++j) {
      const uint32_t code = patterns.codes[p * width + columns[j].covariate];
      x[j + 1] = columns[j].of_code[code];
    }
    double rows = 0;
    for (size_t g = 0; g < problem.groups; ++g) rows += problem.Rows(p, g);
    if (rows == 0) continue;
    for (size_t a = 0; a < full; ++a) {
      for (size_t b = 0; b <= a; ++b) {
        products[a * full + b] += rows * x[a] * x[b];
      }
    }
  }
  const std::vector<size_t> kept = IndependentColumns(products, full);
  *count = kept.size();
  std::vector<double> independent;
  independent.reserve(patterns.patterns * kept.size());
  for (size_t p = 0; p < patterns.patterns; ++p) {
    for (const size_t j : kept) independent.push_back(design[p * full + j]);
  }
  return independent;
}

void WeighRows(const MixProblem& problem, PropensityWeights* result) {
  const size_t compared = problem.compared;
  const size_t patterns = problem.patterns->patterns;
  result->weight.assign(patterns * compared, 0);
  std::vector<double> sum(compared, 0);
  std::vector<double> squares(compared, 0);
  std::vector<double> largest(compared, 0);
  for (size_t p = 0; p < patterns; ++p) {
    const double* e = result->probability.data() + p * problem.groups;
    for (size_t g = 0; g < compared; ++g) {
      const double rows = problem.Rows(p, g);
      if (rows == 0) continue;
      const double w = (problem.target < 0 ? 1 : e[problem.target]) / e[g];
      result->weight[p * compared + g] = w;
      sum[g] += rows * w;
      squares[g] += rows * w * w;
      largest[g] = std::max(largest[g], w);
    }
  }
  for (size_t p = 0; p < patterns; ++p) {
    for (size_t g = 0; g < compared; ++g) {
      result->weight[p * compared + g] /= sum[g];
    }
  }
  for (size_t g = 0; g < compared; ++g) {
    result->effective.push_back(sum[g] * sum[g] / squares[g]);
    result->largest_share.push_back(largest[g] / sum[g]);
  }
}

}  // namespace

DirectWeights MakeDirectWeights(const MixProblem& problem,
                                const std::vector<uint32_t>& stratum_of_pattern,
                                size_t strata) {
  DirectWeights result;
  const size_t compared = problem.compared;
  std::vector<double> target(strata, 0);
  result.stratum_rows.assign(strata * compared, 0);
  for (size_t p = 0; p < problem.patterns->patterns; ++p) {
    const uint32_t s =
        stratum_of_pattern[problem.patterns->stratum_of_pattern[p]];
    for (size_t g = 0; g < problem.groups; ++g) {
      const double rows = problem.Rows(p, g);
      if (g < compared) result.stratum_rows[s * compared + g] += rows;
      if (problem.target < 0 || problem.target == static_cast<int>(g)) {
        target[s] += rows;
      }
    }
  }
  double all = 0;
  result.target_share.assign(strata, 0);
  for (size_t s = 0; s < strata; ++s) {
    if (target[s] == 0) continue;
    all += target[s];
    ++result.strata;
    const double* rows = result.stratum_rows.data() + s * compared;
    if (std::find(rows, rows + compared, 0.0) != rows + compared) continue;
    ++result.covered;
    result.target_share[s] = target[s];
    result.target_rows += target[s];
  }
  result.coverage = all > 0 ? result.target_rows / all : 0;
  if (!(result.coverage >= kLeastCoverage)) {
    result.reason = "no_overlap";
    return result;
  }
  for (double& share : result.target_share) share /= result.target_rows;
  result.weight.assign(problem.patterns->patterns * compared, 0);
  for (size_t p = 0; p < problem.patterns->patterns; ++p) {
    const uint32_t s =
        stratum_of_pattern[problem.patterns->stratum_of_pattern[p]];
    if (result.target_share[s] == 0) continue;
    for (size_t g = 0; g < compared; ++g) {
      result.weight[p * compared + g] =
          result.target_share[s] / result.stratum_rows[s * compared + g];
    }
  }
  return result;
}

PropensityWeights MakePropensityWeights(const MixProblem& problem) {
  PropensityWeights result;
  if (FindSeparatingLevel(problem, &result) ||
      FindSeparatingNumber(problem, &result)) {
    result.reason = "separation";
    return result;
  }
  result.design = MakeDesign(problem, &result.columns);
  if (result.design.empty()) {
    result.reason = "too_many_parameters";
    return result;
  }
  LogisticFit fit = FitMultinomialLogistic(result.design, problem.rows,
                                           result.columns, problem.groups);
  if (fit.status != LogisticStatus::kConverged) {
    result.reason = fit.status == LogisticStatus::kSeparated ? "separation"
                                                             : "not_converged";
    return result;
  }
  result.probability = std::move(fit.probabilities);
  result.information = std::move(fit.information);
  WeighRows(problem, &result);
  return result;
}

}  // namespace plumbline
