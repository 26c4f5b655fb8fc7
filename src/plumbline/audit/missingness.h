// What missing demographics could hide.
#pragma once

#include <vector>

#include "plumbline/audit/input.h"
#include "plumbline/audit/metrics.h"
#include "plumbline/audit/options.h"
#include "plumbline/audit/result.h"
#include "plumbline/audit/target_data.h"

namespace plumbline {

// One entry for each attribute that is missing in some of the target's rows.
std::vector<MissingnessResult> Missingness(
    const AuditInput& input, const AuditOptions& options,
    const std::vector<const Metric*>& metrics, const TargetData& data);

// One known group in a rate: its events and trials.
struct RateCount {
  double events = 0;
  double trials = 0;
};

// The smallest and largest max - min of a rate that some assignment of the
// missing rows (`missing` events and trials) to the known groups can give. The
// largest is attained; the smallest is a lower bound, because rows left over
// when the groups already agree are taken to change nothing.
struct RateBounds {
  double lowest = 0;
  double highest = 0;
};
RateBounds BoundMaxMin(const std::vector<RateCount>& known, RateCount missing);

}  // namespace plumbline
