#include "plumbline/audit/rest.h"

#include <cmath>
#include <limits>

#include "plumbline/audit/estimates.h"

namespace plumbline {
namespace {

// The same cells as two groups: the group (0) and the rest (1).
GroupIndex SplitOff(const GroupIndex& groups, int group) {
  GroupIndex split;
  split.cells = groups.cells;
  split.groupings = {{{}, 0, 2}};
  split.groups.resize(2);
  const int grouping = groups.groups[group].grouping;
  split.group_of_cell.resize(groups.cells);
  for (int64_t cell = 0; cell < groups.cells; ++cell) {
    const bool inside = groups.GroupOf(static_cast<uint32_t>(cell), grouping) ==
                        static_cast<uint32_t>(group);
    split.group_of_cell[cell] = inside ? 0 : 1;
  }
  return split;
}

}  // namespace

TargetData RestOf(const GapInput& in, int group) {
  const TargetData& data = in.data;
  const Needs needs = NeedsOf(in.metrics);
  const GroupIndex split = SplitOff(in.input.groups, group);
  TargetData rest;
  rest.clustered = data.clustered;
  rest.hard_decisions = data.hard_decisions;
  rest.threshold = data.threshold;
  rest.sums = SumGroups(data.rows, data.SubjectsOrNull(), split, data.flagged,
                        needs.sums_of_scores && !data.hard_decisions);
  if (needs.ranking && !data.hard_decisions) {
    rest.ranking = RankGroups(data.rows, data.SubjectsOrNull(), split, 0, {});
  }
  return rest;
}

Estimate EstimateRest(const TargetData& rest, const Metric& metric,
                      const AuditOptions& options) {
  if (metric.id == MetricId::kAuprc || metric.family == MetricFamily::kBinned ||
      metric.family == MetricFamily::kRegression) {
    Estimate none;
    none.value = none.lo = none.hi = std::numeric_limits<double>::quiet_NaN();
    none.reason = "not_requested";
    return none;
  }
  return EstimateMetric(rest, metric, 1, options);
}

}  // namespace plumbline
