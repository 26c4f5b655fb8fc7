// groups.csv and gaps.csv of a comparison: complete and exact, straight from
// the JSON.
#include "plumbline/base/text.h"
#include "plumbline/report/compare_report.h"
#include "plumbline/report/csv_members.h"
#include "plumbline/report/json_place.h"

namespace plumbline {

using report::AppendMembers;
using report::JsonPlace;

std::string CompareGroupsCsv(const Json& comparison) {
  std::string out =
      "target,group,attributes,group_rows,group_subjects,group_events,metric,"
      "baseline,baseline_lo,baseline_hi,challenger,challenger_lo,"
      "challenger_hi,difference,lo,hi,level,lower_bound,upper_bound,n,subjects,"
      "baseline_only,challenger_only,design_effect,standard_error,method,p,"
      "p_adjusted,adjustment,direction,outcome,margin,non_inferiority,"
      "smallest_detectable,subjects_needed,reason\r\n";
  const JsonPlace root(comparison, {"compare.json", "compare"});
  root.ForEach("groups", [&](const JsonPlace& group) {
    std::string start;
    group.At("name");
    AppendMembers(group.value(),
                  {"target", "name", "attributes", "n", "subjects", "events"},
                  &start);
    group.At("metrics").ForEachMember(
        [&](const std::string& metric, const JsonPlace& entry) {
          out += start + ',';
          AppendCsvField(metric, &out);
          for (const char* model : {"baseline", "challenger"}) {
            out += ',';
            AppendMembers(entry.At(model).value(), {"value", "lo", "hi"}, &out);
          }
          out += ',';
          AppendMembers(entry.At("difference").value(),
                        {"value",
                         "lo",
                         "hi",
                         "level",
                         "lower_bound",
                         "upper_bound",
                         "n",
                         "subjects",
                         "baseline_only",
                         "challenger_only",
                         "design_effect",
                         "standard_error",
                         "method",
                         "p",
                         "p_adjusted",
                         "adjustment",
                         "direction",
                         "outcome",
                         "margin",
                         "non_inferiority",
                         "smallest_detectable",
                         "subjects_needed",
                         "reason"},
                        &out);
          out += "\r\n";
        });
  });
  return out;
}

std::string CompareGapsCsv(const Json& comparison) {
  std::string out =
      "target,by,metric,measure,group,reference,baseline,baseline_lo,"
      "baseline_hi,baseline_null_expected,challenger,challenger_lo,"
      "challenger_hi,challenger_null_expected,change,lo,hi,level,method,p,"
      "p_adjusted,adjustment,bias,margin,groups_used,outcome,reason\r\n";
  const JsonPlace root(comparison, {"compare.json", "compare"});
  root.ForEach("gaps", [&](const JsonPlace& gap) {
    gap.At("measure");
    AppendMembers(gap.value(),
                  {"target", "by", "metric", "measure", "group", "reference"},
                  &out);
    for (const char* model : {"baseline", "challenger"}) {
      out += ',';
      AppendMembers(gap.At(model).value(),
                    {"value", "lo", "hi", "null_expected"}, &out);
    }
    out += ',';
    AppendMembers(
        gap.value(),
        {"value", "lo", "hi", "level", "method", "p", "p_adjusted",
         "adjustment", "bias", "margin", "groups_used", "outcome", "reason"},
        &out);
    out += "\r\n";
  });
  return out;
}

}  // namespace plumbline
