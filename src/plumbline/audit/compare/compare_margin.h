// How much worse a new model may be without it mattering, in general, for a
// metric, for a group.
#pragma once

#include <string>
#include <vector>

#include "plumbline/table/groups.h"

namespace plumbline {

// One rule: "0.05", "brier:0.005", "race=Black:0.02", "fnr:race=Black:0.01".
struct MarginRule {
  std::string text;    // as given
  std::string metric;  // "": every metric
  // Attribute and level; the group that has exactly these. Empty: every group.
  std::vector<std::pair<std::string, std::string>> group;
  double margin = 0;  // > 0, on the metric's own scale
};

// [METRIC:][COLUMN=VALUE[,COLUMN=VALUE...]:]D. The number stands after the last
// colon; a name of a metric before the first one is the metric.
// Throws Error(kUsage) that shows the form, with the nearest metric.
MarginRule ParseMarginRule(const std::string& text,
                           const std::vector<std::string>& metrics);

// The margin of a metric in a group: of the rules that apply the most special
// (metric and group over group over metric over neither), `general` if none
// does.
double MarginOf(const std::vector<MarginRule>& rules, double general,
                const std::string& metric, const GroupIndex& groups, int group);

// Throws Error(kUsage) if a rule names a group that does not exist, or if two
// rules are for the same metric and group.
void CheckMargins(const std::vector<MarginRule>& rules,
                  const GroupIndex& groups);

}  // namespace plumbline
