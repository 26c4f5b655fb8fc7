#include "plumbline/solve/little_mcar.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <map>

#include "plumbline/solve/cholesky.h"
#include "plumbline/stats/normal.h"

namespace plumbline {
namespace {

constexpr int kMostIterations = 1000;
constexpr double kTolerance = 1e-10;

// Rows with values in the same columns.
struct Pattern {
  std::vector<size_t> seen, hidden;
  double rows = 0;
  std::vector<double> mean;      // of the seen columns
  std::vector<double> products;  // about the mean, summed over rows
};

struct Normal {
  std::vector<double> mean;
  std::vector<double> covariance;
};

std::vector<Pattern> FindPatterns(std::span<const double> values,
                                  size_t columns) {
  std::map<std::vector<bool>, std::vector<size_t>> rows_of;
  for (size_t row = 0; row * columns < values.size(); ++row) {
    std::vector<bool> seen(columns);
    bool any = false;
    for (size_t c = 0; c < columns; ++c) {
      seen[c] = std::isfinite(values[row * columns + c]);
      any |= seen[c];
    }
    if (any) rows_of[seen].push_back(row);
  }
  std::vector<Pattern> patterns;
  for (const auto& [seen, rows] : rows_of) {
    Pattern pattern;
    for (size_t c = 0; c < columns; ++c) {
      (seen[c] ? pattern.seen : pattern.hidden).push_back(c);
    }
    const size_t k = pattern.seen.size();
    pattern.rows = static_cast<double>(rows.size());
    pattern.mean.assign(k, 0.0);
    pattern.products.assign(k * k, 0.0);
    for (const size_t row : rows) {
      for (size_t i = 0; i < k; ++i) {
        pattern.mean[i] += values[row * columns + pattern.seen[i]];
      }
    }
    for (double& mean : pattern.mean) mean /= pattern.rows;
    for (const size_t row : rows) {
      for (size_t i = 0; i < k; ++i) {
        const double di =
            values[row * columns + pattern.seen[i]] - pattern.mean[i];
        for (size_t j = 0; j < k; ++j) {
          pattern.products[i * k + j] +=
              di * (values[row * columns + pattern.seen[j]] - pattern.mean[j]);
        }
      }
    }
    patterns.push_back(std::move(pattern));
  }
  return patterns;
}

std::vector<double> Block(const std::vector<double>& matrix, size_t columns,
                          const std::vector<size_t>& rows,
                          const std::vector<size_t>& cols) {
  std::vector<double> block;
  for (const size_t r : rows) {
    for (const size_t c : cols) block.push_back(matrix[r * columns + c]);
  }
  return block;
}

// What a pattern adds to the sums of all columns and of their products.
bool AddExpected(const Pattern& pattern, const Normal& normal, size_t columns,
                 std::vector<double>* sums, std::vector<double>* products) {
  const size_t k = pattern.seen.size();
  const size_t h = pattern.hidden.size();
  const Cholesky seen(
      Block(normal.covariance, columns, pattern.seen, pattern.seen), k);
  if (!seen.ok()) return false;
  // Slopes of the hidden on the seen columns, h x k.
  std::vector<double> slopes =
      Block(normal.covariance, columns, pattern.hidden, pattern.seen);
  for (size_t i = 0; i < h; ++i) {
    seen.Solve(std::span(slopes).subspan(i * k, k));
  }
  // The mean of each column, and how it follows the deviations of the seen.
  std::vector<double> mean(columns), follow(columns * k, 0.0);
  for (size_t i = 0; i < k; ++i) {
    mean[pattern.seen[i]] = pattern.mean[i];
    follow[pattern.seen[i] * k + i] = 1;
  }
  for (size_t i = 0; i < h; ++i) {
    double value = normal.mean[pattern.hidden[i]];
    for (size_t j = 0; j < k; ++j) {
      value +=
          slopes[i * k + j] * (pattern.mean[j] - normal.mean[pattern.seen[j]]);
      follow[pattern.hidden[i] * k + j] = slopes[i * k + j];
    }
    mean[pattern.hidden[i]] = value;
  }
  for (size_t a = 0; a < columns; ++a) {
    (*sums)[a] += pattern.rows * mean[a];
    for (size_t b = 0; b < columns; ++b) {
      double sum = pattern.rows * mean[a] * mean[b];
      for (size_t i = 0; i < k; ++i) {
        for (size_t j = 0; j < k; ++j) {
          sum += follow[a * k + i] * pattern.products[i * k + j] *
                 follow[b * k + j];
        }
      }
      (*products)[a * columns + b] += sum;
    }
  }
  // What is left of the hidden columns' variance given the seen.
  for (size_t i = 0; i < h; ++i) {
    for (size_t j = 0; j < h; ++j) {
      double left =
          normal.covariance[pattern.hidden[i] * columns + pattern.hidden[j]];
      for (size_t c = 0; c < k; ++c) {
        left -=
            slopes[i * k + c] *
            normal.covariance[pattern.seen[c] * columns + pattern.hidden[j]];
      }
      (*products)[pattern.hidden[i] * columns + pattern.hidden[j]] +=
          pattern.rows * left;
    }
  }
  return true;
}

// Means and variances of the seen values, no covariance.
bool Begin(const std::vector<Pattern>& patterns, size_t columns,
           Normal* normal) {
  normal->mean.assign(columns, 0.0);
  normal->covariance.assign(columns * columns, 0.0);
  std::vector<double> rows(columns, 0.0), squares(columns, 0.0);
  for (const Pattern& p : patterns) {
    const size_t k = p.seen.size();
    for (size_t i = 0; i < k; ++i) {
      rows[p.seen[i]] += p.rows;
      normal->mean[p.seen[i]] += p.rows * p.mean[i];
      squares[p.seen[i]] +=
          p.products[i * k + i] + p.rows * p.mean[i] * p.mean[i];
    }
  }
  for (size_t c = 0; c < columns; ++c) {
    if (rows[c] < 2) return false;
    normal->mean[c] /= rows[c];
    const double variance =
        squares[c] / rows[c] - normal->mean[c] * normal->mean[c];
    if (!(variance > 1e-12 * (1 + normal->mean[c] * normal->mean[c]))) {
      return false;
    }
    normal->covariance[c * columns + c] = variance;
  }
  return true;
}

}  // namespace

LittleTest LittleMcar(std::span<const double> values, size_t columns) {
  LittleTest test;
  const std::vector<Pattern> patterns = FindPatterns(values, columns);
  test.patterns = static_cast<int>(patterns.size());
  double n = 0;
  for (const Pattern& p : patterns) n += p.rows;
  if (n < 2.0 * static_cast<double>(columns) + 2) {
    test.reason = "too_few_rows";
    return test;
  }
  if (patterns.size() < 2) {
    test.reason = "nothing_missing";
    return test;
  }
  Normal normal;
  if (!Begin(patterns, columns, &normal)) {
    test.reason = "no_spread";
    return test;
  }
  bool converged = false;
  while (!converged && test.iterations < kMostIterations) {
    ++test.iterations;
    std::vector<double> sums(columns, 0.0), products(columns * columns, 0.0);
    for (const Pattern& p : patterns) {
      if (!AddExpected(p, normal, columns, &sums, &products)) {
        test.reason = "no_spread";
        return test;
      }
    }
    converged = true;
    for (size_t a = 0; a < columns; ++a) sums[a] /= n;
    for (size_t a = 0; a < columns; ++a) {
      for (size_t b = 0; b < columns; ++b) {
        const double next = products[a * columns + b] / n - sums[a] * sums[b];
        double& now = normal.covariance[a * columns + b];
        const double scale = std::sqrt(normal.covariance[a * columns + a] *
                                       normal.covariance[b * columns + b]);
        converged &= std::abs(next - now) <= kTolerance * scale;
        now = next;
      }
    }
    normal.mean = sums;
  }
  if (!converged) {
    test.reason = "not_converged";
    return test;
  }
  for (const Pattern& p : patterns) {
    const size_t k = p.seen.size();
    const Cholesky seen(Block(normal.covariance, columns, p.seen, p.seen), k);
    if (!seen.ok()) {
      test.reason = "no_spread";
      return test;
    }
    std::vector<double> shift(k);
    for (size_t i = 0; i < k; ++i) {
      shift[i] = p.mean[i] - normal.mean[p.seen[i]];
    }
    std::vector<double> solved = shift;
    seen.Solve(solved);
    for (size_t i = 0; i < k; ++i) {
      test.chi_squared += p.rows * shift[i] * solved[i];
    }
    test.degrees += static_cast<double>(k);
  }
  test.degrees -= static_cast<double>(columns);
  if (test.degrees <= 0) {
    test.reason = "nothing_missing";
    return test;
  }
  test.p = ChiSquaredUpperTail(test.chi_squared, test.degrees);
  return test;
}

}  // namespace plumbline
