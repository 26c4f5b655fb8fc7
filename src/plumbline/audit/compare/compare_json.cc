#include <cmath>

#include "plumbline/audit/compare/model_comparison.h"
#include "plumbline/audit/json_parts.h"
#include "plumbline/base/json.h"
#include "plumbline/base/version.h"

namespace plumbline {
namespace {

Json DirectionName(Direction direction) {
  switch (direction) {
    case Direction::kBetter:
      return "better";
    case Direction::kWorse:
      return "worse";
    case Direction::kSame:
      return "same";
    case Direction::kNone:
      break;
  }
  return {};
}

Json VerdictName(const PairedDifference& d) {
  if (!d.has_verdict) return {};
  switch (d.verdict) {
    case NonInferiority::kNonInferior:
      return "non_inferior";
    case NonInferiority::kInferior:
      return "inferior";
    case NonInferiority::kCannotTell:
      break;
  }
  return "cannot_tell";
}

Json ThresholdJson(const FittedThreshold& threshold) {
  return {{"rule", threshold.rule.text},
          {"value", Number(threshold.value)},
          {"fitted_on", threshold.fitted_on},
          {"rows", threshold.rows}};
}

class Writer {
 public:
  Writer(const CompareResult& result, const CompareInput& input,
         const CompareOptions& options)
      : result_(result), input_(input), options_(options) {
    for (const Grouping& grouping : input.rows.groups.groupings) {
      Json by = Json::array();
      for (const int a : grouping.attributes) {
        by.push_back(input.rows.groups.attributes[a].name);
      }
      by_.push_back(std::move(by));
    }
  }

  Json Run() const {
    Json document;
    document["schema"] = "plumbline.compare/1";
    document["plumbline"] = kVersion;
    document["title"] = "";
    document["models"] = {{"baseline", input_.names[kBaseline]},
                          {"challenger", input_.names[kChallenger]}};
    document["input"] = Input();
    document["options"] = Options();
    document["targets"] = Targets();
    document["metrics"] = MetricsJson(result_.metrics);
    document["verdict"] = {{"sentence", result_.verdict}};
    document["groups"] = Groups();
    document["gaps"] = Gaps();
    document["gates"] = Gates();
    document["findings"] = Findings();
    document["limitations"] = LimitationsJson(result_.limitations);
    return document;
  }

 private:
  const GroupIndex& groups() const { return input_.rows.groups; }
  std::string Name(int group) const { return groups().Name(group); }

  Json AttributesOf(int g) const {
    if (g < 0) return {};
    Json attributes = Json::object();
    const Group& group = groups().groups[g];
    const Grouping& grouping = groups().groupings[group.grouping];
    for (size_t i = 0; i < grouping.attributes.size(); ++i) {
      const CategoricalColumn& column =
          groups().attributes[grouping.attributes[i]];
      const uint32_t level = group.levels[i];
      attributes[column.name] =
          level == kMissingCode ? Json() : Json(column.levels[level]);
    }
    return attributes;
  }

  Json EstimateJson(const Estimate& e) const {
    return {{"value", Number(e.value)},
            {"lo", Number(e.lo)},
            {"hi", Number(e.hi)},
            {"level", options_.audit.level},
            {"n", e.n},
            {"subjects", e.subjects},
            {"events", e.events < 0 ? Json() : Json(e.events)},
            {"method", e.method},
            {"reason", TextOrNull(e.reason)}};
  }

  static Json Count(int64_t count) { return count < 0 ? Json() : Json(count); }

  Json DifferenceJson(const PairedDifference& d) const {
    return {{"value", Number(d.value)},
            {"lo", Number(d.lo)},
            {"hi", Number(d.hi)},
            {"level", options_.audit.level},
            {"lower_bound", Number(d.lower_bound)},
            {"upper_bound", Number(d.upper_bound)},
            {"n", d.n},
            {"subjects", d.subjects},
            {"baseline_only", Count(d.baseline_only)},
            {"challenger_only", Count(d.challenger_only)},
            {"design_effect", Number(d.design_effect)},
            {"standard_error", Number(d.standard_error)},
            {"method", d.method},
            {"p", Number(d.p)},
            {"p_adjusted", Number(d.p_adjusted)},
            {"adjustment", std::isfinite(d.p_adjusted) ? Json("holm") : Json()},
            {"direction", DirectionName(d.direction)},
            {"outcome", d.outcome},
            {"margin", Number(d.margin)},
            {"non_inferiority", VerdictName(d)},
            {"smallest_detectable", Number(d.smallest_detectable)},
            {"subjects_needed", Number(d.subjects_needed)},
            {"reason", TextOrNull(d.reason)}};
  }

  Json Input() const {
    Json files = Json::array();
    for (const TableSource& source : input_.rows.sources) {
      files.push_back(
          {{"file", source.file},
           {"rows", source.rows},
           {"sha256", source.sha256.empty() ? Json() : Json(source.sha256)}});
    }
    const std::string& subject = input_.rows.subject_column;
    return {{"files", files},
            {"rows", input_.rows.rows},
            {"subjects", result_.subjects},
            {"subject_column", subject.empty() ? Json() : Json(subject)},
            {"clustered", result_.clustered},
            {"max_rows_per_subject", result_.max_rows_per_subject},
            {"only_in_baseline", input_.only_in_baseline},
            {"only_in_challenger", input_.only_in_challenger},
            {"differing", input_.differing},
            {"one_score", input_.one_score}};
  }

