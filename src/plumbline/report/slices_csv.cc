// slices.csv: complete and exact, straight from the JSON.
#include <fmt/format.h>

#include <cmath>

#include "plumbline/report/audit_report.h"
#include "plumbline/report/csv_text.h"
#include "plumbline/report/json_place.h"

namespace plumbline {
namespace {

using report::JsonPlace;

std::string Text(const JsonPlace& place, const char* key) {
  const JsonPlace at = place.At(key);
  if (at.value().is_null()) return "";
  if (at.value().is_number_float()) {
    return fmt::format("{}", at.value().get<double>());
  }
  if (at.value().is_string()) return at.value().get<std::string>();
  return at.value().dump(-1, ' ', false, Json::error_handler_t::replace);
}

void AppendInterval(const JsonPlace& half, const char* key,
                    std::vector<std::string>* record) {
  const JsonPlace interval = half.At(key);
  for (const char* part : {"value", "lo", "hi"}) {
    record->push_back(Text(interval, part));
  }
}

}  // namespace

std::string AuditSlicesCsv(const Json& audit) {
  std::string out =
      "target,model,metric,rank,slice,conditions,outcome,half,n,subjects,"
      "events,design_effect,rate,rate_lo,rate_hi,rest,rest_lo,rest_hi,rest_n,"
      "rest_events,difference,difference_lo,difference_hi,excess,excess_lo,"
      "excess_hi,p,p_beyond_others,p_adjusted,adjustment,reason\r\n";
  const JsonPlace root(audit);
  if (!root.Has("slices")) return out;
  root.At("slices").ForEach("searches", [&](const JsonPlace& search) {
    search.ForEach("found", [&](const JsonPlace& slice) {
      for (const char* half_name : {"held_out", "found_on"}) {
        const JsonPlace half = slice.At(half_name);
        std::vector<std::string> record = {
            Text(search, "target"), Text(search, "model"),
            Text(search, "metric"), Text(slice, "rank"),
            Text(slice, "name"),    Text(slice, "conditions"),
            Text(slice, "outcome"), half_name};
        for (const char* key : {"n", "subjects", "events", "design_effect"}) {
          record.push_back(Text(half, key));
        }
        AppendInterval(half, "rate", &record);
        AppendInterval(half, "rest", &record);
        record.push_back(Text(half.At("rest"), "n"));
        record.push_back(Text(half.At("rest"), "events"));
        AppendInterval(half, "difference", &record);
        AppendInterval(half, "excess", &record);
        for (const char* key :
             {"p", "p_beyond_others", "p_adjusted", "adjustment", "reason"}) {
          record.push_back(Text(half, key));
        }
        report::AppendCsvRecord(record, &out);
      }
    });
  });
  return out;
}

}  // namespace plumbline
