// Gates held against the estimates and gaps of an audit.
#pragma once

#include <vector>

#include "plumbline/audit/gap_engine.h"
#include "plumbline/audit/result.h"

namespace plumbline {

// Throws Error(kUsage) if a gate names a target or a set of attributes that is
// not audited (`--cross` too small, say).
void CheckGates(const AuditInput& input, const AuditOptions& options);

// One result for each gate and target that it speaks of.
std::vector<GateResult> JudgeGates(const GapInput& in);

}  // namespace plumbline
