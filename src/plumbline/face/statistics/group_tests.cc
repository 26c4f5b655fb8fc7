#include "plumbline/face/statistics/group_tests.h"

#include <cmath>
#include <limits>
#include <vector>

#include "plumbline/base/error.h"
#include "plumbline/stats/equivalence.h"

namespace plumbline::face {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

double Spread(std::span<const double> values,
              std::span<const double> variances) {
  double mean = 0;
  for (const double value : values) mean += value;
  mean /= static_cast<double>(values.size());
  double sum = 0;
  for (size_t i = 0; i < values.size(); ++i) {
    sum += (values[i] - mean) * (values[i] - mean) / variances[i];
  }
  return sum;
}

}  // namespace

OmnibusTest TestEqualRates(std::span<const RateEstimate> rates,
                           std::span<const double> replicates) {
  std::vector<size_t> used;
  std::vector<double> values, variances;
  for (size_t g = 0; g < rates.size(); ++g) {
    if (rates[g].events > 0 && rates[g].variance > 0) {
      used.push_back(g);
      values.push_back(rates[g].value);
      variances.push_back(rates[g].variance);
    }
  }
  OmnibusTest test{
      .statistic = kNaN, .p = kNaN, .groups = static_cast<int>(used.size())};
  if (used.size() < 2) return test;
  test.statistic = Spread(values, variances);
  if (replicates.empty()) return test;
  const size_t count = replicates.size() / rates.size();
  int64_t as_large = 1;
  int64_t defined = 1;
  std::vector<double> moved(used.size());
  for (size_t b = 0; b < count; ++b) {
    for (size_t i = 0; i < used.size(); ++i) {
      moved[i] = replicates[b * rates.size() + used[i]] - values[i];
    }
    const double statistic = Spread(moved, variances);
    if (std::isnan(statistic)) continue;
    ++defined;
    as_large += statistic >= test.statistic;
  }
  test.p = static_cast<double>(as_large) / static_cast<double>(defined);
  return test;
}

EquivalenceTest TestEquivalence(const RatioEstimate& ratio, double limit,
                                double level) {
  if (!(limit > 1)) {
    throw Error(ErrorCode::kUsage,
                "a ratio that is of no concern must be above 1, not {}", limit);
  }
  if (!std::isfinite(ratio.value) || !std::isfinite(ratio.log_standard_error)) {
    return {.p = kNaN, .shown = false};
  }
  const EquivalenceResult result =
      TwoOneSidedTests(std::log(ratio.value), ratio.log_standard_error,
                       std::log(limit), 1 - level);
  return {.p = result.p,
          .shown = result.verdict == EquivalenceVerdict::kEquivalent};
}

}  // namespace plumbline::face
