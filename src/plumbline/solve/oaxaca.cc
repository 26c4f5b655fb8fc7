#include "plumbline/solve/oaxaca.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "plumbline/solve/cholesky.h"

namespace plumbline {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

// Columns of the design: 1, the group's indicator, then the levels of each
// factor but its first.
struct Design {
  std::vector<int> first;  // column of each factor's second level
  std::vector<int> width;  // columns of each factor
  std::vector<std::vector<int>> column_of_code;  // by factor, code + 1; -1:
                                                 // left out; -2: first level
  int columns = 2;
};

// Sums over rows: cross products of columns and outcome, for each group.
struct Sums {
  explicit Sums(int n) : columns(n), products(n * n), outcome(n) {}
  int columns;
  std::vector<double> products;
  std::vector<double> outcome;
};

struct Problem {
  std::span<const double> outcomes;
  std::span<const int8_t> groups;
  std::span<const OaxacaFactor> factors;
  std::span<const uint32_t> subjects;
  int64_t subject_count = 0;
};

bool IsCounted(const Problem& p, size_t row) {
  return p.groups[row] >= 0 && std::isfinite(p.outcomes[row]);
}

// Levels that both groups have; the first of them is the base.
Design MakeDesign(const Problem& p) {
  Design design;
  for (const OaxacaFactor& factor : p.factors) {
    std::vector<uint8_t> seen(factor.levels + 1, 0);
    for (size_t row = 0; row < p.groups.size(); ++row) {
      if (IsCounted(p, row)) {
        seen[factor.codes[row] + 1] |= uint8_t(1 << p.groups[row]);
      }
    }
    std::vector<int> columns(factor.levels + 1, -1);
    design.first.push_back(design.columns);
    bool has_base = false;
    for (size_t level = 0; level < seen.size(); ++level) {
      if (seen[level] != 3) continue;
      columns[level] = has_base ? design.columns++ : -2;
      has_base = true;
    }
    design.width.push_back(design.columns - design.first.back());
    design.column_of_code.push_back(std::move(columns));
  }
  return design;
}

// The columns of a row that are 1, without the group's; empty and false: the
// row has a level that only one group has.
bool ColumnsOf(const Problem& p, const Design& design, size_t row,
               std::vector<int>* columns) {
  columns->assign(1, 0);
  for (size_t f = 0; f < p.factors.size(); ++f) {
    const int column = design.column_of_code[f][p.factors[f].codes[row] + 1];
    if (column == -1) return false;
    if (column >= 0) columns->push_back(column);
  }
  return true;
}

void AddRow(const std::vector<int>& columns, double outcome, Sums* sums) {
  for (const int i : columns) {
    for (const int j : columns) sums->products[i * sums->columns + j] += 1;
    sums->outcome[i] += outcome;
  }
}

void AddSums(const Sums& part, Sums* all) {
  for (size_t i = 0; i < part.products.size(); ++i) {
    all->products[i] += part.products[i];
  }
  for (size_t i = 0; i < part.outcome.size(); ++i) {
    all->outcome[i] += part.outcome[i];
  }
}

// Coefficients of the chosen columns; 0 for those that say nothing new.
std::vector<double> Regress(const Sums& sums, const std::vector<int>& chosen) {
  const size_t n = chosen.size();
  std::vector<double> products(n * n);
  for (size_t i = 0; i < n; ++i) {
    for (size_t j = 0; j < n; ++j) {
      products[i * n + j] = sums.products[chosen[i] * sums.columns + chosen[j]];
    }
  }
  const std::vector<size_t> kept = IndependentColumns(products, n);
  std::vector<double> matrix(kept.size() * kept.size()), b(kept.size());
  for (size_t i = 0; i < kept.size(); ++i) {
    for (size_t j = 0; j < kept.size(); ++j) {
      matrix[i * kept.size() + j] = products[kept[i] * n + kept[j]];
    }
    b[i] = sums.outcome[chosen[kept[i]]];
  }
  const Cholesky factor(matrix, kept.size());
  if (!factor.ok()) return std::vector<double>(sums.columns, kNaN);
  factor.Solve(b);
  std::vector<double> coefficients(sums.columns, 0.0);
  for (size_t i = 0; i < kept.size(); ++i) coefficients[chosen[kept[i]]] = b[i];
  return coefficients;
}

class Decomposer {
 public:
  Decomposer(const Design& design, OaxacaReference reference)
      : design_(design), reference_(reference) {}

