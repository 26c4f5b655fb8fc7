#include "plumbline/audit/case_mix/balance.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

namespace plumbline {
namespace {

const double kNan = std::numeric_limits<double>::quiet_NaN();

// Sums over one group, plain and weighted.
struct Moments {
  double rows = 0, sum = 0, squares = 0;
  double weight = 0, weighted_sum = 0;

  double mean() const { return rows > 0 ? sum / rows : kNan; }
  double variance() const {
    const double m = mean();
    return rows > 0 ? std::max(squares / rows - m * m, 0.0) : kNan;
  }
  double weighted_mean() const {
    return weight > 0 ? weighted_sum / weight : kNan;
  }
};

void Add(double value, double rows, double weight, Moments* to) {
  to->rows += rows;
  to->sum += rows * value;
  to->squares += rows * value * value;
  to->weight += rows * weight;
  to->weighted_sum += rows * weight * value;
}

double Standardised(double difference, double variance) {
  if (variance > 0) return difference / std::sqrt(variance);
  return difference == 0 ? 0 : kNan;
}

BalanceRow MakeRow(const Covariate& covariate, std::string level,
                   const std::array<Moments, 2>& of) {
  const double variance = (of[0].variance() + of[1].variance()) / 2;
  return {
      covariate.name, std::move(level),
      Standardised(of[0].mean() - of[1].mean(), variance),
      Standardised(of[0].weighted_mean() - of[1].weighted_mean(), variance)};
}

}  // namespace

std::vector<BalanceRow> Balance(const MixProblem& problem,
                                const PropensityWeights& weights, size_t a,
                                size_t b) {
  std::vector<BalanceRow> rows;
  const size_t width = problem.covariates->size();
  const std::array<size_t, 2> groups = {a, b};
  for (size_t i = 0; i < width; ++i) {
    const Covariate& covariate = *(*problem.covariates)[i];
    std::vector<std::array<Moments, 2>> levels(covariate.levels.size());
    std::array<Moments, 2> number;
    for (size_t p = 0; p < problem.patterns->patterns; ++p) {
      const uint32_t code = problem.patterns->codes[p * width + i];
      const uint32_t level = covariate.level_of_code[code];
      for (size_t side = 0; side < 2; ++side) {
        const double n = problem.Rows(p, groups[side]);
        if (n == 0) continue;
        const double w =
            weights.reason == nullptr
                ? weights.weight[p * problem.compared + groups[side]]
                : 0;
        for (size_t l = 0; l < levels.size(); ++l) {
          Add(l == level ? 1 : 0, n, w, &levels[l][side]);
        }
        if (!covariate.numeric() || std::isnan(covariate.value_of_code[code])) {
          continue;
        }
        Add(covariate.value_of_code[code], n, w, &number[side]);
      }
    }
    if (covariate.numeric()) rows.push_back(MakeRow(covariate, "", number));
    for (size_t l = 0; l < levels.size(); ++l) {
      if (levels[l][0].sum + levels[l][1].sum == 0) continue;
      rows.push_back(MakeRow(covariate, covariate.levels[l], levels[l]));
    }
  }
  return rows;
}

LargestImbalance FindLargestImbalance(const std::vector<BalanceRow>& rows) {
  LargestImbalance largest;
  bool weighted = false;
  bool unbounded = false;
  for (const BalanceRow& row : rows) weighted |= !std::isnan(row.after);
  double most = -1;
  for (size_t i = 0; i < rows.size(); ++i) {
    // Without spread a difference is as large as can be.
    const double before = std::isnan(rows[i].before)
                              ? std::numeric_limits<double>::max()
                              : std::abs(rows[i].before);
    unbounded |= std::isnan(rows[i].before);
    largest.before = std::max(largest.before, before);
    if (!std::isnan(rows[i].after)) {
      largest.after = std::max(largest.after, std::abs(rows[i].after));
    }
    const double size = !weighted                   ? before
                        : std::isnan(rows[i].after) ? 0
                                                    : std::abs(rows[i].after);
    if (size > most) {
      most = size;
      largest.row = i;
    }
  }
  if (unbounded) largest.before = kNan;
  if (!weighted) largest.after = kNan;
  return largest;
}

}  // namespace plumbline
