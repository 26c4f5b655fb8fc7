#include "plumbline/audit/missingness.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "plumbline/audit/estimates.h"
#include "plumbline/stats/normal.h"

namespace plumbline {
namespace {

// Everything not known to be missing, as one group.
GroupSums KnownSums(const TargetData& data, const Grouping& grouping,
                    int missing) {
  GroupSums known;
  for (int k = 0; k < grouping.group_count; ++k) {
    const int group = grouping.first_group + k;
    if (group == missing) continue;
    const GroupSums& sums = data.sums[group];
    for (int i = 0; i < kSumCount; ++i) known.sums[i] += sums.sums[i];
    for (size_t i = 0; i < sums.second.size(); ++i) {
      known.second[i] += sums.second[i];
      known.row_second[i] += sums.row_second[i];
    }
    known.row_counts.tp += sums.row_counts.tp;
    known.row_counts.fp += sums.row_counts.fp;
    known.row_counts.fn += sums.row_counts.fn;
    known.row_counts.tn += sums.row_counts.tn;
    known.weighted = sums.weighted;
    known.rows += sums.rows;
    known.subjects += sums.subjects;
  }
  return known;
}

// Wrong decisions among all rows of a group.
Estimate ErrorRate(const TargetData& data, const GroupSums& sums,
                   const AuditOptions& options) {
  TargetData one;
  one.clustered = data.clustered;
  one.sums = {sums};
  AuditOptions closed = options;
  closed.interval = IntervalMethod::kClosedForm;
  Estimate accuracy = EstimateMetric(one, *FindMetric("accuracy"), 0, closed);
  Estimate error = accuracy;
  error.value = 1 - accuracy.value;
  error.lo = 1 - accuracy.hi;
  error.hi = 1 - accuracy.lo;
  if (accuracy.events >= 0) error.events = accuracy.n - accuracy.events;
  return error;
}

double AssociationP(const Estimate& a, const Estimate& b, double level) {
  const double se = std::hypot(WorkingStandardError(a, level),
                               WorkingStandardError(b, level));
  return se > 0 ? TwoSidedNormalP((a.value - b.value) / se)
                : std::numeric_limits<double>::quiet_NaN();
}

std::vector<MissingnessBound> Bounds(
    const TargetData& data, const Grouping& grouping, int missing,
    const AuditOptions& options, const std::vector<const Metric*>& metrics) {
  std::vector<MissingnessBound> bounds;
  for (const Metric* metric : metrics) {
    if (metric->family != MetricFamily::kRate) continue;
    std::vector<RateCount> known;
    for (int k = 0; k < grouping.group_count; ++k) {
      const int group = grouping.first_group + k;
      const RateParts parts =
          PartsOfRate(metric->id, data.sums[group].counts());
      const double rows =
          PartsOfRate(metric->id, data.sums[group].row_counts).denominator;
      if (group == missing || rows < options.minimum) continue;
      known.push_back({parts.numerator, parts.denominator});
    }
    if (known.size() < 2) continue;
    const RateParts parts =
        PartsOfRate(metric->id, data.sums[missing].counts());
    const RateBounds range =
        BoundMaxMin(known, {parts.numerator, parts.denominator});
    const auto [low, high] = std::minmax_element(
        known.begin(), known.end(), [](const RateCount& a, const RateCount& b) {
          return a.events / a.trials < b.events / b.trials;
        });
    bounds.push_back({metric->name,
                      high->events / high->trials - low->events / low->trials,
                      range.lowest, range.highest});
  }
  return bounds;
}

// Can every group be brought into [lo, lo + gap] with these events and
// non-events?
bool Feasible(const std::vector<RateCount>& known, double events,
              double non_events, double lo, double gap) {
  for (const RateCount& group : known) {
    const double rate = group.events / group.trials;
    if (rate < lo) {
      events -= lo < 1 ? (lo * group.trials - group.events) / (1 - lo)
                       : std::numeric_limits<double>::infinity();
    } else if (rate > lo + gap) {
      non_events -= lo + gap > 0 ? group.events / (lo + gap) - group.trials
                                 : std::numeric_limits<double>::infinity();
    }
    if (events < 0 || non_events < 0) return false;
  }
  return true;
}

}  // namespace

RateBounds BoundMaxMin(const std::vector<RateCount>& known, RateCount missing) {
  const double non_events = missing.trials - missing.events;
  double smallest = 1;
  double largest = 0;
  RateBounds bounds;
  for (size_t a = 0; a < known.size(); ++a) {
    const double rate = known[a].events / known[a].trials;
    smallest = std::min(smallest, rate);
    largest = std::max(largest, rate);
    const double raised =
        (known[a].events + missing.events) / (known[a].trials + missing.events);
    for (size_t b = 0; b < known.size(); ++b) {
      if (a == b) continue;
      const double lowered = known[b].events / (known[b].trials + non_events);
      bounds.highest = std::max(bounds.highest, raised - lowered);
    }
  }
  // For every place of the common band the narrowest width that can be
  // reached.
  constexpr int kPlaces = 200;
  bounds.lowest = largest - smallest;
  for (int place = 0; place <= kPlaces; ++place) {
    const double lo = smallest + (largest - smallest) * place / kPlaces;
    double narrow = 0;
    double wide = bounds.lowest;
    if (!Feasible(known, missing.events, non_events, lo, wide)) continue;
    for (int step = 0; step < 40; ++step) {
      const double middle = (narrow + wide) / 2;
      (Feasible(known, missing.events, non_events, lo, middle) ? wide
                                                               : narrow) =
          middle;
    }
    bounds.lowest = wide;
  }
  return bounds;
}

std::vector<MissingnessResult> Missingness(
    const AuditInput& input, const AuditOptions& options,
    const std::vector<const Metric*>& metrics, const TargetData& data) {
  std::vector<MissingnessResult> results;
  for (const Grouping& grouping : input.groups.groupings) {
    if (grouping.attributes.size() != 1) continue;
    const int missing = grouping.first_group + grouping.group_count - 1;
    if (grouping.group_count == 0 ||
        input.groups.groups[missing].levels[0] != kMissingCode ||
        data.sums[missing].rows == 0) {
      continue;
    }
    MissingnessResult result;
    result.target = data.index;
    result.attribute = input.groups.attributes[grouping.attributes[0]].name;
    result.rows = data.sums[missing].rows;
    result.share = static_cast<double>(result.rows) / data.rows.size();
    result.error_rate_missing = ErrorRate(data, data.sums[missing], options);
    result.error_rate_known =
        ErrorRate(data, KnownSums(data, grouping, missing), options);
    result.p = AssociationP(result.error_rate_missing, result.error_rate_known,
                            options.level);
    result.bounds = Bounds(data, grouping, missing, options, metrics);
    results.push_back(std::move(result));
  }
  return results;
}

}  // namespace plumbline
