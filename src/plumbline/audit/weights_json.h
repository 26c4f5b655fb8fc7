// What sampling weights add to the document of docs/audit-json.md.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "plumbline/audit/input.h"
#include "plumbline/audit/result.h"

namespace plumbline {

// input.weight_column. Nothing where rows have no weights.
void AddWeightsOfInput(const AuditInput& input, nlohmann::ordered_json& part);

// weight_sum and effective_n of a group. Nothing where rows have no weights.
void AddWeightsOfGroup(const AuditInput& input, const GroupResult& group,
                       nlohmann::ordered_json& part);

}  // namespace plumbline
