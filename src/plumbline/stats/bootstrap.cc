#include "plumbline/stats/bootstrap.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <limits>
#include <vector>

#include "plumbline/base/error.h"
#include "plumbline/stats/normal.h"

namespace plumbline {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

double Mean(std::span<const double> values) {
  double sum = 0;
  for (const double value : values) sum += value;
  return sum / static_cast<double>(values.size());
}

double StandardDeviation(std::span<const double> values) {
  if (values.size() < 2) return kNaN;
  const double mean = Mean(values);
  if (!std::isfinite(mean)) return kInfinity;
  double squares = 0;
  for (const double value : values) squares += (value - mean) * (value - mean);
  return std::sqrt(squares / static_cast<double>(values.size() - 1));
}

// The defined replicates, sorted, and the summary without its limits.
struct Replicates {
  std::vector<double> sorted;
  BootstrapSummary summary;
  bool usable = false;  // enough of them are defined
};

Replicates Collect(double estimate, std::span<const double> replicates,
                   double level, double min_defined_share) {
  CheckLevel(level);
  Replicates result;
  std::copy_if(replicates.begin(), replicates.end(),
               std::back_inserter(result.sorted),
               [](double value) { return !std::isnan(value); });
  std::sort(result.sorted.begin(), result.sorted.end());
  const auto defined = static_cast<int64_t>(result.sorted.size());
  const auto all = static_cast<int64_t>(replicates.size());
  result.summary = {
      {estimate, kNaN, kNaN}, StandardDeviation(result.sorted), defined, all};
  result.usable = !std::isnan(estimate) && defined >= 2 &&
                  static_cast<double>(defined) >=
                      min_defined_share * static_cast<double>(all);
  return result;
}

// Efron and Tibshirani 1993, eq. 14.14, with half of the ties.
double BiasCorrection(double estimate, std::span<const double> sorted) {
  const auto [first, last] =
      std::equal_range(sorted.begin(), sorted.end(), estimate);
  const double below = static_cast<double>(first - sorted.begin()) +
                       0.5 * static_cast<double>(last - first);
  return NormalQuantile(below / static_cast<double>(sorted.size()));
}

// Efron and Tibshirani 1993, eq. 14.15. NaN of fewer than two finite values.
double Acceleration(std::span<const double> jackknife) {
  std::vector<double> values;
  std::copy_if(jackknife.begin(), jackknife.end(), std::back_inserter(values),
               [](double value) { return std::isfinite(value); });
  if (values.size() < 2) return kNaN;
  const double mean = Mean(values);
  double squares = 0;
  double cubes = 0;
  for (const double value : values) {
    const double distance = mean - value;
    squares += distance * distance;
    cubes += distance * distance * distance;
  }
  return squares > 0 ? cubes / (6 * std::pow(squares, 1.5)) : 0;
}

}  // namespace

BootstrapSummary PercentileInterval(double estimate,
                                    std::span<const double> replicates,
                                    double level, double min_defined_share) {
  Replicates result = Collect(estimate, replicates, level, min_defined_share);
  if (result.usable) {
    const double tail = (1 - level) / 2;
    result.summary.interval.lo = SortedQuantile(result.sorted, tail);
    result.summary.interval.hi = SortedQuantile(result.sorted, 1 - tail);
  }
  return result.summary;
}

BootstrapSummary BcaInterval(double estimate,
                             std::span<const double> replicates,
                             std::span<const double> jackknife, double level,
                             double min_defined_share) {
  Replicates result = Collect(estimate, replicates, level, min_defined_share);
  if (!result.usable) return result.summary;
  const double bias = BiasCorrection(estimate, result.sorted);
  const double acceleration = Acceleration(jackknife);
  const double z = TwoSidedZ(level);
  // The corrected probability of one limit (eq. 14.10), or NaN.
  const auto probability = [&](double limit) {
    const double shifted = bias + limit;
    const double scale = 1 - acceleration * shifted;
    return std::isfinite(shifted) && scale > 0
               ? NormalCdf(bias + shifted / scale)
               : kNaN;
  };
  const double lower = probability(-z);
  const double upper = probability(z);
  if (std::isnan(lower) || std::isnan(upper)) return result.summary;
  result.summary.interval.lo = SortedQuantile(result.sorted, lower);
  result.summary.interval.hi = SortedQuantile(result.sorted, upper);
  return result.summary;
}

void ResampleCells(std::span<const int64_t> counts, PhiloxKey key,
                   uint64_t replicate, std::span<int64_t> resampled) {
  if (resampled.size() != counts.size()) {
    throw Error(ErrorCode::kInvalidInput,
                "there must be room for {} resampled cells, found {}",
                counts.size(), resampled.size());
  }
  RandomStream random(uint64_t{key[1]} << 32 | key[0], "resampled cells",
                      replicate);
  for (size_t i = 0; i < counts.size(); ++i) {
    if (counts[i] < 0) {
      throw Error(ErrorCode::kInvalidInput,
                  "a cell cannot hold {} rows (cell {}, counted from 0)",
                  counts[i], i);
    }
    resampled[i] =
        counts[i] == 0 ? 0 : random.NextPoisson(static_cast<double>(counts[i]));
  }
}

double SortedQuantile(std::span<const double> sorted, double probability) {
  if (sorted.empty()) return kNaN;
  const double position = std::clamp(probability, 0.0, 1.0) *
                          static_cast<double>(sorted.size() - 1);
  const auto below = static_cast<size_t>(position);
  const double fraction = position - static_cast<double>(below);
  const double low = sorted[below];
  if (fraction == 0 || below + 1 == sorted.size()) return low;
  const double high = sorted[below + 1];
  // Equal neighbours may be infinite.
  return low == high ? low : low + fraction * (high - low);
}

}  // namespace plumbline