  // difference, explained, unexplained, by_factor..., shapley...
  std::vector<double> Values(const Sums& a, const Sums& b) const {
    const size_t k = design_.first.size();
    const double mean_a = a.outcome[0] / a.products[0];
    const double mean_b = b.outcome[0] / b.products[0];
    std::vector<double> shift(design_.columns);  // x_a - x_b
    for (int c = 2; c < design_.columns; ++c) {
      shift[c] = a.products[c] / a.products[0] - b.products[c] / b.products[0];
    }
    const uint32_t all = (1u << k) - 1;
    std::vector<double> explained_by(size_t{1} << k, 0.0);
    std::vector<double> by_factor(k, 0.0);
    for (uint32_t subset = 1; subset <= all; ++subset) {
      const std::vector<double> beta = Coefficients(a, b, subset);
      for (size_t f = 0; f < k; ++f) {
        double part = 0;
        for (int c = 0; c < design_.width[f]; ++c) {
          part += shift[design_.first[f] + c] * beta[design_.first[f] + c];
        }
        if (((subset >> f) & 1) != 0) explained_by[subset] += part;
        if (subset == all) by_factor[f] = part;
      }
    }
    std::vector<double> values = {mean_a - mean_b, explained_by[all],
                                  mean_a - mean_b - explained_by[all]};
    values.insert(values.end(), by_factor.begin(), by_factor.end());
    const std::vector<double> shares = Shapley(explained_by, k);
    values.insert(values.end(), shares.begin(), shares.end());
    return values;
  }

 private:
  std::vector<double> Coefficients(const Sums& a, const Sums& b,
                                   uint32_t subset) const {
    std::vector<int> chosen = {0};
    if (reference_ == OaxacaReference::kPooled) chosen.push_back(1);
    for (size_t f = 0; f < design_.first.size(); ++f) {
      if (((subset >> f) & 1) == 0) continue;
      for (int c = 0; c < design_.width[f]; ++c) {
        chosen.push_back(design_.first[f] + c);
      }
    }
    if (reference_ == OaxacaReference::kA) return Regress(a, chosen);
    if (reference_ == OaxacaReference::kB) return Regress(b, chosen);
    // The indicator is 1 in b.
    Sums pooled = a;
    for (size_t i = 0; i < pooled.products.size(); ++i) {
      pooled.products[i] += b.products[i];
    }
    for (int c = 0; c < design_.columns; ++c) {
      pooled.outcome[c] += b.outcome[c];
      const double in_b = c == 1 ? b.products[0] : b.products[c];
      pooled.products[1 * design_.columns + c] = in_b;
      pooled.products[c * design_.columns + 1] = in_b;
    }
    pooled.products[design_.columns + 1] = b.products[0];
    pooled.outcome[1] = b.outcome[0];
    return Regress(pooled, chosen);
  }

  static std::vector<double> Shapley(const std::vector<double>& values,
                                     size_t k) {
    std::vector<double> weight(k, 0.0);  // |S|! (k - |S| - 1)! / k!
    for (size_t s = 0; s < k; ++s) {
      weight[s] = std::exp(std::lgamma(s + 1.0) + std::lgamma(k - s + 0.0) -
                           std::lgamma(k + 1.0));
    }
    std::vector<double> shares(k, 0.0);
    for (uint32_t subset = 0; subset < values.size(); ++subset) {
      for (size_t f = 0; f < k; ++f) {
        if (((subset >> f) & 1) != 0) continue;
        shares[f] += weight[__builtin_popcount(subset)] *
                     (values[subset | (1u << f)] - values[subset]);
      }
    }
    return shares;
  }

