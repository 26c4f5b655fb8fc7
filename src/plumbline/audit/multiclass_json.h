// The key "multiclass" of audit.json (docs/audit-json.md).
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "plumbline/audit/result.h"

namespace plumbline {

// One entry a model.
nlohmann::ordered_json MulticlassJson(const AuditResult& result,
                                      const AuditInput& input,
                                      const AuditOptions& options);

}  // namespace plumbline
