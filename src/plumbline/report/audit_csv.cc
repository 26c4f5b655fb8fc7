// groups.csv and gaps.csv: complete and exact, so straight from the JSON, with
// the digits that read back to the same number.
#include "plumbline/base/text.h"
#include "plumbline/report/audit_report.h"
#include "plumbline/report/csv_members.h"
#include "plumbline/report/json_place.h"
#include "plumbline/report/weights_document.h"

namespace plumbline {

using report::AppendMembers;
using report::JsonPlace;

std::string AuditGroupsCsv(const Json& audit) {
  std::string out =
      "target,model,group,attributes,group_rows,group_subjects,group_events,"
      "group_prevalence,metric,value,lo,hi,level,n,subjects,events,"
      "design_effect,null_expected,method,reason";
  const std::string weight_columns = report::WeightColumns(audit);
  out += weight_columns + "\r\n";
  const auto append = [&](const std::string& start, const std::string& metric,
                          const JsonPlace& estimate, const Json& group) {
    estimate.At("value");
    out += start;
    out += ',';
    AppendCsvField(metric, &out);
    out += ',';
    AppendMembers(estimate.value(),
                  {"value", "lo", "hi", "level", "n", "subjects", "events",
                   "design_effect", "null_expected", "method", "reason"},
                  &out);
    if (!weight_columns.empty()) {
      out += ',';
      AppendMembers(group, {"weight_sum", "effective_n"}, &out);
    }
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
          append(start, metric, estimate, group.value());
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
            append(start, metric, estimate, group.value());
          });
      size_t k = 0;
      group.ForEach("recall", [&](const JsonPlace& estimate) {
        const Json& entry = model.At("classes").value()[k++];
        append(start, "recall:" + entry.at("class").get<std::string>(),
               estimate, group.value());
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
