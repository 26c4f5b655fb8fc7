// What a pilot audit says about the groups of a study to be planned.
#pragma once

#include <vector>

#include "plumbline/audit/input.h"
#include "plumbline/audit/power/power_plan.h"
#include "plumbline/audit/result.h"

namespace plumbline {

struct PilotGroups {
  std::vector<PowerGroup> groups;
  double rows_per_subject = 1;
};

// The groups of all attributes together, from an audit of one target that has
// `metric` and "selection_rate": share of subjects, prevalence, share flagged,
// value and design effect. A rate of 0 or 1 becomes (events + 1/2) / (n + 1):
// no pilot shows that a rate is 0.
//
// Throws Error(kInvalidInput) for a group in which the metric has no interval,
// Error(kUsage) without attributes or with several targets.
PilotGroups PilotGroupsOf(const AuditInput& input, const AuditResult& result,
                          const std::string& metric);

}  // namespace plumbline
