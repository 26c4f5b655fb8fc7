#include "plumbline/stats/calibration.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "plumbline/base/error.h"
#include "plumbline/stats/clusters.h"

namespace plumbline {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr double kClip = 1e-12;
constexpr int kMaxSteps = 50;
// Mean of p (1 - p) below which rounding decides where the maximum lies.
constexpr double kFlat = 1e-9;
constexpr double kTolerance = 1e-12;  // of a step, relative to the coefficient

using Labels = std::span<const uint8_t>;

void Check(std::span<const double> scores, Labels labels) {
  if (labels.size() != scores.size()) {
    throw Error(ErrorCode::kInvalidInput,
                "there must be one label for each score, found {} labels for "
                "{} scores",
                labels.size(), scores.size());
  }
  for (size_t i = 0; i < scores.size(); ++i) {
    if (!(scores[i] >= 0 && scores[i] <= 1)) {
      throw Error(ErrorCode::kInvalidInput,
                  "calibration needs probabilities from 0 to 1, found {} at "
                  "position {} (counted from 0)",
                  scores[i], i);
    }
    if (labels[i] > 1) {
      throw Error(ErrorCode::kInvalidInput,
                  "labels must be 0 or 1, found {} at position {} (counted "
                  "from 0)",
                  labels[i], i);
    }
  }
}

double Expit(double x) { return 1 / (1 + std::exp(-x)); }

// Clipped after the logarithm: 1 - 1e-12 is not exact in a double.
std::vector<double> Logits(std::span<const double> scores) {
  const double limit = std::log((1 - kClip) / kClip);
  std::vector<double> logits(scores.size());
  std::transform(
      scores.begin(), scores.end(), logits.begin(), [limit](double score) {
        return std::clamp(std::log(score) - std::log1p(-score), -limit, limit);
      });
  return logits;
}

struct Coefficients {
  double intercept = 0;
  double slope = 0;
};

// Gradient and Fisher information of the log-likelihood at the coefficients.
struct Derivatives {
  double g0 = 0, g1 = 0;
  double h00 = 0, h01 = 0, h11 = 0;

  double Determinant() const { return h00 * h11 - h01 * h01; }
  // The information's inverse times (a, b).
  Coefficients Solve(double a, double b) const {
    return {(h11 * a - h01 * b) / Determinant(),
            (h00 * b - h01 * a) / Determinant()};
  }
};

Derivatives Differentiate(std::span<const double> x, Labels labels,
                          const Coefficients& at) {
  Derivatives d;
  for (size_t i = 0; i < x.size(); ++i) {
    const double p = Expit(at.intercept + at.slope * x[i]);
    const double residual = labels[i] - p;
    const double weight = p * (1 - p);
    d.g0 += residual;
    d.g1 += residual * x[i];
    d.h00 += weight;
    d.h01 += weight * x[i];
    d.h11 += weight * x[i] * x[i];
  }
  return d;
}

// Sums of a score function over clusters, for the middle of the sandwich.
class ClusterSums {
 public:
  ClusterSums(std::span<const uint32_t> clusters, size_t rows)
      : clusters_(NumberClusters(clusters)),
        count_(clusters.empty() ? rows : clusters_.count) {}

  // Sum over clusters of (sum of value(row) in the cluster)^2, times
  // S / (S - 1).
  template <typename Value>
  double SumOfSquares(size_t rows, Value&& value) const {
    if (count_ < 2) return kNaN;
    std::vector<double> sums(count_);
    for (size_t i = 0; i < rows; ++i) {
      sums[clusters_.count == 0 ? i : clusters_.ids[i]] += value(i);
    }
    double squares = 0;
    for (const double sum : sums) squares += sum * sum;
    const auto count = static_cast<double>(count_);
    return squares * (count / (count - 1));
  }

