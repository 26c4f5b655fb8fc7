// All gaps of an audit from the estimates of its groups.
#pragma once

#include <string>
#include <vector>

#include "plumbline/audit/input.h"
#include "plumbline/audit/metrics.h"
#include "plumbline/audit/options.h"
#include "plumbline/audit/result.h"
#include "plumbline/audit/target_data.h"

namespace plumbline {

// What the gaps of one target are made from.
struct GapInput {
  const AuditInput& input;
  const AuditOptions& options;
  const std::vector<const Metric*>& metrics;
  const TargetData& data;
  const std::vector<GroupResult>& groups;  // of this target, by group
  const std::vector<int>& reference;       // group of each grouping, or -1

  const Estimate& At(int group, size_t metric) const {
    return groups[group].metrics[metric];
  }
};

// The gaps of one grouping (not of everyone), p not yet adjusted.
std::vector<GapResult> GapsOfGrouping(const GapInput& in, int grouping);

// Fills p_adjusted (Holm within metric x measure x number of attributes, over
// targets, groupings and groups) and outcome.
void JudgeGaps(const AuditInput& input, const AuditOptions& options,
               std::vector<GapResult>& gaps);

// The reference group of every grouping: the options' level where one is given,
// else the most frequent level, of each attribute; -1 where that combination
// does not exist.
std::vector<int> ReferenceGroups(const AuditInput& input,
                                 const AuditOptions& options);

// Tells apart the random draws of different gaps under one seed.
uint64_t GapStream(int target, int grouping, MetricId metric);

// Names of the measures to compute: options.gaps, or the default ones.
std::vector<std::string> WantedGaps(const AuditOptions& options);

}  // namespace plumbline
