#include "plumbline/stats/power.h"

#include <algorithm>
#include <cmath>

#include "plumbline/base/error.h"
#include "plumbline/stats/normal.h"

namespace plumbline {
namespace {

void CheckOptions(const PowerOptions& options) {
  if (!(options.alpha > 0 && options.alpha < 1)) {
    throw Error(ErrorCode::kInvalidInput,
                "alpha must lie between 0 and 1, found {}", options.alpha);
  }
  if (!(options.power > 0 && options.power < 1)) {
    throw Error(ErrorCode::kInvalidInput,
                "the power must lie between 0 and 1, found {}", options.power);
  }
  if (!(options.design_effect > 0)) {
    throw Error(ErrorCode::kInvalidInput,
                "the design effect must be > 0, found {}",
                options.design_effect);
  }
}

void CheckProportion(double p) {
  if (!(p >= 0 && p <= 1)) {
    throw Error(ErrorCode::kInvalidInput,
                "a proportion must lie between 0 and 1, found {}", p);
  }
}

void CheckTrials(double trials) {
  if (!(trials > 0)) {
    throw Error(ErrorCode::kInvalidInput,
                "a power needs more than 0 trials in each group, found {}",
                trials);
  }
}

double BinomialVariance(double p) { return p * (1 - p); }

// Sum of the two standard-normal quantiles that every formula here shares.
double QuantileSum(const PowerOptions& options) {
  return NormalQuantile(1 - options.alpha / 2) + NormalQuantile(options.power);
}

// |p_a - p_b| in standard errors, without the checks.
double Separation(double p_a, double p_b, double trials_a, double trials_b,
                  double design_effect) {
  const double variance = design_effect * (BinomialVariance(p_a) / trials_a +
                                           BinomialVariance(p_b) / trials_b);
  if (p_a == p_b) return 0;
  return std::abs(p_a - p_b) / std::sqrt(variance);
}

}  // namespace

double TrialsPerGroup(double p_a, double p_b, const PowerOptions& options) {
  CheckOptions(options);
  if (!(p_a > 0 && p_a < 1 && p_b > 0 && p_b < 1) || p_a == p_b) {
    throw Error(ErrorCode::kInvalidInput,
                "a sample size needs two different proportions inside (0, 1), "
                "found {} and {}",
                p_a, p_b);
  }
  const double ratio = QuantileSum(options) / (p_a - p_b);
  return options.design_effect * ratio * ratio *
         (BinomialVariance(p_a) + BinomialVariance(p_b));
}

double PowerOfProportions(double p_a, double p_b, double trials_a,
                          double trials_b, const PowerOptions& options) {
  CheckOptions(options);
  CheckProportion(p_a);
  CheckProportion(p_b);
  CheckTrials(trials_a);
  CheckTrials(trials_b);
  return NormalCdf(
      Separation(p_a, p_b, trials_a, trials_b, options.design_effect) -
      NormalQuantile(1 - options.alpha / 2));
}

double SmallestDetectableDifference(double p_a, double trials_a,
                                    double trials_b, bool upwards,
                                    const PowerOptions& options) {
  CheckOptions(options);
  CheckProportion(p_a);
  CheckTrials(trials_a);
  CheckTrials(trials_b);
  const double wanted = QuantileSum(options);
  // The separation grows with the distance of p_b, so bisection finds the one
  // place where it is just enough.
  const double end = upwards ? 1.0 : 0.0;
  const auto enough = [&](double p_b) {
    return Separation(p_a, p_b, trials_a, trials_b, options.design_effect) >=
           wanted;
  };
  if (p_a == end || !enough(end)) return 1;
  double near = p_a;
  double far = end;
  for (int step = 0; step < 60; ++step) {
    const double middle = (near + far) / 2;
    (enough(middle) ? far : near) = middle;
  }
  return std::abs(far - p_a);
}

double SmallestDetectableShift(double standard_error_of_difference,
                               const PowerOptions& options) {
  CheckOptions(options);
  if (standard_error_of_difference < 0) {
    throw Error(ErrorCode::kInvalidInput,
                "a standard error must be >= 0, found {}",
                standard_error_of_difference);
  }
  return QuantileSum(options) * standard_error_of_difference;
}

}  // namespace plumbline
