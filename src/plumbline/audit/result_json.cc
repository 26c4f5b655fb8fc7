#include <cmath>
#include <cstring>
#include <string_view>

#include "plumbline/audit/case_mix_json.h"
#include "plumbline/audit/gap_engine.h"
#include "plumbline/audit/json_parts.h"
#include "plumbline/audit/metrics.h"
#include "plumbline/audit/multiclass_json.h"
#include "plumbline/audit/result.h"
#include "plumbline/audit/slices_json.h"
#include "plumbline/audit/weights_json.h"
#include "plumbline/base/json.h"
#include "plumbline/base/version.h"

namespace plumbline {
namespace {

const char* IntervalName(IntervalMethod method) {
  switch (method) {
    case IntervalMethod::kClosedForm:
      return "closed";
    case IntervalMethod::kPercentile:
      return "percentile";
    case IntervalMethod::kBca:
      return "bca";
  }
  return "closed";
}

class Writer {
 public:
  Writer(const AuditResult& result, const AuditInput& input,
         const AuditOptions& options)
      : result_(result), input_(input), options_(options) {
    const GroupIndex& groups = input.groups;
    for (size_t g = 0; g < groups.groups.size(); ++g) {
      names_.push_back(groups.Name(static_cast<int>(g)));
      attributes_.push_back(AttributesOf(groups.groups[g]));
    }
    for (const Grouping& grouping : groups.groupings) {
      Json by = Json::array();
      for (const int a : grouping.attributes) {
        by.push_back(groups.attributes[a].name);
      }
      by_.push_back(std::move(by));
    }
  }

  Json Run() const {
    Json document;
    document["schema"] = "plumbline.audit/1";
    document["plumbline"] = kVersion;
    document["title"] = "";
    document["input"] = Input();
    document["options"] = Options();
    document["threshold"] = CommonThreshold();
    document["targets"] = Targets();
    document["attributes"] = Attributes();
    document["metrics"] = MetricsJson(result_.metrics);
    document["groups"] = Groups();
    document["gaps"] = Gaps();
    document["curves"] = Curves();
    document["missingness"] = Missing();
    if (!result_.case_mix.empty()) {
      document["case_mix"] = CaseMixJson(result_, input_, options_);
    }
    if (!result_.slices.empty()) {
      document["slices"] = SlicesJson(result_, input_, options_);
    }
    document["gates"] = Gates();
    if (!result_.multiclass.empty()) {
      document["multiclass"] = MulticlassJson(result_, input_, options_);
    }
    document["findings"] = Findings();
    document["limitations"] = LimitationsJson(result_.limitations);
    return document;
  }

 private:
  Json AttributesOf(const Group& group) const {
    Json attributes = Json::object();
    const Grouping& grouping = input_.groups.groupings[group.grouping];
    for (size_t i = 0; i < grouping.attributes.size(); ++i) {
      const CategoricalColumn& column =
          input_.groups.attributes[grouping.attributes[i]];
      const uint32_t level = group.levels[i];
      attributes[column.name] =
          level == kMissingCode ? Json() : Json(column.levels[level]);
    }
    return attributes;
  }

  const std::string& TargetName(int target) const {
    return FindingOf(input_.targets[target]);
  }

  // Which of several models an entry is about.
  void AddModel(int target, Json& entry) const {
    const AuditTarget& t = input_.targets[target];
    if (!t.finding.empty()) entry["model"] = t.score_column;
  }

  Json EstimateJson(const Estimate& e, bool with_null) const {
    Json json = {{"value", Number(e.value)},
                 {"lo", RoundedNumber(e.lo)},
                 {"hi", RoundedNumber(e.hi)},
                 {"level", options_.level},
                 {"n", e.n},
                 {"subjects", e.subjects},
                 {"events", e.events < 0 ? Json() : Json(e.events)},
                 {"design_effect", RoundedNumber(e.design_effect)},
                 {"standard_error", RoundedNumber(e.standard_error)},
                 {"method", e.method},
                 {"reason", TextOrNull(e.reason)}};
    if (with_null) json["null_expected"] = RoundedNumber(e.null_expected);
    return json;
  }

