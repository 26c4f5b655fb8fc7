// case_mix.csv: one row for each comparison, straight from the JSON.
#include <fmt/format.h>

#include <initializer_list>
#include <iterator>

#include "plumbline/base/text.h"
#include "plumbline/report/audit_report.h"
#include "plumbline/report/json_place.h"

namespace plumbline {
namespace {

void AppendMember(const Json& object, const char* key, std::string* out) {
  *out += ',';
  const auto found = object.find(key);
  if (found == object.end() || found->is_null()) return;
  if (found->is_string()) {
    AppendCsvField(found->get_ref<const std::string&>(), out);
  } else if (found->is_number_float()) {
    fmt::format_to(std::back_inserter(*out), "{}", found->get<double>());
  } else {
    AppendCsvField(found->dump(-1, ' ', false, Json::error_handler_t::replace),
                   out);
  }
}

void AppendMembers(const Json& object, std::initializer_list<const char*> keys,
                   std::string* out) {
  for (const char* key : keys) AppendMember(object, key, out);
}

}  // namespace

std::string AuditCaseMixCsv(const Json& audit) {
  if (!audit.contains("case_mix")) return "";
  std::string out =
      "target,model,by,covariates,adjust_to,metric,measure,group,reference,"
      "denominator,n,subjects,level";
  for (const char* name : {"crude", "direct", "ipw", "explained"}) {
    for (const char* part :
         {"", "_lo", "_hi", "_p", "_p_adjusted", "_reason"}) {
      out += fmt::format(",{}{}", name, part);
    }
  }
  out += ",judged_by,outcome,shapley\r\n";
  const report::JsonPlace root(audit);
  root.At("case_mix").ForEach("results", [&](const report::JsonPlace& entry) {
    std::string start;
    AppendMembers(entry.value(),
                  {"target", "model", "by", "covariates", "adjust_to"}, &start);
    start.erase(0, 1);
    entry.ForEach("comparisons", [&](const report::JsonPlace& comparison) {
      const Json& c = comparison.value();
      out += start;
      AppendMembers(c,
                    {"metric", "measure", "group", "reference", "denominator",
                     "n", "subjects"},
                    &out);
      AppendMember(comparison.At("crude").value(), "level", &out);
      for (const char* name : {"crude", "direct", "ipw", "explained"}) {
        AppendMembers(comparison.At(name).value(),
                      {"value", "lo", "hi", "p", "p_adjusted", "reason"}, &out);
      }
      AppendMembers(c, {"judged_by", "outcome", "shapley"}, &out);
      out += "\r\n";
    });
  });
  return out;
}

}  // namespace plumbline
