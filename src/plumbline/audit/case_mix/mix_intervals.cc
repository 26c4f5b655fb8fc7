#include "plumbline/audit/case_mix/mix_intervals.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "plumbline/base/random.h"
#include "plumbline/solve/cholesky.h"
#include "plumbline/stats/normal.h"

namespace plumbline {
namespace {

constexpr int kDraws = 10000;

}  // namespace

void Wald(double value, double variance, bool not_negative, double level,
          MixEstimate* estimate) {
  estimate->value = value;
  estimate->method = "linearised";
  // Rounding leaves traces where nothing varies.
  if (!(variance > 1e-24)) {
    estimate->reason = "no_variation";
    return;
  }
  const double se = std::sqrt(variance);
  const double half = TwoSidedZ(level) * se;
  estimate->standard_error = se;
  estimate->lo = not_negative ? std::max(0.0, value - half) : value - half;
  estimate->hi = value + half;
  estimate->p = TwoSidedNormalP(value / se);
}

void LargestDifference(const std::vector<double>& covariance,
                       const MixOptions& options, MixEstimate* estimate) {
  const size_t k = estimate->of_group.size();
  const auto [low, high] =
      std::minmax_element(estimate->of_group.begin(), estimate->of_group.end());
  estimate->value = *high - *low;
  estimate->method = "range_simulation";
  if (std::any_of(covariance.begin(), covariance.end(),
                  [](double c) { return std::isnan(c); })) {
    estimate->reason = "no_variation";
    return;
  }
  const std::vector<double> factor = SemidefiniteFactor(covariance, k);
  RandomStream random(options.seed, "case_mix_range", options.stream);
  std::vector<double> ranges(kDraws);
  std::vector<double> normal(k);
  int beyond = 0;
  for (double& range : ranges) {
    for (double& z : normal) z = random.NextNormal();
    double least = std::numeric_limits<double>::infinity();
    double most = -least;
    for (size_t i = 0; i < k; ++i) {
      double error = 0;
      for (size_t j = 0; j <= i; ++j) error += factor[i * k + j] * normal[j];
      least = std::min(least, error);
      most = std::max(most, error);
    }
    range = most - least;
    beyond += range >= estimate->value;
  }
  const auto at = static_cast<size_t>(std::ceil(options.level * kDraws)) - 1;
  std::nth_element(ranges.begin(), ranges.begin() + at, ranges.end());
  if (!(ranges[at] > 1e-12)) {
    estimate->reason = "no_variation";
    return;
  }
  estimate->lo = std::max(0.0, estimate->value - ranges[at]);
  estimate->hi = estimate->value + ranges[at];
  estimate->p = (1.0 + beyond) / (1.0 + kDraws);
}

}  // namespace plumbline
