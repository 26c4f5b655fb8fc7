#include "plumbline/stats/inequality.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "plumbline/base/error.h"

namespace plumbline {
namespace {

struct Weighted {
  double value;
  double weight;
};

// The finite values with a positive weight, smallest first. Empty when the
// summary is undefined: fewer than two, or one of them negative.
std::vector<Weighted> Usable(std::span<const double> values,
                             std::span<const double> weights) {
  if (values.size() != weights.size()) {
    throw Error(ErrorCode::kInvalidInput,
                "an inequality needs one weight a value, found {} values and "
                "{} weights",
                values.size(), weights.size());
  }
  std::vector<Weighted> usable;
  for (size_t i = 0; i < values.size(); ++i) {
    if (!std::isfinite(values[i]) || !(weights[i] > 0)) continue;
    if (values[i] < 0) return {};
    usable.push_back({values[i], weights[i]});
  }
  if (usable.size() < 2) return {};
  std::sort(
      usable.begin(), usable.end(),
      [](const Weighted& a, const Weighted& b) { return a.value < b.value; });
  return usable;
}

struct Totals {
  double weight = 0;
  double value = 0;  // weighted sum
};

Totals Sum(const std::vector<Weighted>& usable) {
  Totals totals;
  for (const Weighted& entry : usable) {
    totals.weight += entry.weight;
    totals.value += entry.weight * entry.value;
  }
  return totals;
}

}  // namespace

double Gini(std::span<const double> values, std::span<const double> weights) {
  const std::vector<Weighted> usable = Usable(values, weights);
  const Totals totals = Sum(usable);
  if (!(totals.value > 0)) return std::numeric_limits<double>::quiet_NaN();
  // Sum over pairs of w_i w_j (x_j - x_i), x_i <= x_j, in one sorted pass.
  double pairs = 0;
  double weight_below = 0;
  double value_below = 0;
  for (const Weighted& entry : usable) {
    pairs += entry.weight * (entry.value * weight_below - value_below);
    weight_below += entry.weight;
    value_below += entry.weight * entry.value;
  }
  return std::max(0.0, pairs / (totals.weight * totals.value));
}

double TheilIndex(std::span<const double> values,
                  std::span<const double> weights) {
  const std::vector<Weighted> usable = Usable(values, weights);
  const Totals totals = Sum(usable);
  if (!(totals.value > 0)) return std::numeric_limits<double>::quiet_NaN();
  const double mean = totals.value / totals.weight;
  double sum = 0;
  for (const Weighted& entry : usable) {
    const double relative = entry.value / mean;
    if (relative > 0) sum += entry.weight * relative * std::log(relative);
  }
  return std::max(0.0, sum / totals.weight);
}

}  // namespace plumbline