 private:
  DenseClusters clusters_;  // count 0: rows are independent
  size_t count_;
};

bool HasBothClasses(Labels labels) {
  return std::find(labels.begin(), labels.end(), 0) != labels.end() &&
         std::find(labels.begin(), labels.end(), 1) != labels.end();
}

// Whether the likelihood has no maximum: some threshold of x has one class on
// either side, ties included (Albert and Anderson 1984, Biometrika 71:1-10).
bool Separated(std::span<const double> x, Labels labels) {
  double lowest[2] = {INFINITY, INFINITY};
  double highest[2] = {-INFINITY, -INFINITY};
  for (size_t i = 0; i < x.size(); ++i) {
    lowest[labels[i]] = std::min(lowest[labels[i]], x[i]);
    highest[labels[i]] = std::max(highest[labels[i]], x[i]);
  }
  return lowest[1] >= highest[0] || lowest[0] >= highest[1];
}

// Moves `at` along the Newton step, halved while it overshoots: the slope of
// the (concave) log-likelihood along the step must not come out steeper the
// other way than most of what it was. Returns the derivatives at the new place.
Derivatives Advance(std::span<const double> x, Labels labels,
                    const Derivatives& here, Coefficients step,
                    Coefficients* at) {
  const double rise = here.g0 * step.intercept + here.g1 * step.slope;
  for (double scale = 1;; scale /= 2) {
    const Coefficients next{at->intercept + scale * step.intercept,
                            at->slope + scale * step.slope};
    const Derivatives there = Differentiate(x, labels, next);
    const double rise_there = there.g0 * step.intercept + there.g1 * step.slope;
    if (rise_there >= -0.9 * rise || scale < 1e-6) {
      *at = next;
      return there;
    }
  }
}

bool IsSmall(double step, double coefficient) {
  return std::abs(step) <= kTolerance * (1 + std::abs(coefficient));
}

// The slope of the logistic regression on the logits and its standard error.
void FitSlope(std::span<const double> logits, Labels labels,
              const ClusterSums& clusters, CalibrationFit* fit) {
  if (Separated(logits, labels)) return;
  // Centred and scaled, so that the information is well conditioned.
  double mean = 0;
  for (const double logit : logits) mean += logit / logits.size();
  double variance = 0;
  for (const double logit : logits) {
    variance += (logit - mean) * (logit - mean) / logits.size();
  }
  const double scale = std::sqrt(variance);
  std::vector<double> x(logits.size());
  std::transform(logits.begin(), logits.end(), x.begin(),
                 [&](double logit) { return (logit - mean) / scale; });

  Coefficients at;
  Derivatives here = Differentiate(x, labels, at);
  bool converged = false;
  for (int i = 0; i < kMaxSteps && !converged; ++i) {
    if (!(here.Determinant() > 0)) return;
    const Coefficients step = here.Solve(here.g0, here.g1);
    here = Advance(x, labels, here, step, &at);
    converged =
        IsSmall(step.intercept, at.intercept) && IsSmall(step.slope, at.slope);
  }
  if (!converged || !(here.Determinant() > 0)) return;

  const Coefficients row = here.Solve(0, 1);  // of the inverse information
  const double robust = clusters.SumOfSquares(x.size(), [&](size_t i) {
    const double residual = labels[i] - Expit(at.intercept + at.slope * x[i]);
    return residual * (row.intercept + row.slope * x[i]);
  });
  fit->slope = at.slope / scale;
  fit->slope_se = std::sqrt(robust) / scale;
}

// Solves sum(expit(logit + intercept)) = sum(labels), which grows with the
// intercept, by Newton's method kept inside the bracket of the root.
void FitIntercept(std::span<const double> logits, Labels labels,
                  const ClusterSums& clusters, CalibrationFit* fit) {
  if (!HasBothClasses(labels)) return;
  double positives = 0;
  for (const uint8_t label : labels) positives += label;
  const double base = std::log(positives) - std::log(labels.size() - positives);
  const auto [least, greatest] =
      std::minmax_element(logits.begin(), logits.end());
  double lo = base - *greatest;
  double hi = base - *least;
  double at = std::clamp(0.0, lo, hi);
  bool converged = false;
  double information = 0;
  for (int i = 0; i < kMaxSteps && !converged; ++i) {
    double excess = -positives;
    information = 0;
    for (const double logit : logits) {
      const double p = Expit(logit + at);
      excess += p;
      information += p * (1 - p);
    }
    (excess > 0 ? hi : lo) = at;
    const double next = at - excess / information;
    converged = IsSmall(next - at, at);
    at = converged || (next > lo && next < hi) ? next : lo + (hi - lo) / 2;
  }
  if (!converged || information < kFlat * logits.size()) return;
  const double robust = clusters.SumOfSquares(logits.size(), [&](size_t i) {
    return labels[i] - Expit(logits[i] + at);
  });
  fit->intercept = at;
  fit->intercept_se = std::sqrt(robust) / information;
}

}  // namespace

CalibrationFit FitCalibration(std::span<const double> scores,
                              std::span<const uint8_t> labels,
                              std::span<const uint32_t> clusters) {
  Check(scores, labels);
  if (!clusters.empty() && clusters.size() != scores.size()) {
    throw Error(ErrorCode::kInvalidInput,
                "there must be one cluster id for each score, found {} for {} "
                "scores",
                clusters.size(), scores.size());
  }
  const std::vector<double> logits = Logits(scores);
  const ClusterSums sums(clusters, scores.size());
  CalibrationFit fit{kNaN, kNaN, kNaN, kNaN, false};
  FitSlope(logits, labels, sums, &fit);
  FitIntercept(logits, labels, sums, &fit);
  fit.converged = !std::isnan(fit.slope) && !std::isnan(fit.intercept);
  return fit;
}

double SpiegelhalterZ(std::span<const double> scores,
                      std::span<const uint8_t> labels) {
  Check(scores, labels);
  double numerator = 0;
  double variance = 0;
  for (size_t i = 0; i < scores.size(); ++i) {
    const double p = scores[i];
    numerator += (labels[i] - p) * (1 - 2 * p);
    variance += (1 - 2 * p) * (1 - 2 * p) * p * (1 - p);
  }
  return numerator / std::sqrt(variance);
}

}  // namespace plumbline
