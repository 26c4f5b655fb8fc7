// What an audit says in words: findings and limitations.
#pragma once

#include <vector>

#include "plumbline/audit/input.h"
#include "plumbline/audit/options.h"
#include "plumbline/audit/result.h"
#include "plumbline/audit/target_data.h"

namespace plumbline {

// Fills result.findings (most severe first) and result.limitations from the
// numbers that are already in it.
void AddFindings(const AuditInput& input, const AuditOptions& options,
                 const std::vector<uint8_t>& few_scores, AuditResult& result);

}  // namespace plumbline
