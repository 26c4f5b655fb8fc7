#include <cmath>

#include "plumbline/audit/json_parts.h"
#include "plumbline/audit/metrics.h"
#include "plumbline/audit/monitor/monitor.h"
#include "plumbline/base/json.h"
#include "plumbline/base/version.h"

namespace plumbline {
namespace {

Json Log10(double log_e) { return RoundedNumber(log_e / std::log(10)); }

class Writer {
 public:
  Writer(const MonitorResult& result, const MonitorInput& input,
         const MonitorOptions& options)
      : result_(result), input_(input), options_(options) {}

  Json Run() const {
    Json document;
    document["schema"] = "plumbline.monitor/1";
    document["plumbline"] = kVersion;
    document["title"] = "";
    document["input"] = Input();
    document["options"] = Options();
    document["family"] = Family();
    document["targets"] = Targets();
    document["metrics"] = Metrics();
    document["windows"] = Windows();
    document["groups"] = Groups();
    document["gaps"] = Gaps();
    document["drift"] = Drift();
    document["gap_drift"] = GapDrift();
    document["gates"] = Gates();
    document["findings"] = Findings();
    document["limitations"] = LimitationsJson(result_.limitations);
    return document;
  }

 private:
  const GroupIndex& groups() const { return input_.audit.groups; }

  std::string TargetName(int target) const {
    return input_.audit.targets[target].name;
  }
  Json WindowName(int window) const {
    return window < 0 ? Json() : Json(result_.windows[window].window.name);
  }

  Json Attributes(int group) const {
    Json attributes = Json::object();
    const Grouping& grouping =
        groups().groupings[groups().groups[group].grouping];
    for (size_t i = 0; i < grouping.attributes.size(); ++i) {
      const auto& column = groups().attributes[grouping.attributes[i]];
      const uint32_t level = groups().groups[group].levels[i];
      attributes[column.name] =
          level == kMissingCode ? Json() : Json(column.levels[level]);
    }
    return attributes;
  }
  Json By(int grouping) const {
    Json by = Json::array();
    for (const int a : groups().groupings[grouping].attributes) {
      by.push_back(groups().attributes[a].name);
    }
    return by;
  }
  Json GroupingOf(int group) const {
    return By(groups().groups[group].grouping);
  }

  Json Input() const {
    Json files = Json::array();
    for (const TableSource& source : input_.audit.sources) {
      files.push_back(
          {{"file", source.file},
           {"rows", source.rows},
           {"sha256", source.sha256.empty() ? Json() : Json(source.sha256)}});
    }
    const bool clustered = !input_.audit.subjects.empty();
    return {
        {"files", files},
        {"rows", input_.audit.rows},
        {"rows_without_date", result_.rows_without_date},
        {"subjects", result_.subjects},
        {"subjects_in_several_windows", result_.subjects_in_several_windows},
        {"subject_column",
         clustered ? Json(input_.audit.subject_column) : Json()},
        {"date_column", input_.date_column},
        {"first_day", DayText(result_.first_day)},
        {"last_day", DayText(result_.last_day)}};
  }

  Json Options() const {
    Json by = Json::array();
    for (const auto& column : groups().attributes) by.push_back(column.name);
    Json expected = Json::object();
    for (const auto& [name, value] : options_.expected) expected[name] = value;
    Json baseline;
    if (result_.baseline.last >= 0) {
      baseline = {{"first", WindowName(result_.baseline.first)},
                  {"last", WindowName(result_.baseline.last)}};
    }
    return {{"by", by},
            {"window", options_.window.text},
            {"baseline", baseline},
            {"expected", expected},
            {"at", options_.audit.threshold.text},
            {"level", options_.audit.level},
            {"margin", options_.audit.margin},
            {"drift_margin", options_.drift_margin},
            {"minimum", options_.audit.minimum},
            {"subject_visits",
             options_.visits == SubjectVisits::kOnce ? "once" : "every"},
            {"correction", CorrectionName()},
            {"replicates", options_.audit.replicates},
            {"seed", options_.audit.seed}};
  }

  const char* CorrectionName() const {
    return options_.correction == DriftCorrection::kBonferroni ? "bonferroni"
                                                               : "e-bh";
  }

  Json Family() const {
    return {{"streams", result_.drift.size()},
            {"tested", result_.family},
            {"alpha", RoundedNumber(1 - options_.audit.level)},
            {"correction", CorrectionName()},
            {"log10_e_needed", Log10(result_.log_e_needed)}};
  }

