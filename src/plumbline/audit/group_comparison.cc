#include "plumbline/audit/group_comparison.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <mutex>

#include "plumbline/audit/estimates.h"
#include "plumbline/stats/bootstrap.h"
#include "plumbline/stats/normal.h"
#include "plumbline/stats/proportion.h"
#include "plumbline/stats/shrinkage.h"
#include "plumbline/stats/studentized_range.h"

namespace plumbline {
namespace {

const double kNan = std::numeric_limits<double>::quiet_NaN();

bool IsCountedRate(const Metric& metric, const Estimate& a, const Estimate& b) {
  return metric.family == MetricFamily::kRate && a.events >= 0 && b.events >= 0;
}

double DifferenceP(const Metric& metric, const Estimate& a, const Estimate& b,
                   const AuditOptions& options) {
  const double difference = a.value - b.value;
  double variance = 0;
  if (IsCountedRate(metric, a, b)) {
    const double n_a = a.n / a.design_effect;
    const double n_b = b.n / b.design_effect;
    const double pooled = (a.value * n_a + b.value * n_b) / (n_a + n_b);
    variance = pooled * (1 - pooled) * (1 / n_a + 1 / n_b);
  } else {
    variance = std::pow(WorkingStandardError(a, options.level), 2) +
               std::pow(WorkingStandardError(b, options.level), 2);
  }
  if (variance <= 0) return difference == 0 ? 1 : kNan;
  return TwoSidedNormalP(difference / std::sqrt(variance));
}

// The quantile is asked for again and again with the same few arguments.
double PairQuantile(double level, int groups) {
  static std::mutex mutex;
  static std::map<std::pair<double, int>, double> known;
  const std::lock_guard lock(mutex);
  const auto [at, is_new] = known.try_emplace({level, groups}, 0);
  if (is_new) {
    at->second = StudentizedRangeQuantile(level, groups) / std::sqrt(2.0);
  }
  return at->second;
}

// How bad a value is, as a distance from the best end.
double Badness(const Metric& metric, double value) {
  switch (metric.direction) {
    case MetricDirection::kHigherIsBetter:
      return -value;
    case MetricDirection::kOneIsBest:
      return std::abs(value - 1);
    case MetricDirection::kZeroIsBest:
      return std::abs(value);
    default:
      return value;
  }
}

}  // namespace

Comparison Difference(const Metric& metric, const Estimate& a,
                      const Estimate& b, const AuditOptions& options) {
  const Interval interval =
      NewcombeDifference({a.value, a.lo, a.hi}, {b.value, b.lo, b.hi});
  return {interval.value, interval.lo, interval.hi,
          DifferenceP(metric, a, b, options),
          metric.family == MetricFamily::kRate ? "newcombe" : "mover"};
}

Comparison RatioOf(const Metric& metric, const Estimate& a, const Estimate& b,
                   const AuditOptions& options) {
  Comparison ratio;
  ratio.p = DifferenceP(metric, a, b, options);
  if (IsCountedRate(metric, a, b) && (a.weighted || b.weighted)) {
    const double design_effect = std::max(a.design_effect, b.design_effect);
    const Interval interval =
        KoopmanRatioOfShares(a.value, a.n / design_effect, b.value,
                             b.n / design_effect, options.level);
    return {interval.value, interval.lo, interval.hi, ratio.p, "koopman"};
  }
  if (IsCountedRate(metric, a, b)) {
    const ProportionOptions proportion{
        options.level, std::max(a.design_effect, b.design_effect)};
    const Interval interval =
        KoopmanRatio(a.events, a.n, b.events, b.n, proportion);
    return {interval.value, interval.lo, interval.hi, ratio.p, "koopman"};
  }
  if (!(a.value > 0) || !(b.value > 0)) {
    ratio.value = ratio.lo = ratio.hi = ratio.p = kNan;
    return ratio;
  }
  ratio.value = a.value / b.value;
  const double z = NormalQuantile(0.5 + options.level / 2);
  const double se =
      std::hypot(WorkingStandardError(a, options.level) / a.value,
                 WorkingStandardError(b, options.level) / b.value);
  ratio.lo = ratio.value * std::exp(-z * se);
  ratio.hi = ratio.value * std::exp(z * se);
  ratio.method = "delta_log";
  return ratio;
}

Comparison ReplicateDifference(const TargetData& data, const Metric& metric,
                               int group_a, int group_b, double value,
                               const AuditOptions& options) {
  std::vector<double> a = ReplicatesOf(data, data.bootstrap, metric, group_a);
  const std::vector<double> b =
      ReplicatesOf(data, data.bootstrap, metric, group_b);
  for (size_t r = 0; r < a.size(); ++r) a[r] -= b[r];
  const BootstrapSummary summary = PercentileInterval(value, a, options.level);
  return {value, summary.interval.lo, summary.interval.hi,
          TwoSidedNormalP(value / summary.standard_error),
          "percentile_bootstrap"};
}

LargestGap FindLargestGap(const Metric& metric,
                          const std::vector<const Estimate*>& estimates,
                          int worst, const AuditOptions& options,
                          uint64_t stream) {
  const bool rate = metric.family == MetricFamily::kRate;
  std::vector<NullGroup> under_null;
  std::vector<NullGroup> errors;
  double weights = 0;
  double pooled = 0;
  double lowest = estimates[0]->value;
  double highest = lowest;
  for (const Estimate* e : estimates) {
    const double se = WorkingStandardError(*e, options.level);
    const double trials = rate ? e->n / e->design_effect : 0;
    under_null.push_back({trials, se});
    errors.push_back({0, se});
    const double weight = rate ? trials : 1 / std::max(1e-300, se * se);
    weights += weight;
    pooled += weight * e->value;
    lowest = std::min(lowest, e->value);
    highest = std::max(highest, e->value);
  }
  RangeNullOptions range;
  range.seed = options.seed;
  range.stream = stream;
  range.shifted = std::max(0, worst);
  range.shift_up = metric.direction == MetricDirection::kLowerIsBetter;
  LargestGap largest;
  const double value = highest - lowest;
  largest.null = SimulateRangeNull(under_null, pooled / weights, value, range);
  const double reach = std::max(
      RangeQuantile(under_null, pooled / weights, options.level, range),
      RangeQuantile(errors, 0, options.level, range));
  largest.gap = {value, std::max(0.0, value - reach), value + reach,
                 largest.null.p, "range_simulation"};
  if (rate) largest.gap.hi = std::min(1.0, largest.gap.hi);
  return largest;
}

Comparison FindLargestRatio(const std::vector<const Estimate*>& estimates,
                            const AuditOptions& options) {
  std::vector<double> logs;
  std::vector<double> variances;
  for (const Estimate* e : estimates) {
    if (!(e->value > 0)) return {kNan, kNan, kNan, kNan, "none"};
    const double se = WorkingStandardError(*e, options.level) / e->value;
    logs.push_back(std::log(e->value));
    variances.push_back(se * se);
  }
  const double quantile =
      PairQuantile(options.level, static_cast<int>(estimates.size()));
  Comparison largest{0, 0, 0, kNan, "tukey_kramer"};
  for (size_t a = 0; a < logs.size(); ++a) {
    for (size_t b = a + 1; b < logs.size(); ++b) {
      const double difference = std::abs(logs[a] - logs[b]);
      const double reach = quantile * std::sqrt(variances[a] + variances[b]);
      largest.value = std::max(largest.value, difference);
      largest.lo = std::max(largest.lo, difference - reach);
      largest.hi = std::max(largest.hi, difference + reach);
    }
  }
  largest.value = std::exp(largest.value);
  largest.lo = std::exp(largest.lo);
  largest.hi = std::exp(largest.hi);
  return largest;
}

WorstGroup FindWorst(const Metric& metric,
                     const std::vector<const Estimate*>& estimates,
                     const AuditOptions& options, uint64_t stream) {
  WorstGroup worst;
  if (metric.direction == MetricDirection::kNone || estimates.empty()) {
    return worst;
  }
  std::vector<double> a;
  std::vector<double> b;
  const bool rate = metric.family == MetricFamily::kRate;
  for (const Estimate* e : estimates) {
    if (rate) {
      const double trials = e->n / e->design_effect;
      a.push_back(e->value * trials);
      b.push_back(trials);
    } else {
      a.push_back(Badness(metric, e->value));
      b.push_back(WorkingStandardError(*e, options.level));
    }
  }
  const ShrunkenEstimates shrunken =
      rate ? ShrinkProportions(a, b) : ShrinkNormal(a, b);
  // A rate keeps its own direction; everything else has become badness.
  const bool largest =
      !rate || metric.direction == MetricDirection::kLowerIsBetter;
  const std::vector<double> probability =
      ProbabilityOfExtreme(shrunken, largest, options.seed + stream);
  for (size_t g = 0; g < probability.size(); ++g) {
    if (worst.index < 0 || probability[g] > worst.probability) {
      worst.index = static_cast<int>(g);
      worst.probability = probability[g];
    }
    const double mean = largest ? shrunken.mean[g] : -shrunken.mean[g];
    const auto badness = [&](int i) {
      return largest ? shrunken.mean[i] : -shrunken.mean[i];
    };
    if (worst.best < 0 || mean < badness(worst.best)) {
      worst.best = static_cast<int>(g);
    }
  }
  return worst;
}

}  // namespace plumbline
