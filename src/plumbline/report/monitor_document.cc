#include "plumbline/report/monitor_document.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "plumbline/report/audit_words.h"
#include "plumbline/report/json_place.h"

namespace plumbline::report {
namespace {

MonitorInterval ReadInterval(const JsonPlace& place) {
  return {place.Number("value"), place.Number("lo"), place.Number("hi")};
}

class Reader {
 public:
  explicit Reader(const Json& monitor)
      : root_(monitor, {"monitor.json", "monitor"}) {}

  MonitorDocument Run() {
    if (root_.Text("schema") != "plumbline.monitor/1") {
      root_.At("schema").Expected("\"plumbline.monitor/1\"");
    }
    document_.version = root_.Text("plumbline");
    document_.title = root_.TextOr("title", "");
    Input(root_.At("input"));
    Options(root_.At("options"));
    const JsonPlace family = root_.At("family");
    document_.tested = family.Count("tested").value_or(0);
    document_.streams = family.Count("streams");
    document_.log10_e_needed = family.Number("log10_e_needed").value_or(0);
    root_.ForEach("targets", [&](const JsonPlace& p) { Target(p); });
    root_.ForEach("metrics", [&](const JsonPlace& p) { Metric(p); });
    root_.ForEach("windows", [&](const JsonPlace& p) { Window(p); });
    root_.ForEach("groups", [&](const JsonPlace& p) { Group(p); });
    root_.ForEach("drift", [&](const JsonPlace& p) { Drift(p); });
    root_.ForEach("gap_drift", [&](const JsonPlace& p) { Gap(p); });
    root_.ForEach("gates", [&](const JsonPlace& p) {
      AuditGate gate;
      gate.gate = p.TextOr("gate", "");
      gate.target = p.TextOr("target", "");
      gate.outcome = p.Text("outcome");
      gate.sentence = p.Text("sentence");
      document_.gates.push_back(std::move(gate));
    });
    root_.ForEach("findings", [&](const JsonPlace& p) {
      document_.findings.push_back({p.Text("code"), p.Text("severity"),
                                    p.TextOr("target", ""), p.Text("sentence"),
                                    p.Text("action")});
    });
    document_.policy = ReadPolicy(root_);
    root_.ForEach("limitations", [&](const JsonPlace& p) {
      document_.limitations.push_back({p.Text("code"), p.Text("text")});
    });
    return std::move(document_);
  }

 private:
  void Input(const JsonPlace& place) {
    place.ForEach("files", [&](const JsonPlace& file) {
      document_.files.push_back(
          {file.Text("file"), file.Count("rows"), file.TextOr("sha256", "")});
    });
    document_.rows = place.Count("rows");
    document_.subjects = place.Count("subjects");
    document_.clustered = place.Has("subject_column");
    document_.first_day = place.Text("first_day");
    document_.last_day = place.Text("last_day");
  }

  void Options(const JsonPlace& place) {
    place.ForEach("by", [&](const JsonPlace& name) {
      document_.by.push_back(name.AsText());
    });
    document_.window = place.Text("window");
    if (place.Has("baseline")) {
      const JsonPlace baseline = place.At("baseline");
      const std::string first = baseline.Text("first");
      const std::string last = baseline.Text("last");
      document_.baseline = first == last ? first : first + " to " + last;
    }
    document_.level = place.Number("level").value_or(0.95);
    document_.margin = place.Number("margin").value_or(0);
    document_.drift_margin = place.Number("drift_margin").value_or(0);
    document_.correction = place.Text("correction");
    document_.subject_visits = place.Text("subject_visits");
  }

  void Target(const JsonPlace& place) {
    const JsonPlace threshold = place.At("threshold");
    const auto value = threshold.Number("value");
    const std::string rule = threshold.Text("rule");
    std::string text =
        value ? fmt::format("at or above {:.4g}", *value) : "never";
    if (threshold.TextOr("fitted_on", "") == "baseline") {
      text += " (" + rule + ", fitted on the baseline and kept)";
    }
    document_.targets.push_back({place.Text("target"), text});
  }

  void Metric(const JsonPlace& place) {
    MonitorMetric metric;
    metric.name = place.Text("name");
    metric.label = place.Text("label");
    metric.kind = KindOfMetric(metric.name, place.Text("unit"));
    metric.followed = place.Truth("followed");
    document_.metrics.push_back(std::move(metric));
  }

  void Window(const JsonPlace& place) {
    windows_[place.Text("window")] = static_cast<int>(document_.windows.size());
    document_.windows.push_back({place.Text("window"), place.Text("part"),
                                 place.Count("rows"), place.Count("subjects")});
  }

  int WindowAt(const JsonPlace& place) const {
    const auto found = windows_.find(place.Text("window"));
    if (found == windows_.end()) {
      place.At("window").Expected("the name of a window");
    }
    return found->second;
  }

  int MetricAt(const JsonPlace& place) const {
    const std::string name = place.Text("metric");
    for (size_t m = 0; m < document_.metrics.size(); ++m) {
      if (document_.metrics[m].name == name) return static_cast<int>(m);
    }
    place.At("metric").Expected("the name of a metric");
  }