  Json Input() const {
    Json files = Json::array();
    for (const TableSource& source : input_.sources) {
      files.push_back(
          {{"file", source.file},
           {"rows", source.rows},
           {"sha256", source.sha256.empty() ? Json() : Json(source.sha256)}});
    }
    Json part = {
        {"files", files},
        {"rows", input_.rows},
        {"subjects", result_.subjects},
        {"subject_column",
         input_.subject_column.empty() ? Json() : Json(input_.subject_column)},
        {"clustered", result_.clustered},
        {"max_rows_per_subject", result_.max_rows_per_subject},
        {"duplicate_rows",
         input_.duplicate_rows < 0 ? Json() : Json(input_.duplicate_rows)}};
    AddWeightsOfInput(input_, part);
    return part;
  }

  Json Options() const {
    Json by = Json::array();
    for (const auto& column : input_.groups.attributes) {
      by.push_back(column.name);
    }
    Json bins = Json::object();
    for (const auto& [column, edges] : input_.bins) bins[column] = edges;
    size_t cross = 0;
    for (const Grouping& grouping : input_.groups.groupings) {
      cross = std::max(cross, grouping.attributes.size());
    }
    Json at = Json::object();
    for (const auto& [target, rule] : options_.threshold_of_target) {
      at[target] = rule.text;
    }
    Json reference = Json::object();
    for (const AttributeSummary& attribute : result_.attributes) {
      reference[attribute.name] = attribute.reference;
    }
    return {{"by", by},
            {"bins", bins},
            {"cross", cross},
            {"at", options_.threshold.text},
            {"at_of_target", at},
            {"metrics", result_.metrics},
            {"gaps", WantedGaps(options_)},
            {"replicates", options_.replicates},
            {"interval", IntervalName(options_.interval)},
            {"level", options_.level},
            {"margin", options_.margin},
            {"minimum", options_.minimum},
            {"seed", options_.seed},
            {"tune_on_audited", options_.tune_on_audited},
            {"reference", reference}};
  }

  static Json ThresholdJson(const FittedThreshold& threshold) {
    return {{"rule", threshold.rule.text},
            {"value", Number(threshold.value)},
            {"fitted_on", threshold.fitted_on},
            {"rows", threshold.rows}};
  }

  Json CommonThreshold() const {
    Json json = ThresholdJson(result_.targets[0].threshold);
    json.erase("rows");
    json["rule"] = options_.threshold.text;
    for (const TargetResult& target : result_.targets) {
      if (target.threshold.value != result_.targets[0].threshold.value) {
        json["value"] = nullptr;
      }
    }
    return json;
  }

  Json Targets() const {
    Json targets = Json::array();
    for (size_t t = 0; t < result_.targets.size(); ++t) {
      const TargetResult& target = result_.targets[t];
      const AuditTarget& input = input_.targets[t];
      targets.push_back({{"target", FindingOf(input)},
                         {"label", input.label_column},
                         {"score", input.score_column},
                         {"rows", target.rows},
                         {"positives", target.positives},
                         {"prevalence", Number(target.prevalence)},
                         {"missing_labels", target.missing_labels},
                         {"missing_scores", target.missing_scores},
                         {"threshold", ThresholdJson(target.threshold)},
                         {"hard_decisions", input.hard_decisions}});
    }
    return targets;
  }

