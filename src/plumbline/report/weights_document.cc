#include "plumbline/report/weights_document.h"

#include <fmt/format.h>

#include "plumbline/base/json.h"
#include "plumbline/report/audit_summary.h"
#include "plumbline/report/number_text.h"

namespace plumbline::report {

bool IsWeighted(const AuditDocument& document) {
  for (const AuditTarget& target : document.targets) {
    for (const AuditGroup& group : target.groups) {
      if (group.weight_sum) return true;
    }
  }
  return false;
}

std::string EffectiveText(const AuditGroup& group) {
  if (!group.effective_n) return "-";
  const auto tenths = static_cast<int64_t>(*group.effective_n * 10 + 0.5);
  return fmt::format("{}.{}", CountText(tenths / 10), tenths % 10);
}

std::string WeightsClause(const AuditDocument& document) {
  if (!IsWeighted(document)) return "";
  std::string clause = "weighted";
  if (!document.input.weight_column.empty()) {
    clause += " by column " + document.input.weight_column;
  }
  const AuditGroup* everyone = Everyone(document.targets[0]);
  if (everyone != nullptr && everyone->effective_n) {
    clause += fmt::format(" (worth {} rows of equal weight)",
                          EffectiveText(*everyone));
  }
  return clause;
}

std::string ByWeight(const AuditDocument& document) {
  return IsWeighted(document) ? " by weight" : "";
}

std::string WeightColumns(const Json& audit) {
  const auto groups = audit.find("groups");
  const bool weighted = groups != audit.end() && groups->is_array() &&
                        !groups->empty() && (*groups)[0].is_object() &&
                        (*groups)[0].contains("weight_sum");
  return weighted ? ",group_weight_sum,group_effective_n" : "";
}

}  // namespace plumbline::report
