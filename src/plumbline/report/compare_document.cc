#include "plumbline/report/compare_document.h"

#include <map>

#include "plumbline/base/error.h"
#include "plumbline/report/json_place.h"

namespace plumbline::report {
namespace {

constexpr std::string_view kSchema = "plumbline.compare/1";
constexpr DocumentKind kKind = {"compare.json", "compare"};
constexpr const char* kModels[] = {"baseline", "challenger"};

std::vector<std::string> Names(const JsonPlace& place, const char* key) {
  std::vector<std::string> names;
  place.ForEach(key,
                [&](const JsonPlace& name) { names.push_back(name.AsText()); });
  return names;
}

AttributeValues Attributes(const JsonPlace& place, const char* key) {
  AttributeValues values;
  if (!place.Has(key)) return values;
  place.At(key).ForEachMember(
      [&](const std::string& name, const JsonPlace& level) {
        std::optional<std::string> text;
        if (!level.value().is_null()) text = level.AsText();
        values.emplace_back(name, std::move(text));
      });
  return values;
}

AuditEstimate ReadEstimate(const JsonPlace& place) {
  AuditEstimate estimate;
  estimate.value = place.Number("value");
  estimate.lo = place.Number("lo");
  estimate.hi = place.Number("hi");
  estimate.n = place.Count("n");
  estimate.subjects = place.Count("subjects");
  estimate.events = place.Count("events");
  estimate.method = place.TextOr("method", "none");
  estimate.reason = place.TextOr("reason", "");
  estimate.present = true;
  return estimate;
}

CompareDifference ReadDifference(const JsonPlace& place) {
  CompareDifference d;
  place.At("value");
  d.value = place.Number("value");
  d.lo = place.Number("lo");
  d.hi = place.Number("hi");
  d.p_adjusted = place.Number("p_adjusted");
  d.n = place.Count("n");
  d.subjects = place.Count("subjects");
  d.margin = place.Number("margin");
  d.smallest_detectable = place.Number("smallest_detectable");
  d.subjects_needed = place.Number("subjects_needed");
  d.direction = place.TextOr("direction", "");
  d.outcome = place.Text("outcome");
  d.non_inferiority = place.TextOr("non_inferiority", "");
  d.method = place.TextOr("method", "none");
  d.reason = place.TextOr("reason", "");
  return d;
}

CompareGroup ReadGroup(const JsonPlace& place,
                       const CompareDocument& document) {
  CompareGroup group;
  group.name = place.Text("name");
  group.grouping = Names(place, "grouping");
  group.n = place.Count("n");
  group.subjects = place.Count("subjects");
  const JsonPlace metrics = place.At("metrics");
  for (const AuditMetric& metric : document.metrics) {
    const JsonPlace entry = metrics.At(metric.name.c_str());
    CompareMetric compared;
    for (int model : {0, 1}) {
      const JsonPlace estimate = entry.At(kModels[model]);
      compared.models[model] = ReadEstimate(estimate);
    }
    const JsonPlace difference = entry.At("difference");
    compared.difference = ReadDifference(difference);
    group.metrics.push_back(std::move(compared));
  }
  return group;
}

CompareGap ReadGap(const JsonPlace& place) {
  CompareGap gap;
  gap.by = Names(place, "by");
  gap.metric = place.Text("metric");
  gap.measure = place.Text("measure");
  gap.group = Attributes(place, "group");
  gap.reference = Attributes(place, "reference");
  for (int model : {0, 1}) {
    gap.models[model] = place.At(kModels[model]).Number("value");
  }
  gap.value = place.Number("value");
  gap.lo = place.Number("lo");
  gap.hi = place.Number("hi");
  gap.p_adjusted = place.Number("p_adjusted");
  gap.bias = place.Number("bias");
  gap.outcome = place.Text("outcome");
  gap.method = place.TextOr("method", "none");
  gap.reason = place.TextOr("reason", "");
  return gap;
}

AuditThreshold ReadThreshold(const JsonPlace& place) {
  return {place.TextOr("rule", ""), place.Number("value"),
          place.TextOr("fitted_on", "")};
}

CompareTarget ReadTarget(const JsonPlace& place) {
  CompareTarget target;
  target.name = place.Text("target");
  target.rows = place.Count("rows");
  target.positives = place.Count("positives");
  const JsonPlace threshold = place.At("threshold");
  for (int model : {0, 1}) {
    target.thresholds[model] = ReadThreshold(threshold.At(kModels[model]));
  }
  return target;
}

AuditInput ReadInput(const JsonPlace& place) {
  AuditInput input;
  place.ForEach("files", [&](const JsonPlace& file) {
    input.files.push_back(
        {file.Text("file"), file.Count("rows"), file.TextOr("sha256", "")});
  });
  input.rows = place.Count("rows");
  input.subjects = place.Count("subjects");
  input.subject_column = place.TextOr("subject_column", "");
  input.clustered = place.Has("clustered") && place.Truth("clustered");
  return input;
}

AuditOptionsUsed ReadOptions(const JsonPlace& place) {
  AuditOptionsUsed options;
  options.by = Names(place, "by");
  options.cross = place.Count("cross");
  options.at = place.TextOr("at", "");
  options.replicates = place.Count("replicates");
  options.level = place.Number("level").value_or(0.95);
  options.margin = place.Number("margin");
  options.minimum = place.Count("minimum").value_or(0);
  if (place.Has("seed")) options.seed = place.At("seed").value().dump();
  return options;
}

MetricDirection ReadDirection(const std::string& text) {
  if (text == "lower_is_better") return MetricDirection::kLower;
  if (text == "higher_is_better") return MetricDirection::kHigher;
  if (text == "one_is_best") return MetricDirection::kOne;
  if (text == "zero_is_best") return MetricDirection::kZero;
  return MetricDirection::kNone;
}

void ReadStatements(const JsonPlace& root, CompareDocument* document) {
  root.ForEach("gates", [&](const JsonPlace& place) {
    AuditGate gate;
    gate.gate = place.Text("gate");
    gate.metric = place.TextOr("metric", "");
    gate.kind = place.TextOr("kind", "");
    gate.target = place.TextOr("target", "");
    gate.outcome = place.Text("outcome");
    gate.sentence = place.TextOr("sentence", "");
    document->gates.push_back(std::move(gate));
  });
  root.ForEach("findings", [&](const JsonPlace& place) {
    document->findings.push_back(
        {place.Text("code"), place.Text("severity"), place.TextOr("target", ""),
         place.Text("sentence"), place.TextOr("action", "")});
  });
  document->policy = ReadPolicy(root);
  root.ForEach("limitations", [&](const JsonPlace& place) {
    document->limitations.push_back({place.Text("code"), place.Text("text")});
  });
}

}  // namespace

int CompareDocument::MetricIndex(const std::string& name) const {
  for (size_t m = 0; m < metrics.size(); ++m) {
    if (metrics[m].name == name) return static_cast<int>(m);
  }
  return -1;
}

CompareDocument ReadCompareDocument(const Json& comparison) {
  const JsonPlace root(comparison, kKind);
  const std::string schema = root.Text("schema");
  if (schema != kSchema) {
    throw Error(ErrorCode::kInvalidInput, Location{.file = kKind.file},
                "schema is \"{}\", expected \"{}\"; compare the models again "
                "with this version of plumbline",
                schema, kSchema);
  }
  CompareDocument document;
  document.version = root.TextOr("plumbline", "");
  document.title = root.TextOr("title", "");
  const JsonPlace models = root.At("models");
  for (int model : {0, 1}) document.names[model] = models.Text(kModels[model]);
  document.verdict = root.At("verdict").Text("sentence");
  document.input = ReadInput(root.At("input"));
  document.options = ReadOptions(root.At("options"));
  document.margins = Names(root.At("options"), "margins");
  root.ForEach("metrics", [&](const JsonPlace& place) {
    document.metrics.push_back(
        {place.Text("name"), place.Text("label"), place.TextOr("unit", ""),
         place.TextOr("summary", ""), ReadDirection(place.Text("direction"))});
  });
  std::map<std::string, size_t> index;
  root.ForEach("targets", [&](const JsonPlace& place) {
    index[place.Text("target")] = document.targets.size();
    document.targets.push_back(ReadTarget(place));
  });
  const auto target_of = [&](const JsonPlace& place) -> CompareTarget& {
    const auto found = index.find(place.Text("target"));
    if (found == index.end()) {
      place.At("target").Expected("the name of a target");
    }
    return document.targets[found->second];
  };
  root.ForEach("groups", [&](const JsonPlace& place) {
    target_of(place).groups.push_back(ReadGroup(place, document));
  });
  root.ForEach("gaps", [&](const JsonPlace& place) {
    target_of(place).gaps.push_back(ReadGap(place));
  });
  ReadStatements(root, &document);
  return document;
}

}  // namespace plumbline::report