  Json Attributes() const {
    Json attributes = Json::array();
    for (const AttributeSummary& attribute : result_.attributes) {
      const CategoricalColumn* column = nullptr;
      for (const auto& candidate : input_.groups.attributes) {
        if (candidate.name == attribute.name) column = &candidate;
      }
      Json levels = Json::array();
      for (const auto& level : attribute.levels) {
        levels.push_back({{"level", level.level == kMissingCode
                                        ? Json()
                                        : Json(column->levels[level.level])},
                          {"rows", level.rows},
                          {"subjects", level.subjects}});
      }
      attributes.push_back(
          {{"attribute", attribute.name},
           {"levels", levels},
           {"missing_rows", attribute.missing_rows},
           {"missing_subjects", attribute.missing_subjects},
           {"subjects_in_several_groups", attribute.subjects_in_several_groups},
           {"reference", attribute.reference}});
    }
    return attributes;
  }

  Json Groups() const {
    Json groups = Json::array();
    for (const GroupResult& group : result_.groups) {
      Json metrics = Json::object();
      for (size_t m = 0; m < result_.metrics.size(); ++m) {
        metrics[result_.metrics[m]] =
            EstimateJson(group.metrics[m], result_.metrics[m] == "ece");
      }
      groups.push_back(
          {{"target", TargetName(group.target)},
           {"model", input_.targets[group.target].score_column},
           {"attributes", attributes_[group.group]},
           {"name", names_[group.group]},
           {"grouping", by_[input_.groups.groups[group.group].grouping]},
           {"n", group.n},
           {"subjects", group.subjects},
           {"events", group.events},
           {"prevalence", group.n > 0 ? Number(group.prevalence) : Json()},
           {"metrics", std::move(metrics)}});
      AddWeightsOfGroup(input_, group, groups.back());
    }
    return groups;
  }

  Json Who(int group) const { return group < 0 ? Json() : attributes_[group]; }

  Json Extreme(int group, double probability) const {
    if (group < 0) return Json();
    Json json = {{"name", names_[group]}, {"attributes", attributes_[group]}};
    if (probability >= 0) json["probability"] = RoundedNumber(probability);
    return json;
  }

  Json GapJson(const GapResult& gap) const {
    Json left_out = Json::array();
    for (const auto& [group, reason] : gap.groups_left_out) {
      left_out.push_back({{"name", names_[group]}, {"reason", reason}});
    }
    Json reference = Who(gap.reference);
    if (gap.measure.ends_with("_rest")) reference = "rest";
    if (gap.measure.ends_with("_overall")) reference = "overall";
    return {
        {"target", TargetName(gap.target)},
        {"model", input_.targets[gap.target].score_column},
        {"by", by_[gap.grouping]},
        {"metric", gap.metric},
        {"measure", gap.measure},
        {"group", Who(gap.group)},
        {"reference", reference},
        {"value", Number(gap.value)},
        {"lo", RoundedNumber(gap.lo)},
        {"hi", RoundedNumber(gap.hi)},
        {"level", options_.level},
        {"n", gap.n},
        {"subjects", gap.subjects},
        {"method", gap.method},
        {"p", RoundedNumber(gap.p)},
        {"p_adjusted", RoundedNumber(gap.p_adjusted)},
        {"adjustment", std::isfinite(gap.p_adjusted) ? Json("holm") : Json()},
        {"null_expected", RoundedNumber(gap.null_expected)},
        {"null_p95", RoundedNumber(gap.null_p95)},
        {"smallest_detectable", RoundedNumber(gap.smallest_detectable)},
        {"margin", Number(gap.margin)},
        {"outcome", TextOrNull(gap.outcome)},
        {"reason", TextOrNull(gap.reason)},
        {"worst", Extreme(gap.worst, gap.worst_probability)},
        {"best", Extreme(gap.best, -1)},
        {"groups_used", gap.groups_used},
        {"groups_left_out", std::move(left_out)}};
  }

  Json Gaps() const {
    Json gaps = Json::array();
    for (const GapResult& gap : result_.gaps) gaps.push_back(GapJson(gap));
    return gaps;
  }

