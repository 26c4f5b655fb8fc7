#include "plumbline/report/multiclass_document.h"

#include "plumbline/report/json_place.h"

namespace plumbline::report {
namespace {

AuditEstimate ReadEstimate(const JsonPlace& place) {
  AuditEstimate estimate;
  estimate.value = place.Number("value");
  estimate.lo = place.Number("lo");
  estimate.hi = place.Number("hi");
  estimate.n = place.Count("n");
  estimate.subjects = place.Count("subjects");
  estimate.method = place.TextOr("method", "none");
  estimate.reason = place.TextOr("reason", "");
  if (estimate.reason == "class_absent") estimate.reason = "a class is absent";
  if (estimate.reason == "not_probabilities") {
    estimate.reason = "scores do not sum to 1";
  }
  if (estimate.reason == "not_ordered") estimate.reason = "classes unordered";
  estimate.present = true;
  return estimate;
}

GapOutcome ReadOutcome(const JsonPlace& place) {
  const std::string outcome = place.TextOr("outcome", "");
  return outcome == "shown"               ? GapOutcome::kShown
         : outcome == "none_above_margin" ? GapOutcome::kNoneAboveMargin
         : outcome == "insufficient"      ? GapOutcome::kCannotTell
                                          : GapOutcome::kNotTested;
}

AuditGap ReadGap(const JsonPlace& place) {
  AuditGap gap;
  place.ForEach("by",
                [&](const JsonPlace& by) { gap.by.push_back(by.AsText()); });
  gap.metric = place.Text("metric");
  gap.measure = place.Text("measure");
  gap.value = place.Number("value");
  gap.lo = place.Number("lo");
  gap.hi = place.Number("hi");
  gap.p_adjusted = place.Number("p_adjusted");
  gap.null_expected = place.Number("null_expected");
  gap.null_p95 = place.Number("null_p95");
  gap.smallest_detectable = place.Number("smallest_detectable");
  gap.margin = place.Number("margin");
  gap.reason = place.TextOr("reason", "");
  if (place.Has("worst")) gap.worst = place.At("worst").Text("name");
  gap.outcome = ReadOutcome(place);
  return gap;
}

bool IsSquareOfCounts(const Json& rows, size_t classes) {
  if (!rows.is_array() || rows.size() != classes) return false;
  for (const Json& row : rows) {
    if (!row.is_array() || row.size() != classes) return false;
    for (const Json& count : row) {
      if (!count.is_number()) return false;
    }
  }
  return true;
}

MulticlassGroupPart ReadGroup(const JsonPlace& place,
                              const MulticlassPart& part) {
  MulticlassGroupPart group;
  group.name = place.Text("name");
  place.ForEach("grouping", [&](const JsonPlace&) { ++group.attributes; });
  group.n = place.Count("n");
  group.subjects = place.Count("subjects");
  const JsonPlace metrics = place.At("metrics");
  for (const AuditMetric& metric : part.metrics) {
    group.metrics.push_back(ReadEstimate(metrics.At(metric.name.c_str())));
  }
  place.ForEach("recall", [&](const JsonPlace& estimate) {
    group.recall.push_back(ReadEstimate(estimate));
  });
  if (group.recall.size() != part.classes.size()) {
    place.At("recall").Expected("one estimate for each class");
  }
  if (!place.Has("confusion")) return group;
  if (!IsSquareOfCounts(place.At("confusion").value(), part.classes.size())) {
    place.At("confusion").Expected("counts, a row and a column for each class");
  }
  for (const Json& row : place.At("confusion").value()) {
    group.confusion.push_back(row.get<std::vector<double>>());
  }
  return group;
}

}  // namespace

int MulticlassPart::MetricIndex(const std::string& metric) const {
  for (size_t m = 0; m < metrics.size(); ++m) {
    if (metrics[m].name == metric) return static_cast<int>(m);
  }
  return -1;
}

std::string MulticlassPart::MetricLabel(const std::string& metric) const {
  const int index = MetricIndex(metric);
  return index >= 0 ? metrics[index].label
                    : "Recall of " + metric.substr(metric.find(':') + 1);
}

std::vector<MulticlassPart> ReadMulticlass(const Json& audit) {
  std::vector<MulticlassPart> models;
  const JsonPlace root(audit);
  if (!root.Has("multiclass")) return models;
  root.ForEach("multiclass", [&](const JsonPlace& place) {
    MulticlassPart part;
    part.name = place.Text("name");
    part.model = place.Text("model");
    part.rows = place.Count("rows");
    part.hard = place.Truth("hard_decisions");
    place.ForEach("classes", [&](const JsonPlace& entry) {
      part.classes.push_back(
          {entry.Text("class"), entry.Count("rows"), entry.Count("subjects")});
    });
    place.ForEach("metrics", [&](const JsonPlace& metric) {
      part.metrics.push_back({metric.Text("name"), metric.Text("label"),
                              metric.Text("unit"), metric.Text("summary"),
                              metric.Text("direction") == "lower_is_better"
                                  ? MetricDirection::kLower
                                  : MetricDirection::kHigher});
    });
    place.ForEach("groups", [&](const JsonPlace& group) {
      part.groups.push_back(ReadGroup(group, part));
    });
    if (part.groups.empty()) {
      place.At("groups").Expected("at least the group of everyone");
    }
    place.ForEach("gaps", [&](const JsonPlace& gap) {
      part.gaps.push_back(ReadGap(gap));
    });
    models.push_back(std::move(part));
  });
  return models;
}

}  // namespace plumbline::report
