// "Everyone else" as a group.
#pragma once

#include "plumbline/audit/gap_engine.h"

namespace plumbline {

// The metric over all rows that are not in `group`. Metrics that need
// replicates or a fit of their own (auprc, ece, calibration) have the reason
// not_requested.
Estimate EstimateRest(const GapInput& in, const Metric& metric, int group);

}  // namespace plumbline
