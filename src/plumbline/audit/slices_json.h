// The key `slices` of audit.json.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "plumbline/audit/result.h"

namespace plumbline {

// docs/audit-json.md, section "slices". Only for an audit that searched.
nlohmann::ordered_json SlicesJson(const AuditResult& result,
                                  const AuditInput& input,
                                  const AuditOptions& options);

}  // namespace plumbline