  Json Curves() const {
    Json curves = Json::array();
    for (const CurveResult& curve : result_.curves) {
      Json roc = Json::array();
      for (const auto& [fpr, tpr] : curve.roc) {
        roc.push_back({RoundedNumber(fpr), RoundedNumber(tpr)});
      }
      Json calibration = Json::array();
      for (const CalibrationPoint& point : curve.calibration) {
        calibration.push_back({{"score", RoundedNumber(point.score)},
                               {"observed", RoundedNumber(point.observed)},
                               {"lo", RoundedNumber(point.lo)},
                               {"hi", RoundedNumber(point.hi)},
                               {"n", point.n}});
      }
      Json benefit = Json::array();
      for (const NetBenefitPoint& point : curve.net_benefit) {
        benefit.push_back({{"threshold", point.threshold},
                           {"model", RoundedNumber(point.model)},
                           {"lo", RoundedNumber(point.lo)},
                           {"hi", RoundedNumber(point.hi)},
                           {"all", RoundedNumber(point.treat_all)}});
      }
      curves.push_back({{"target", TargetName(curve.target)},
                        {"model", input_.targets[curve.target].score_column},
                        {"name", names_[curve.group]},
                        {"attributes", attributes_[curve.group]},
                        {"roc", std::move(roc)},
                        {"roc_area", Number(curve.auroc)},
                        {"calibration", std::move(calibration)},
                        {"net_benefit", std::move(benefit)}});
    }
    return curves;
  }

  Json Missing() const {
    Json entries = Json::array();
    for (const MissingnessResult& entry : result_.missingness) {
      Json bounds = Json::array();
      for (const MissingnessBound& bound : entry.bounds) {
        bounds.push_back({{"metric", bound.metric},
                          {"max_min", RoundedNumber(bound.max_min)},
                          {"lowest", RoundedNumber(bound.lowest)},
                          {"highest", RoundedNumber(bound.highest)}});
      }
      entries.push_back(
          {{"target", TargetName(entry.target)},
           {"attribute", entry.attribute},
           {"rows", entry.rows},
           {"share", Number(entry.share)},
           {"error_rate_missing",
            EstimateJson(entry.error_rate_missing, false)},
           {"error_rate_known", EstimateJson(entry.error_rate_known, false)},
           {"p", RoundedNumber(entry.p)},
           {"bounds", std::move(bounds)}});
      AddModel(entry.target, entries.back());
    }
    return entries;
  }

  Json Gates() const {
    static constexpr const char* kKinds[] = {"gap", "ratio", "worst"};
    static constexpr const char* kOutcomes[] = {"met", "failed", "cannot_tell"};
    Json gates = Json::array();
    for (const GateResult& gate : result_.gates) {
      gates.push_back(
          {{"gate", gate.gate.text},
           {"metric", gate.gate.metric},
           {"kind", kKinds[static_cast<int>(gate.gate.kind)]},
           {"target", TargetName(gate.target)},
           {"by", gate.gate.by},
           {"limit", gate.gate.limit},
           {"relation",
            gate.gate.relation == GateRelation::kAtMost ? "<=" : ">="},
           {"value", Number(gate.value)},
           {"lo", RoundedNumber(gate.lo)},
           {"hi", RoundedNumber(gate.hi)},
           {"outcome", kOutcomes[static_cast<int>(gate.outcome)]},
           {"sentence", gate.sentence}});
      AddModel(gate.target, gates.back());
    }
    return gates;
  }

  Json Findings() const {
    Json findings = Json::array();
    for (const Finding& finding : result_.findings) {
      findings.push_back(FindingJson(
          finding,
          finding.target < 0 ? Json() : Json(TargetName(finding.target))));
      if (finding.target >= 0) AddModel(finding.target, findings.back());
    }
    return findings;
  }

  const AuditResult& result_;
  const AuditInput& input_;
  const AuditOptions& options_;
  std::vector<std::string> names_;  // of groups
  std::vector<Json> attributes_;    // of groups
  std::vector<Json> by_;            // of groupings
};

}  // namespace

Json ToJson(const AuditResult& result, const AuditInput& input,
            const AuditOptions& options) {
  return Writer(result, input, options).Run();
}

}  // namespace plumbline
