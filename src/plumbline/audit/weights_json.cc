#include "plumbline/audit/weights_json.h"

#include "plumbline/base/json.h"

namespace plumbline {

void AddWeightsOfInput(const AuditInput& input, Json& part) {
  if (input.weights.empty()) return;
  part["weight_column"] =
      input.weight_column.empty() ? Json() : Json(input.weight_column);
}

void AddWeightsOfGroup(const AuditInput& input, const GroupResult& group,
                       Json& part) {
  if (input.weights.empty()) return;
  part["weight_sum"] = Number(group.weight_sum);
  part["effective_n"] = Number(group.effective_n);
}

}  // namespace plumbline
