#include "plumbline/solve/ridge_logistic.h"

#include <algorithm>
#include <cmath>

#include "plumbline/solve/cholesky.h"

namespace plumbline {
namespace {

constexpr int kMostSteps = 50;

// log(1 + exp(z)) without overflow.
double Softplus(double z) {
  return std::max(z, 0.0) + std::log1p(std::exp(-std::abs(z)));
}

double Objective(std::span<const double> x, std::span<const uint8_t> y,
                 size_t columns, double ridge,
                 std::span<const double> coefficients) {
  double sum = 0;
  for (size_t i = 0; i < y.size(); ++i) {
    const double z = LogOdds(x.subspan(i * columns, columns), coefficients);
    sum += Softplus(z) - (y[i] != 0 ? z : 0);
  }
  for (size_t c = 0; c < columns; ++c) {
    sum += ridge / 2 * coefficients[c] * coefficients[c];
  }
  return sum;
}

}  // namespace

double LogOdds(std::span<const double> row,
               std::span<const double> coefficients) {
  double z = coefficients[row.size()];
  for (size_t c = 0; c < row.size(); ++c) z += row[c] * coefficients[c];
  return z;
}

std::vector<double> FitRidgeLogistic(std::span<const double> x,
                                     std::span<const uint8_t> y, size_t columns,
                                     double ridge) {
  const size_t n = columns + 1;
  std::vector<double> b(n, 0.0);
  double value = Objective(x, y, columns, ridge, b);
  std::vector<double> gradient(n), hessian(n * n), row(n);
  for (int step = 0; step < kMostSteps; ++step) {
    std::fill(gradient.begin(), gradient.end(), 0.0);
    std::fill(hessian.begin(), hessian.end(), 0.0);
    for (size_t i = 0; i < y.size(); ++i) {
      std::copy_n(x.begin() + static_cast<ptrdiff_t>(i * columns), columns,
                  row.begin());
      row[columns] = 1;
      const double p =
          1 / (1 + std::exp(-LogOdds(x.subspan(i * columns, columns), b)));
      const double off = p - (y[i] != 0 ? 1 : 0);
      const double weight = std::max(p * (1 - p), 1e-12);
      for (size_t r = 0; r < n; ++r) {
        gradient[r] += off * row[r];
        // Most columns are indicators, and mostly 0.
        if (row[r] == 0) continue;
        const double scaled = weight * row[r];
        for (size_t c = 0; c <= r; ++c) hessian[r * n + c] += scaled * row[c];
      }
    }
    for (size_t c = 0; c < columns; ++c) {
      gradient[c] += ridge * b[c];
      hessian[c * n + c] += ridge;
    }
    const Cholesky factor(hessian, n);
    if (!factor.ok()) break;
    std::vector<double> move = gradient;
    factor.Solve(move);
    double decrement = 0;
    for (size_t c = 0; c < n; ++c) decrement += move[c] * gradient[c];
    if (decrement < 1e-16 * (1 + std::abs(value))) break;
    double length = 1;
    std::vector<double> next(n);
    double next_value = value;
    for (int half = 0; half < 30; ++half, length /= 2) {
      for (size_t c = 0; c < n; ++c) next[c] = b[c] - length * move[c];
      next_value = Objective(x, y, columns, ridge, next);
      if (next_value < value) break;
    }
    if (!(next_value < value)) break;
    b = next;
    value = next_value;
  }
  return b;
}

}  // namespace plumbline