  Json Targets() const {
    Json targets = Json::array();
    for (size_t t = 0; t < result_.targets.size(); ++t) {
      const TargetResult& target = result_.targets[t];
      const AuditTarget& from = input_.audit.targets[t];
      targets.push_back({{"target", target.name},
                         {"label", from.label_column},
                         {"score", from.score_column},
                         {"rows", target.rows},
                         {"positives", target.positives},
                         {"missing_labels", target.missing_labels},
                         {"missing_scores", target.missing_scores},
                         {"threshold",
                          {{"rule", target.threshold.rule.text},
                           {"value", Number(target.threshold.value)},
                           {"fitted_on", target.threshold.fitted_on},
                           {"rows", target.threshold.rows}}}});
    }
    return targets;
  }

  Json Metrics() const {
    Json metrics = Json::array();
    const auto add = [&](const std::string& name, const std::string& label,
                         bool is_rate, bool in_windows, bool followed) {
      metrics.push_back({{"name", name},
                         {"label", label},
                         {"unit", is_rate ? "rate" : "number"},
                         {"in_windows", in_windows},
                         {"followed", followed}});
    };
    for (const std::string& name : result_.metrics) {
      const Metric& metric = *FindMetric(name);
      const bool is_rate = metric.family == MetricFamily::kRate;
      add(name, metric.label, is_rate, true, is_rate);
    }
    for (const StreamMetric& stream : result_.streams) {
      if (stream.is_calibration) {
        add(stream.name, stream.label, false, false, true);
      }
    }
    return metrics;
  }

  Json Windows() const {
    Json windows = Json::array();
    for (const WindowResult& window : result_.windows) {
      windows.push_back({{"window", window.window.name},
                         {"first", DayText(window.window.first)},
                         {"last", DayText(window.window.last)},
                         {"part", window.part},
                         {"rows", window.rows},
                         {"subjects", window.subjects}});
    }
    return windows;
  }

  Json EstimateJson(const Estimate& e) const {
    return {{"value", Number(e.value)},
            {"lo", RoundedNumber(e.lo)},
            {"hi", RoundedNumber(e.hi)},
            {"level", options_.audit.level},
            {"n", e.n},
            {"subjects", e.subjects},
            {"events", e.events < 0 ? Json() : Json(e.events)},
            {"method", e.method},
            {"reason", TextOrNull(e.reason)}};
  }

  // By target and group, each with its windows.
  Json Groups() const {
    Json list = Json::array();
    const size_t windows = result_.windows.size();
    for (size_t t = 0; t < result_.targets.size(); ++t) {
      for (size_t g = 0; g < groups().groups.size(); ++g) {
        Json of_windows = Json::array();
        for (size_t w = 0; w < windows; ++w) {
          const WindowAudit& audit = result_.audits[t * windows + w];
          if (audit.groups.empty()) continue;
          const GroupResult& group = audit.groups[g];
          Json metrics = Json::object();
          for (size_t m = 0; m < result_.metrics.size(); ++m) {
            metrics[result_.metrics[m]] = EstimateJson(group.metrics[m]);
          }
          of_windows.push_back({{"window", WindowName(audit.window)},
                                {"n", group.n},
                                {"subjects", group.subjects},
                                {"events", group.events},
                                {"metrics", std::move(metrics)}});
        }
        const auto id = static_cast<int>(g);
        list.push_back({{"target", TargetName(static_cast<int>(t))},
                        {"name", groups().Name(id)},
                        {"attributes", Attributes(id)},
                        {"grouping", GroupingOf(id)},
                        {"windows", std::move(of_windows)}});
      }
    }
    return list;
  }

  Json Gaps() const {
    Json gaps = Json::array();
    for (const WindowAudit& audit : result_.audits) {
      for (const GapResult& gap : audit.gaps) {
        const auto name = [&](int group) {
          return group < 0 ? Json() : Json(groups().Name(group));
        };
        gaps.push_back(
            {{"target", TargetName(audit.target)},
             {"window", WindowName(audit.window)},
             {"by", By(gap.grouping)},
             {"metric", gap.metric},
             {"measure", gap.measure},
             {"group", name(gap.group)},
             {"reference", name(gap.reference)},
             {"value", Number(gap.value)},
             {"lo", RoundedNumber(gap.lo)},
             {"hi", RoundedNumber(gap.hi)},
             {"n", gap.n},
             {"subjects", gap.subjects},
             {"method", gap.method},
             {"p", RoundedNumber(gap.p)},
             {"p_adjusted", RoundedNumber(gap.p_adjusted)},
             {"null_expected", RoundedNumber(gap.null_expected)},
             {"null_p95", RoundedNumber(gap.null_p95)},
             {"smallest_detectable", RoundedNumber(gap.smallest_detectable)},
             {"outcome", TextOrNull(gap.outcome)},
             {"reason", TextOrNull(gap.reason)}});
      }
    }
    return gaps;
  }

