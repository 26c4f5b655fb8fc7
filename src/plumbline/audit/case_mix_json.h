// The key "case_mix" of audit.json (docs/audit-json.md).
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "plumbline/audit/result.h"

namespace plumbline {

nlohmann::ordered_json CaseMixJson(const AuditResult& result,
                                   const AuditInput& input,
                                   const AuditOptions& options);

}  // namespace plumbline
