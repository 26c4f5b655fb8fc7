// Multinomial logistic regression by Newton's method, without ridge: exact
// maximum likelihood or a plain word why there is none.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace plumbline {

enum class LogisticStatus {
  kConverged,
  // A combination of columns tells classes apart without error, so that the
  // likelihood has no maximum (Albert and Anderson 1984, Biometrika 71:1-10):
  // a fitted log-odds between two classes has passed 18 (1 in 66 million).
  kSeparated,
  kCollinear,     // a column is a combination of others
  kNotConverged,  // not within 200 steps
};

// P(class k | x) = exp(x'b_k) / sum_j exp(x'b_j), b_0 = 0.
struct LogisticFit {
  LogisticStatus status = LogisticStatus::kNotConverged;
  int iterations = 0;
  double log_likelihood = 0;
  std::vector<double> coefficients;   // (classes - 1) x columns, row-major
  std::vector<double> probabilities;  // rows x classes, row-major
  // Minus the second derivative of the log-likelihood at the estimate; rows and
  // columns in the order of `coefficients`. Its inverse is the covariance of
  // the coefficients for independent rows.
  std::vector<double> information;
};

// `x`: rows x columns, row-major; no column of ones is added. `weights`: rows x
// classes, how often (or with what weight, >= 0) class k was seen at this row;
// grouped data therefore take one row for each distinct x. At least 2 classes,
// each with a positive total.
//
// Newton-Raphson with step halving, from zero; converged when the decrement
// (half the squared Newton step in the metric of the information) is below
// 1e-14 of the total weight, which leaves about 10 exact digits.
//
// Source: McCullagh and Nelder 1989, Generalized Linear Models, ch. 5; Agresti
// 2013, Categorical Data Analysis, sec. 8.1.4.
LogisticFit FitMultinomialLogistic(std::span<const double> x,
                                   std::span<const double> weights,
                                   size_t columns, size_t classes);

}  // namespace plumbline