  static Json IntervalJson(const Interval& interval, double lowest,
                           double range) {
    return {{"value", Number(lowest + interval.value * range)},
            {"lo", RoundedNumber(lowest + interval.lo * range)},
            {"hi", RoundedNumber(lowest + interval.hi * range)}};
  }

  Json Points(const DriftResult& drift, const StreamMetric& metric) const {
    Json points = Json::array();
    for (const StreamPoint& point : drift.stream.points) {
      const bool tested = drift.stream.reason == nullptr;
      points.push_back(
          {{"window", WindowName(point.window)},
           {"n", point.n},
           {"rate", IntervalJson(point.rate, metric.lowest(), metric.range())},
           {"change", IntervalJson(point.drift, 0, metric.range())},
           {"log10_e", tested ? Log10(point.log_e) : Json()},
           {"log10_e_largest", tested ? Log10(point.log_e_largest) : Json()}});
    }
    return points;
  }

  Json Drift() const {
    Json list = Json::array();
    for (const DriftResult& drift : result_.drift) {
      const StreamMetric& metric = result_.streams[drift.metric];
      Json baseline =
          IntervalJson(drift.baseline, metric.lowest(), metric.range());
      baseline["n"] = static_cast<int64_t>(drift.stream.baseline.size());
      if (drift.has_expected) baseline["n"] = nullptr;
      Json alarm;
      if (drift.alarm.day != kNoDay) {
        alarm = {{"day", DayText(drift.alarm.day)},
                 {"window", WindowName(drift.alarm.window)},
                 {"log10_e", Log10(drift.alarm.log_e)}};
      }
      list.push_back({{"target", TargetName(drift.target)},
                      {"name", groups().Name(drift.group)},
                      {"attributes", Attributes(drift.group)},
                      {"by", GroupingOf(drift.group)},
                      {"metric", metric.name},
                      {"expected", drift.has_expected},
                      {"baseline", std::move(baseline)},
                      {"log10_e_needed", Log10(drift.log_e_needed)},
                      {"alarm", alarm},
                      {"outcome", drift.outcome},
                      {"reason", TextOrNull(drift.reason)},
                      {"points", Points(drift, metric)}});
    }
    return list;
  }

  Json GapDrift() const {
    Json list = Json::array();
    for (const GapDriftResult& gap : result_.gap_drift) {
      list.push_back({{"target", TargetName(gap.target)},
                      {"by", By(gap.grouping)},
                      {"metric", result_.streams[gap.metric].name},
                      {"group", groups().Name(gap.group)},
                      {"reference", groups().Name(gap.reference)},
                      {"baseline", Number(gap.baseline)},
                      {"later", Number(gap.later)},
                      {"change", IntervalJson(gap.change, 0, 1)},
                      {"level", RoundedNumber(gap.level)},
                      {"widened", gap.widened},
                      {"outcome", gap.outcome}});
    }
    return list;
  }

  Json Gates() const {
    static constexpr const char* kOutcomes[] = {"met", "failed", "cannot_tell"};
    Json gates = Json::array();
    for (const GateResult& gate : result_.gates) {
      gates.push_back({{"gate", gate.gate.text},
                       {"metric", gate.gate.metric},
                       {"target", TargetName(gate.target)},
                       {"by", gate.gate.by},
                       {"limit", gate.gate.limit},
                       {"value", Number(gate.value)},
                       {"lo", RoundedNumber(gate.lo)},
                       {"hi", RoundedNumber(gate.hi)},
                       {"outcome", kOutcomes[static_cast<int>(gate.outcome)]},
                       {"sentence", gate.sentence}});
    }
    return gates;
  }

  Json Findings() const {
    Json findings = Json::array();
    for (const Finding& finding : result_.findings) {
      findings.push_back(FindingJson(
          finding,
          finding.target < 0 ? Json() : Json(TargetName(finding.target))));
    }
    return findings;
  }

  const MonitorResult& result_;
  const MonitorInput& input_;
  const MonitorOptions& options_;
};

}  // namespace

Json ToJson(const MonitorResult& result, const MonitorInput& input,
            const MonitorOptions& options) {
  return Writer(result, input, options).Run();
}

}  // namespace plumbline
