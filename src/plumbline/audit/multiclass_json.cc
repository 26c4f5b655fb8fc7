#include "plumbline/audit/multiclass_json.h"

#include <cmath>

#include "plumbline/audit/json_parts.h"
#include "plumbline/audit/multiclass.h"
#include "plumbline/base/json.h"

namespace plumbline {
namespace {

class Writer {
 public:
  Writer(const MulticlassResult& result, const AuditInput& input,
         const AuditOptions& options)
      : result_(result),
        input_(input),
        model_(input.multiclass[result.model]),
        options_(options) {}

  Json Run() const {
    Json groups = Json::array();
    for (const MulticlassGroup& group : result_.groups) {
      groups.push_back(GroupJson(group));
    }
    Json gaps = Json::array();
    for (const GapResult& gap : result_.gaps) gaps.push_back(GapJson(gap));
    return {{"target", model_.label_column},
            {"model", model_.model},
            {"name", model_.name},
            {"hard_decisions", model_.hard()},
            {"rows", result_.rows},
            {"missing_labels", result_.missing_labels},
            {"missing_scores", result_.missing_scores},
            {"rows_not_summing_to_one", result_.rows_not_summing_to_one},
            {"classes", Classes()},
            {"metrics", Metrics()},
            {"groups", std::move(groups)},
            {"gaps", std::move(gaps)}};
  }

 private:
  Json Classes() const {
    Json classes = Json::array();
    for (size_t k = 0; k < model_.classes.size(); ++k) {
      const int target = model_.targets[k];
      classes.push_back(
          {{"class", model_.classes[k]},
           {"score", model_.hard() ? model_.model : model_.score_columns[k]},
           {"target",
            target < 0 ? Json() : Json(FindingOf(input_.targets[target]))},
           {"rows", result_.class_rows[k]},
           {"subjects", result_.class_subjects[k]}});
    }
    return classes;
  }

  static Json Metrics() {
    Json metrics = Json::array();
    for (const Metric& metric : MulticlassMetrics()) {
      metrics.push_back(
          {{"name", metric.name},
           {"label", metric.label},
           {"direction", metric.direction == MetricDirection::kLowerIsBetter
                             ? "lower_is_better"
                             : "higher_is_better"},
           {"unit", metric.family == MetricFamily::kRate ? "rate" : "number"},
           {"summary", metric.summary}});
    }
    return metrics;
  }

  Json EstimateJson(const Estimate& e) const {
    return {{"value", Number(e.value)},
            {"lo", Number(e.lo)},
            {"hi", Number(e.hi)},
            {"level", options_.level},
            {"n", e.n},
            {"subjects", e.subjects},
            {"events", e.events < 0 ? Json() : Json(e.events)},
            {"design_effect", Number(e.design_effect)},
            {"standard_error", Number(e.standard_error)},
            {"method", e.method},
            {"reason", TextOrNull(e.reason)}};
  }

  Json Attributes(int group) const {
    Json attributes = Json::object();
    const Group& g = input_.groups.groups[group];
    const Grouping& grouping = input_.groups.groupings[g.grouping];
    for (size_t i = 0; i < grouping.attributes.size(); ++i) {
      const auto& column = input_.groups.attributes[grouping.attributes[i]];
      attributes[column.name] = g.levels[i] == kMissingCode
                                    ? Json()
                                    : Json(column.levels[g.levels[i]]);
    }
    return attributes;
  }

  Json By(int grouping) const {
    Json by = Json::array();
    for (const int a : input_.groups.groupings[grouping].attributes) {
      by.push_back(input_.groups.attributes[a].name);
    }
    return by;
  }

  Json GroupJson(const MulticlassGroup& group) const {
    Json metrics = Json::object();
    for (size_t m = 0; m < group.metrics.size(); ++m) {
      metrics[MulticlassMetrics()[m].name] = EstimateJson(group.metrics[m]);
    }
    Json recall = Json::array();
    for (const Estimate& e : group.recall) recall.push_back(EstimateJson(e));
    Json json = {{"attributes", Attributes(group.group)},
                 {"name", input_.groups.Name(group.group)},
                 {"grouping", By(input_.groups.groups[group.group].grouping)},
                 {"n", group.n},
                 {"subjects", group.subjects},
                 {"classes_present", group.classes_present},
                 {"metrics", std::move(metrics)},
                 {"recall", std::move(recall)}};
    if (!group.confusion.empty()) json["confusion"] = Confusion(group);
    return json;
  }

  Json Confusion(const MulticlassGroup& group) const {
    const size_t classes = model_.classes.size();
    Json matrix = Json::array();
    for (size_t i = 0; i < classes; ++i) {
      Json row = Json::array();
      for (size_t j = 0; j < classes; ++j) {
        const double count = group.confusion[i * classes + j];
        row.push_back(count == std::floor(count)
                          ? Json(static_cast<int64_t>(count))
                          : Number(count));
      }
      matrix.push_back(std::move(row));
    }
    return matrix;
  }

  Json Extreme(int group, double probability) const {
    if (group < 0) return Json();
    Json json = {{"name", input_.groups.Name(group)},
                 {"attributes", Attributes(group)}};
    if (probability >= 0) json["probability"] = Number(probability);
    return json;
  }

  Json GapJson(const GapResult& gap) const {
    Json left_out = Json::array();
    for (const auto& [group, reason] : gap.groups_left_out) {
      left_out.push_back(
          {{"name", input_.groups.Name(group)}, {"reason", reason}});
    }
    return {
        {"by", By(gap.grouping)},
        {"metric", gap.metric},
        {"measure", gap.measure},
        {"code", *gap.code == '\0' ? Json() : Json(gap.code)},
        {"value", Number(gap.value)},
        {"lo", Number(gap.lo)},
        {"hi", Number(gap.hi)},
        {"level", options_.level},
        {"n", gap.n},
        {"subjects", gap.subjects},
        {"method", gap.method},
        {"p", Number(gap.p)},
        {"p_adjusted", Number(gap.p_adjusted)},
        {"adjustment", std::isfinite(gap.p_adjusted) ? Json("holm") : Json()},
        {"null_expected", Number(gap.null_expected)},
        {"null_p95", Number(gap.null_p95)},
        {"smallest_detectable", Number(gap.smallest_detectable)},
        {"margin", Number(gap.margin)},
        {"outcome", TextOrNull(gap.outcome)},
        {"reason", TextOrNull(gap.reason)},
        {"worst", Extreme(gap.worst, gap.worst_probability)},
        {"best", Extreme(gap.best, -1)},
        {"groups_used", gap.groups_used},
        {"groups_left_out", std::move(left_out)}};
  }

  const MulticlassResult& result_;
  const AuditInput& input_;
  const MulticlassModel& model_;
  const AuditOptions& options_;
};

}  // namespace

Json MulticlassJson(const AuditResult& result, const AuditInput& input,
                    const AuditOptions& options) {
  Json models = Json::array();
  for (const MulticlassResult& model : result.multiclass) {
    models.push_back(Writer(model, input, options).Run());
  }
  return models;
}

}  // namespace plumbline
