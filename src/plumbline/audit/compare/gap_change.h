// How the gaps between groups change from one model to the other.
#pragma once

#include <vector>

#include "plumbline/audit/compare/model_comparison.h"
#include "plumbline/audit/compare/paired_difference.h"

namespace plumbline {

struct GapChangeInput {
  const CompareInput& input;
  const CompareOptions& options;
  const std::vector<const Metric*>& metrics;
  const PairedData& data;
  const std::vector<ComparedGroup>& groups;  // of this target, by group
  const std::vector<int>& reference;         // group of each grouping, or -1
  int target = 0;
};

// The changes of one grouping (not of everyone), p not yet adjusted:
//   difference_reference  of each group to the reference: the difference of the
//                         two paired differences, joined as independent (MOVER)
//                         or, where subjects have rows in several groups and
//                         there are replicates, by paired bootstrap
//   max_min               highest minus lowest over the groups that both models
//                         give an interval for: paired bootstrap, value +- z
//                         standard errors
std::vector<GapChange> GapChangesOf(const GapChangeInput& in, int grouping);

// Fills p_adjusted (Holm within metric x measure x number of attributes, over
// targets, groupings and groups) and outcome.
void JudgeGapChanges(const CompareInput& input, const CompareOptions& options,
                     std::vector<GapChange>& gaps);

}  // namespace plumbline