  const Design& design_;
  OaxacaReference reference_;
};

Sums Minus(Sums all, const Sums& part) {
  for (size_t i = 0; i < all.products.size(); ++i) {
    all.products[i] -= part.products[i];
  }
  for (size_t i = 0; i < all.outcome.size(); ++i) {
    all.outcome[i] -= part.outcome[i];
  }
  return all;
}

// Standard errors of the values by leaving out groups of subjects.
std::vector<double> Jackknife(const Decomposer& decomposer,
                              const std::vector<Sums>& a,
                              const std::vector<Sums>& b, const Sums& all_a,
                              const Sums& all_b, size_t values) {
  std::vector<double> sum(values, 0.0), squares(values, 0.0);
  double groups = 0;
  for (size_t g = 0; g < a.size(); ++g) {
    const Sums left_a = Minus(all_a, a[g]);
    const Sums left_b = Minus(all_b, b[g]);
    if (left_a.products[0] < 0.5 || left_b.products[0] < 0.5) continue;
    const std::vector<double> without = decomposer.Values(left_a, left_b);
    for (size_t v = 0; v < values; ++v) {
      sum[v] += without[v];
      squares[v] += without[v] * without[v];
    }
    ++groups;
  }
  std::vector<double> errors(values, kNaN);
  for (size_t v = 0; v < values && groups > 1; ++v) {
    const double spread = squares[v] - sum[v] * sum[v] / groups;
    errors[v] = std::sqrt(std::max(0.0, spread) * (groups - 1) / groups);
  }
  return errors;
}

}  // namespace

OaxacaResult Oaxaca(std::span<const double> outcomes,
                    std::span<const int8_t> groups,
                    std::span<const OaxacaFactor> factors,
                    std::span<const uint32_t> subjects, int64_t subject_count,
                    const OaxacaOptions& options) {
  const Problem problem{outcomes, groups, factors, subjects, subject_count};
  OaxacaResult result;
  if (factors.size() > kMostOaxacaFactors) {
    result.reason = "too_many_factors";
    return result;
  }
  const Design design = MakeDesign(problem);
  // Subjects go to the groups of the jackknife in turn.
  const int g = options.jackknife_groups;
  std::vector<Sums> a(g, Sums(design.columns)), b(g, Sums(design.columns));
  Sums all_a(design.columns), all_b(design.columns);
  std::vector<uint8_t> has_rows(subject_count, 0);
  int64_t in_a = 0, in_b = 0;
  std::vector<int> columns;
  for (size_t row = 0; row < outcomes.size(); ++row) {
    if (!IsCounted(problem, row)) continue;
    const bool is_a = groups[row] == 0;
    ++(is_a ? in_a : in_b);
    if (!ColumnsOf(problem, design, row, &columns)) continue;
    ++(is_a ? result.rows_a : result.rows_b);
    const size_t block = subjects[row] % static_cast<uint32_t>(g);
    AddRow(columns, outcomes[row], is_a ? &a[block] : &b[block]);
    has_rows[subjects[row]] = 1;
  }
  for (int block = 0; block < g; ++block) {
    AddSums(a[block], &all_a);
    AddSums(b[block], &all_b);
  }
  result.subjects = std::count(has_rows.begin(), has_rows.end(), uint8_t{1});
  if (in_a == 0 || in_b == 0) {
    result.reason = "one_group";
    return result;
  }
  result.left_out_a =
      1 - static_cast<double>(result.rows_a) / static_cast<double>(in_a);
  result.left_out_b =
      1 - static_cast<double>(result.rows_b) / static_cast<double>(in_b);
  if (result.rows_a == 0 || result.rows_b == 0) {
    result.reason = "no_common_level";
    return result;
  }
  if (result.subjects < 2 * g) {
    result.reason = "too_few_subjects";
    return result;
  }
  const Decomposer decomposer(design, options.reference);
  const std::vector<double> values = decomposer.Values(all_a, all_b);
  const std::vector<double> errors =
      Jackknife(decomposer, a, b, all_a, all_b, values.size());
  const auto part = [&](size_t i) { return OaxacaPart{values[i], errors[i]}; };
  result.difference = part(0);
  result.explained = part(1);
  result.unexplained = part(2);
  for (size_t f = 0; f < factors.size(); ++f) {
    result.by_factor.push_back(part(3 + f));
    result.shapley.push_back(part(3 + factors.size() + f));
  }
  return result;
}

}  // namespace plumbline
