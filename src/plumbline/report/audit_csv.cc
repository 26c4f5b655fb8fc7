// groups.csv and gaps.csv: complete and exact, so straight from the JSON, with
// the digits that read back to the same number.
#include <fmt/format.h>

#include <cmath>
#include <initializer_list>
#include <iterator>

#include "plumbline/report/audit_report.h"
#include "plumbline/report/csv_text.h"
#include "plumbline/report/json_place.h"

namespace plumbline::report {
namespace {

// A number, text or truth value as it is; lists and objects as compact JSON;
// nothing for null or a member that is not there.
void AppendMember(const Json& object, const char* key, std::string* out) {
  const auto found = object.find(key);
  if (found == object.end() || found->is_null()) return;
  if (found->is_string()) {
    AppendCsvField(found->get_ref<const std::string&>(), out);
  } else if (found->is_number_float()) {
    fmt::format_to(std::back_inserter(*out), "{}", found->get<double>());
  } else if (found->is_number_integer()) {
    AppendCsvField(found->dump(), out);
  } else {
    AppendCsvField(found->dump(-1, ' ', false, Json::error_handler_t::replace),
                   out);
  }
}

void AppendMembers(const Json& object, std::initializer_list<const char*> keys,
                   std::string* out) {
  bool first = true;
  for (const char* key : keys) {
    if (!first) *out += ',';
    first = false;
    AppendMember(object, key, out);
  }
}

}  // namespace
}  // namespace plumbline::report

namespace plumbline {

using report::AppendCsvField;
using report::AppendMembers;
using report::JsonPlace;

std::string AuditGroupsCsv(const Json& audit) {
  std::string out =
      "target,model,group,attributes,group_rows,group_subjects,group_events,"
      "group_prevalence,metric,value,lo,hi,level,n,subjects,events,"
      "design_effect,null_expected,method,reason\r\n";
  const auto append = [&out](const std::string& start,
                             const std::string& metric,
                             const JsonPlace& estimate) {
    estimate.At("value");
    out += start;
    out += ',';
    AppendCsvField(metric, &out);
    out += ',';
    AppendMembers(estimate.value(),
                  {"value", "lo", "hi", "level", "n", "subjects", "events",
                   "design_effect", "null_expected", "method", "reason"},
                  &out);
    out += "\r\n";
  };
  const JsonPlace root(audit);
  root.ForEach("groups", [&](const JsonPlace& group) {
    std::string start;
    group.At("name");
    group.At("attributes");
    AppendMembers(group.value(),
                  {"target", "model", "name", "attributes", "n", "subjects",
                   "events", "prevalence"},
                  &start);
    group.At("metrics").ForEachMember(
        [&](const std::string& metric, const JsonPlace& estimate) {
          append(start, metric, estimate);
        });
  });
  if (!root.Has("multiclass")) return out;
  root.ForEach("multiclass", [&](const JsonPlace& model) {
    model.ForEach("groups", [&](const JsonPlace& group) {
      std::string start;
      AppendMembers(model.value(), {"target", "model"}, &start);
      start += ',';
      AppendMembers(group.value(), {"name", "attributes", "n", "subjects"},
                    &start);
      start += ",,";
      group.At("metrics").ForEachMember(
          [&](const std::string& metric, const JsonPlace& estimate) {
            append(start, metric, estimate);
          });
      size_t k = 0;
      group.ForEach("recall", [&](const JsonPlace& estimate) {
        const Json& entry = model.At("classes").value()[k++];
        append(start, "recall:" + entry.at("class").get<std::string>(),
               estimate);
      });
    });
  });
  return out;
}

std::string AuditGapsCsv(const Json& audit) {
  std::string out =
      "target,model,by,metric,measure,group,reference,value,lo,hi,level,n,"
      "subjects,method,p,p_adjusted,adjustment,null_expected,null_p95,"
      "smallest_detectable,margin,outcome,reason,worst,worst_probability,best,"
      "groups_used,groups_left_out\r\n";
  const Json nothing = Json::object();
  const auto object_or_nothing = [&](const JsonPlace& gap, const char* key) {
    return gap.Has(key) && gap.At(key).value().is_object() ? gap.At(key).value()
                                                           : nothing;
  };
  const JsonPlace root(audit);
  const auto append = [&](const JsonPlace& model, const JsonPlace& gap) {
    gap.At("measure");
    gap.At("value");
    AppendMembers(model.value(), {"target", "model"}, &out);
    out += ',';
    AppendMembers(gap.value(), {"by",         "metric",
                                "measure",    "group",
                                "reference",  "value",
                                "lo",         "hi",
                                "level",      "n",
                                "subjects",   "method",
                                "p",          "p_adjusted",
                                "adjustment", "null_expected",
                                "null_p95",   "smallest_detectable",
                                "margin",     "outcome",
                                "reason"},
                  &out);
    out += ',';
    AppendMembers(object_or_nothing(gap, "worst"), {"name", "probability"},
                  &out);
    out += ',';
    AppendMembers(object_or_nothing(gap, "best"), {"name"}, &out);
    out += ',';
    AppendMembers(gap.value(), {"groups_used", "groups_left_out"}, &out);
    out += "\r\n";
  };
  root.ForEach("gaps", [&](const JsonPlace& gap) { append(gap, gap); });
  if (!root.Has("multiclass")) return out;
  root.ForEach("multiclass", [&](const JsonPlace& model) {
    model.ForEach("gaps", [&](const JsonPlace& gap) { append(model, gap); });
  });
  return out;
}

}  // namespace plumbline
