#include "plumbline/audit/pilot_groups.h"

#include <algorithm>
#include <cmath>

#include "plumbline/base/error.h"

namespace plumbline {
namespace {

const Estimate& EstimateOf(const AuditResult& result, const GroupResult& group,
                           const std::string& metric) {
  for (size_t m = 0; m < result.metrics.size(); ++m) {
    if (result.metrics[m] == metric) return group.metrics[m];
  }
  throw Error(ErrorCode::kInternal, "the pilot lacks {}", metric);
}

double InsideUnit(const Estimate& estimate) {
  if (estimate.value > 0 && estimate.value < 1) return estimate.value;
  const double half = estimate.value >= 1 ? -0.5 : 0.5;
  const auto n = static_cast<double>(estimate.n);
  return (estimate.value * n + half + (half < 0 ? 1 : 0)) / (n + 1);
}

}  // namespace

PilotGroups PilotGroupsOf(const AuditInput& input, const AuditResult& result,
                          const std::string& metric) {
  if (input.targets.size() != 1) {
    throw Error(ErrorCode::kUsage,
                "a pilot plans one finding at a time, found {} labels; name "
                "one with --label",
                input.targets.size());
  }
  const size_t attributes = input.groups.attributes.size();
  if (attributes == 0) {
    throw Error(ErrorCode::kUsage,
                "--by is missing: which column of the pilot makes the groups?");
  }
  PilotGroups pilot;
  double subjects = 0;
  double rows = 0;
  for (const GroupResult& group : result.groups) {
    const Group& of = input.groups.groups[group.group];
    if (input.groups.groupings[of.grouping].attributes.size() != attributes ||
        group.n == 0) {
      continue;
    }
    const Estimate& estimate = EstimateOf(result, group, metric);
    const std::string name = input.groups.Name(group.group);
    if (!std::isfinite(estimate.value) || !std::isfinite(estimate.lo)) {
      throw Error(ErrorCode::kInvalidInput,
                  "the pilot has only {} rows for the {} of {}; merge its "
                  "level with another, leave its rows out, or give the groups "
                  "with --group",
                  estimate.n, metric, name);
    }
    const Estimate& flagged = EstimateOf(result, group, "selection_rate");
    PowerGroup planned;
    planned.name = name;
    planned.share = static_cast<double>(group.subjects);
    planned.prevalence =
        static_cast<double>(group.events) / static_cast<double>(group.n);
    planned.flagged = flagged.value;
    planned.expected = InsideUnit(estimate);
    planned.design_effect = std::isfinite(estimate.design_effect)
                                ? std::max(1.0, estimate.design_effect)
                                : 1;
    subjects += planned.share;
    rows += static_cast<double>(group.n);
    pilot.groups.push_back(std::move(planned));
  }
  for (PowerGroup& group : pilot.groups) group.share /= subjects;
  pilot.rows_per_subject = rows / subjects;
  return pilot;
}

}  // namespace plumbline
