#include "plumbline/solve/multinomial_logistic.h"

#include <algorithm>
#include <cmath>

#include "plumbline/solve/cholesky.h"

namespace plumbline {
namespace {

constexpr double kSeparatedLogOdds = 18;
constexpr double kDecrement = 1e-14;
constexpr int kMostSteps = 200;
constexpr int kMostHalvings = 40;

class Fitter {
 public:
  Fitter(std::span<const double> x, std::span<const double> weights,
         size_t columns, size_t classes)
      : x_(x),
        weights_(weights),
        columns_(columns),
        classes_(classes),
        rows_(x.size() / columns),
        parameters_((classes - 1) * columns) {
    for (const double weight : weights) total_ += weight;
  }

  LogisticFit Run() {
    fit_.coefficients.assign(parameters_, 0);
    fit_.probabilities.resize(rows_ * classes_);
    fit_.log_likelihood = Evaluate(fit_.coefficients);
    while (fit_.iterations < kMostSteps) {
      Derivatives();
      const Cholesky cholesky(fit_.information, parameters_);
      if (!cholesky.ok()) {
        fit_.status = FarApart() ? LogisticStatus::kSeparated
                                 : LogisticStatus::kCollinear;
        return std::move(fit_);
      }
      std::vector<double> step = gradient_;
      cholesky.Solve(step);
      double decrement = 0;
      for (size_t i = 0; i < parameters_; ++i) {
        decrement += 0.5 * gradient_[i] * step[i];
      }
      if (decrement <= kDecrement * total_) {
        fit_.status = LogisticStatus::kConverged;
        break;
      }
      ++fit_.iterations;
      if (!Move(step)) break;
      if (FarApart()) break;
    }
    if (FarApart()) fit_.status = LogisticStatus::kSeparated;
    return std::move(fit_);
  }

 private:
  // Log-likelihood; fills the probabilities.
  double Evaluate(const std::vector<double>& coefficients) {
    double log_likelihood = 0;
    largest_ = 0;
    std::vector<double> eta(classes_);
    for (size_t i = 0; i < rows_; ++i) {
      const double* x = x_.data() + i * columns_;
      eta[0] = 0;
      for (size_t k = 1; k < classes_; ++k) {
        const double* b = coefficients.data() + (k - 1) * columns_;
        double sum = 0;
        for (size_t j = 0; j < columns_; ++j) sum += b[j] * x[j];
        eta[k] = sum;
      }
      const auto [low, high] = std::minmax_element(eta.begin(), eta.end());
      double* p = fit_.probabilities.data() + i * classes_;
      const double* w = weights_.data() + i * classes_;
      const double top = *high;
      double sum = 0;
      double seen = 0;
      for (size_t k = 0; k < classes_; ++k) {
        p[k] = std::exp(eta[k] - top);
        sum += p[k];
        seen += w[k];
      }
      const double log_sum = std::log(sum) + top;
      for (size_t k = 0; k < classes_; ++k) {
        p[k] /= sum;
        if (w[k] > 0) log_likelihood += w[k] * (eta[k] - log_sum);
      }
      if (seen > 0) largest_ = std::max(largest_, top - *low);
    }
    return log_likelihood;
  }

  bool FarApart() const { return largest_ > kSeparatedLogOdds; }

  void Derivatives() {
    gradient_.assign(parameters_, 0);
    fit_.information.assign(parameters_ * parameters_, 0);
    for (size_t i = 0; i < rows_; ++i) {
      const double* x = x_.data() + i * columns_;
      const double* p = fit_.probabilities.data() + i * classes_;
      const double* w = weights_.data() + i * classes_;
      double seen = 0;
      for (size_t k = 0; k < classes_; ++k) seen += w[k];
      if (seen == 0) continue;
      for (size_t k = 1; k < classes_; ++k) {
        AddScore(x, w[k] - seen * p[k], k);
        for (size_t l = 1; l <= k; ++l) {
          AddInformation(x, seen * p[k] * ((k == l ? 1 : 0) - p[l]), k, l);
        }
      }
    }
    for (size_t i = 0; i < parameters_; ++i) {
      for (size_t j = i + 1; j < parameters_; ++j) {
        fit_.information[i * parameters_ + j] =
            fit_.information[j * parameters_ + i];
      }
    }
  }

  void AddScore(const double* x, double residual, size_t k) {
    double* gradient = gradient_.data() + (k - 1) * columns_;
    for (size_t j = 0; j < columns_; ++j) gradient[j] += residual * x[j];
  }

  // The block of classes k and l <= k; its lower triangle if k == l.
  void AddInformation(const double* x, double v, size_t k, size_t l) {
    for (size_t a = 0; a < columns_; ++a) {
      const double va = v * x[a];
      if (va == 0) continue;
      double* row = fit_.information.data() +
                    ((k - 1) * columns_ + a) * parameters_ + (l - 1) * columns_;
      const size_t end = k == l ? a + 1 : columns_;
      for (size_t b = 0; b < end; ++b) row[b] += va * x[b];
    }
  }

  // A Newton step, halved until the likelihood does not fall. False: it does
  // not rise any more, whatever the step.
  bool Move(const std::vector<double>& step) {
    const std::vector<double> from = fit_.coefficients;
    double length = 1;
    for (int halving = 0; halving < kMostHalvings; ++halving) {
      for (size_t i = 0; i < parameters_; ++i) {
        fit_.coefficients[i] = from[i] + length * step[i];
      }
      const double log_likelihood = Evaluate(fit_.coefficients);
      // Rounding may hide the last gains.
      if (log_likelihood >=
          fit_.log_likelihood - 1e-12 * std::abs(fit_.log_likelihood)) {
        fit_.log_likelihood = log_likelihood;
        return true;
      }
      length /= 2;
    }
    fit_.coefficients = from;
    fit_.log_likelihood = Evaluate(from);
    return false;
  }

  std::span<const double> x_;
  std::span<const double> weights_;
  size_t columns_;
  size_t classes_;
  size_t rows_;
  size_t parameters_;
  double total_ = 0;
  double largest_ = 0;  // log-odds between two classes at any row
  std::vector<double> gradient_;
  LogisticFit fit_;
};

}  // namespace

LogisticFit FitMultinomialLogistic(std::span<const double> x,
                                   std::span<const double> weights,
                                   size_t columns, size_t classes) {
  return Fitter(x, weights, columns, classes).Run();
}

}  // namespace plumbline