  void Group(const JsonPlace& place) {
    MonitorGroup group;
    group.target = place.Text("target");
    group.name = place.Text("name");
    group.windows.resize(document_.windows.size());
    place.ForEach("windows", [&](const JsonPlace& window) {
      auto& estimates = group.windows[WindowAt(window)];
      estimates.resize(document_.metrics.size());
      const JsonPlace metrics = window.At("metrics");
      for (size_t m = 0; m < estimates.size(); ++m) {
        const char* name = document_.metrics[m].name.c_str();
        if (!metrics.Has(name)) continue;
        const JsonPlace estimate = metrics.At(name);
        estimates[m] = {ReadInterval(estimate), estimate.Count("n"),
                        estimate.TextOr("reason", "")};
      }
    });
    document_.groups.push_back(std::move(group));
  }

  void Drift(const JsonPlace& place) {
    MonitorDrift drift;
    drift.target = place.Text("target");
    drift.name = place.Text("name");
    drift.is_everyone = place.At("by").value().empty();
    drift.metric = MetricAt(place);
    drift.expected = place.Truth("expected");
    const JsonPlace baseline = place.At("baseline");
    drift.baseline = ReadInterval(baseline);
    drift.baseline_n = baseline.Count("n");
    drift.log10_e_needed = place.Number("log10_e_needed").value_or(0);
    if (place.Has("alarm")) {
      const JsonPlace alarm = place.At("alarm");
      drift.alarm_day = alarm.Text("day");
      drift.alarm_window = WindowAt(alarm);
      drift.alarm_log10_e = alarm.Number("log10_e");
    }
    drift.outcome = place.Text("outcome");
    drift.reason = place.TextOr("reason", "");
    place.ForEach("points", [&](const JsonPlace& point) {
      drift.points.push_back(
          {WindowAt(point), point.Count("n"), ReadInterval(point.At("rate")),
           ReadInterval(point.At("change")), point.Number("log10_e")});
    });
    document_.drift.push_back(std::move(drift));
  }

  void Gap(const JsonPlace& place) {
    document_.gap_drift.push_back(
        {place.Text("target"), MetricAt(place), place.Text("group"),
         place.Text("reference"), place.Number("baseline"),
         place.Number("later"), ReadInterval(place.At("change")),
         place.Number("level").value_or(0), place.Text("outcome")});
  }

  JsonPlace root_;
  MonitorDocument document_;
  std::map<std::string, int> windows_;
};

std::string WithSign(double value, const std::string& text) {
  return value > 0 ? "+" + text : text;
}

}  // namespace

int64_t MonitorDocument::CountOutcome(const std::string& outcome) const {
  return std::count_if(drift.begin(), drift.end(), [&](const auto& stream) {
    return stream.outcome == outcome;
  });
}

const MonitorGroup* MonitorDocument::FindGroup(const std::string& target,
                                               const std::string& name) const {
  for (const MonitorGroup& group : groups) {
    if (group.target == target && group.name == name) return &group;
  }
  return nullptr;
}

MonitorDocument ReadMonitorDocument(const Json& monitor) {
  return Reader(monitor).Run();
}

std::string MonitorShortLabel(const MonitorMetric& metric) {
  if (metric.name == "observed_minus_expected") return "Observed - expected";
  AuditMetric named;
  named.name = metric.name;
  named.label = metric.label;
  return ShortName(named);
}

std::string DriftOutcomeWords(const std::string& outcome) {
  if (outcome == "shown") return "drift shown";
  return outcome == "none_above_margin" ? "none above the margin"
                                        : "cannot tell";
}

std::string MonitorVerdict(const MonitorDocument& document) {
  const int64_t shown = document.CountOutcome("shown");
  const auto total = static_cast<int64_t>(document.drift.size());
  return fmt::format(
      "Drift is shown in {} of {} rates of groups; {} on average stayed within "
      "{:g} of {}; for {} the data cannot tell.",
      shown, total, document.CountOutcome("none_above_margin"), document.margin,
      document.baseline.empty() ? "what was expected" : "the baseline",
      document.CountOutcome("insufficient"));
}

std::string EValueText(std::optional<double> log10_e) {
  if (!log10_e) return "-";
  if (*log10_e >= 6) {
    return *log10_e == std::round(*log10_e)
               ? fmt::format("10^{:.0f}", *log10_e)
               : fmt::format("10^{:.1f}", *log10_e);
  }
  const double e = std::pow(10, *log10_e);
  if (e >= 10) return CountText(static_cast<int64_t>(std::llround(e)));
  return e < 0.01 ? "<0.01" : fmt::format("{:.2f}", e);
}

std::string MonitorIntervalText(const MonitorInterval& interval,
                                NumberKind kind, bool as_change) {
  if (!interval.value) return "-";
  if (as_change && kind == NumberKind::kPercent) kind = NumberKind::kPoints;
  std::string text = NumberText(*interval.value, kind);
  if (as_change) text = WithSign(*interval.value, text);
  if (interval.lo && interval.hi) {
    text += " (" + RangeText(*interval.lo, *interval.hi, kind) + ')';
  }
  return text;
}

}  // namespace plumbline::report