  Json Options() const {
    const AuditOptions& audit = options_.audit;
    Json by = Json::array();
    size_t cross = 0;
    for (const auto& column : groups().attributes) by.push_back(column.name);
    for (const Grouping& grouping : groups().groupings) {
      cross = std::max(cross, grouping.attributes.size());
    }
    Json bins = Json::object();
    for (const auto& [column, edges] : input_.rows.bins) bins[column] = edges;
    Json margins = Json::array();
    for (const MarginRule& rule : options_.margins) {
      margins.push_back(rule.text);
    }
    Json at = Json::object();
    for (const auto& [target, rule] : audit.threshold_of_target) {
      at[target] = rule.text;
    }
    return {{"by", by},
            {"bins", bins},
            {"cross", cross},
            {"at", audit.threshold.text},
            {"at_of_target", at},
            {"metrics", result_.metrics},
            {"replicates", audit.replicates},
            {"level", audit.level},
            {"margin", audit.margin},
            {"margins", margins},
            {"minimum", audit.minimum},
            {"seed", audit.seed},
            {"tune_on_audited", audit.tune_on_audited}};
  }

  Json Targets() const {
    Json targets = Json::array();
    for (size_t t = 0; t < result_.targets.size(); ++t) {
      const ComparedTarget& target = result_.targets[t];
      const int index = static_cast<int>(t);
      targets.push_back(
          {{"target", target.name},
           {"label", input_.target(index, kBaseline).label_column},
           {"scores",
            {{"baseline", input_.target(index, kBaseline).score_column},
             {"challenger", input_.target(index, kChallenger).score_column}}},
           {"rows", target.rows},
           {"positives", target.positives},
           {"missing_labels", target.missing_labels},
           {"missing_scores", target.missing_scores},
           {"threshold",
            {{"baseline", ThresholdJson(target.thresholds[kBaseline])},
             {"challenger", ThresholdJson(target.thresholds[kChallenger])}}}});
    }
    return targets;
  }

  Json Groups() const {
    Json list = Json::array();
    for (const ComparedGroup& group : result_.groups) {
      Json metrics = Json::object();
      for (size_t m = 0; m < result_.metrics.size(); ++m) {
        const ComparedMetric& compared = group.metrics[m];
        metrics[result_.metrics[m]] = {
            {"baseline", EstimateJson(compared.models[kBaseline])},
            {"challenger", EstimateJson(compared.models[kChallenger])},
            {"difference", DifferenceJson(compared.difference)}};
      }
      list.push_back({{"target", result_.targets[group.target].name},
                      {"attributes", AttributesOf(group.group)},
                      {"name", Name(group.group)},
                      {"grouping", by_[groups().groups[group.group].grouping]},
                      {"n", group.n},
                      {"subjects", group.subjects},
                      {"events", group.events},
                      {"metrics", std::move(metrics)}});
    }
    return list;
  }

  Json GapOfModel(const ModelGap& gap) const {
    return {{"value", Number(gap.value)},
            {"lo", Number(gap.lo)},
            {"hi", Number(gap.hi)},
            {"null_expected", Number(gap.null_expected)},
            {"worst", gap.worst < 0 ? Json() : Json(Name(gap.worst))},
            {"best", gap.best < 0 ? Json() : Json(Name(gap.best))}};
  }

  Json Gaps() const {
    Json gaps = Json::array();
    for (const GapChange& change : result_.gaps) {
      gaps.push_back(
          {{"target", result_.targets[change.target].name},
           {"by", by_[change.grouping]},
           {"metric", change.metric},
           {"measure", change.measure},
           {"group", AttributesOf(change.group)},
           {"reference", AttributesOf(change.reference)},
           {"baseline", GapOfModel(change.models[kBaseline])},
           {"challenger", GapOfModel(change.models[kChallenger])},
           {"value", Number(change.value)},
           {"lo", Number(change.lo)},
           {"hi", Number(change.hi)},
           {"level", options_.audit.level},
           {"method", change.method},
           {"p", Number(change.p)},
           {"p_adjusted", Number(change.p_adjusted)},
           {"adjustment",
            std::isfinite(change.p_adjusted) ? Json("holm") : Json()},
           {"bias", Number(change.bias)},
           {"margin", Number(change.margin)},
           {"groups_used", change.groups_used},
           {"outcome", change.outcome},
           {"reason", TextOrNull(change.reason)}});
    }
    return gaps;
  }

  Json Gates() const {
    static constexpr const char* kOutcomes[] = {"met", "failed", "cannot_tell"};
    Json gates = Json::array();
    for (const RequirementResult& result : result_.requirements) {
      gates.push_back({{"gate", result.requirement.text},
                       {"metric", result.requirement.metric},
                       {"kind", "non-inferior"},
                       {"target", result_.targets[result.target].name},
                       {"by", result.requirement.by},
                       {"outcome", kOutcomes[static_cast<int>(result.outcome)]},
                       {"sentence", result.sentence}});
    }
    return gates;
  }

  Json Findings() const {
    Json findings = Json::array();
    for (const Finding& finding : result_.findings) {
      findings.push_back(
          FindingJson(finding, result_.targets[finding.target].name));
    }
    return findings;
  }

  const CompareResult& result_;
  const CompareInput& input_;
  const CompareOptions& options_;
  std::vector<Json> by_;  // of groupings
};

}  // namespace

Json ToJson(const CompareResult& result, const CompareInput& input,
            const CompareOptions& options) {
  return Writer(result, input, options).Run();
}

}  // namespace plumbline
