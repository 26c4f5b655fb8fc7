// "Everyone else" as a group.
#pragma once

#include "plumbline/audit/gap_engine.h"
#include "plumbline/audit/target_data.h"

namespace plumbline {

// All rows that are not in `group`: sums and, if scores are audited, ranking,
// as group 1. One pass over the rows serves all metrics.
TargetData RestOf(const GapInput& in, int group);

// The metric over these rows. Metrics that need replicates or a fit of their
// own (auprc, ece, calibration) have the reason not_requested.
Estimate EstimateRest(const TargetData& rest, const Metric& metric,
                      const AuditOptions& options);

}  // namespace plumbline
