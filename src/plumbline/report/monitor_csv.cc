// windows.csv and drift.csv: complete and exact, straight from the JSON.
#include <fmt/format.h>

#include <initializer_list>
#include <iterator>

#include "plumbline/base/text.h"
#include "plumbline/report/json_place.h"
#include "plumbline/report/monitor_report.h"

namespace plumbline {
namespace {

using report::JsonPlace;

constexpr report::DocumentKind kKind = {"monitor.json", "monitor"};

void AppendValue(const Json& value, std::string* out) {
  if (value.is_null()) return;
  if (value.is_string()) {
    AppendCsvField(value.get_ref<const std::string&>(), out);
  } else if (value.is_number_float()) {
    fmt::format_to(std::back_inserter(*out), "{}", value.get<double>());
  } else {
    AppendCsvField(value.dump(-1, ' ', false, Json::error_handler_t::replace),
                   out);
  }
}

void AppendMembers(const JsonPlace& object,
                   std::initializer_list<const char*> keys, std::string* out) {
  for (const char* key : keys) {
    if (object.Has(key)) AppendValue(object.At(key).value(), out);
    *out += ',';
  }
}

void EndRecord(std::string* out) {
  out->pop_back();
  *out += "\r\n";
}

}  // namespace

std::string MonitorWindowsCsv(const Json& monitor) {
  std::string out =
      "target,group,attributes,window,group_rows,group_subjects,group_events,"
      "metric,value,lo,hi,level,n,subjects,events,method,reason\r\n";
  const JsonPlace root(monitor, kKind);
  root.ForEach("groups", [&](const JsonPlace& group) {
    std::string start;
    AppendMembers(group, {"target", "name", "attributes"}, &start);
    group.ForEach("windows", [&](const JsonPlace& window) {
      std::string middle = start;
      AppendMembers(window, {"window", "n", "subjects", "events"}, &middle);
      window.At("metrics").ForEachMember(
          [&](const std::string& metric, const JsonPlace& estimate) {
            out += middle;
            AppendCsvField(metric, &out);
            out += ',';
            AppendMembers(estimate,
                          {"value", "lo", "hi", "level", "n", "subjects",
                           "events", "method", "reason"},
                          &out);
            EndRecord(&out);
          });
    });
  });
  return out;
}

std::string MonitorDriftCsv(const Json& monitor) {
  std::string out =
      "target,group,attributes,metric,outcome,reason,alarm_day,alarm_window,"
      "log10_e_needed,baseline,baseline_lo,baseline_hi,baseline_n,window,n,"
      "rate,rate_lo,rate_hi,change,change_lo,change_hi,log10_e,"
      "log10_e_largest\r\n";
  const Json nothing = Json::object();
  const JsonPlace root(monitor, kKind);
  root.ForEach("drift", [&](const JsonPlace& drift) {
    std::string start;
    AppendMembers(
        drift, {"target", "name", "attributes", "metric", "outcome", "reason"},
        &start);
    if (drift.Has("alarm")) {
      AppendMembers(drift.At("alarm"), {"day", "window"}, &start);
    } else {
      start += ",,";
    }
    AppendMembers(drift, {"log10_e_needed"}, &start);
    AppendMembers(drift.At("baseline"), {"value", "lo", "hi", "n"}, &start);
    drift.ForEach("points", [&](const JsonPlace& point) {
      out += start;
      AppendMembers(point, {"window", "n"}, &out);
      AppendMembers(point.At("rate"), {"value", "lo", "hi"}, &out);
      AppendMembers(point.At("change"), {"value", "lo", "hi"}, &out);
      AppendMembers(point, {"log10_e", "log10_e_largest"}, &out);
      EndRecord(&out);
    });
  });
  return out;
}

}  // namespace plumbline
