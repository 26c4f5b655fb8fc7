// The audit: how a model works for every group and intersection, how far they
// are apart, and what can be said about it.
#pragma once

#include "plumbline/audit/input.h"
#include "plumbline/audit/options.h"
#include "plumbline/audit/result.h"

namespace plumbline {

// Deterministic in (input, options.seed); the same for any number of threads.
//
// Throws Error(kUsage) for an unknown metric, gap or reference level, for a
// threshold rule that needs fitting without tuning rows or tune_on_audited;
// Error(kInvalidInput) if a target has no row with both label and score, or if
// there is not one finite weight of at least 0 for each row.
AuditResult Audit(const AuditInput& input, const AuditOptions& options);

}  // namespace plumbline
