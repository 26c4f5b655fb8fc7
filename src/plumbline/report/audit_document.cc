#include "plumbline/report/audit_document.h"

#include <algorithm>
#include <map>

#include "plumbline/base/error.h"
#include "plumbline/report/json_place.h"

namespace plumbline::report {
namespace {

constexpr std::string_view kSchema = "plumbline.audit/1";

using TargetIndex = std::map<std::pair<std::string, std::string>, size_t>;

void CheckSchema(const JsonPlace& root) {
  const std::string schema = root.Text("schema");
  if (schema != kSchema) {
    throw Error(ErrorCode::kInvalidInput, Location{.file = "audit.json"},
                "schema is \"{}\", expected \"{}\"; audit the predictions "
                "again with this version of plumbline",
                schema, kSchema);
  }
}

std::vector<std::string> ReadNames(const JsonPlace& place, const char* key) {
  std::vector<std::string> names;
  place.ForEach(key,
                [&](const JsonPlace& name) { names.push_back(name.AsText()); });
  return names;
}

AttributeValues ReadAttributes(const JsonPlace& place, const char* key) {
  AttributeValues values;
  if (!place.Has(key)) return values;
  const JsonPlace object = place.At(key);
  object.ForEachMember([&](const std::string& name, const JsonPlace& level) {
    std::optional<std::string> text;
    if (!level.value().is_null()) text = level.AsText();
    values.emplace_back(name, std::move(text));
  });
  return values;
}

AuditEstimate ReadEstimate(const JsonPlace& place) {
  AuditEstimate estimate;
  place.At("value");
  estimate.value = place.Number("value");
  estimate.lo = place.Number("lo");
  estimate.hi = place.Number("hi");
  estimate.n = place.Count("n");
  estimate.subjects = place.Count("subjects");
  estimate.events = place.Count("events");
  estimate.design_effect = place.Number("design_effect");
  estimate.null_expected = place.Number("null_expected");
  estimate.method = place.TextOr("method", "none");
  estimate.reason = place.TextOr("reason", "");
  estimate.present = true;
  return estimate;
}

AuditThreshold ReadThreshold(const JsonPlace& place) {
  return {place.TextOr("rule", ""), place.Number("value"),
          place.TextOr("fitted_on", "")};
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
  input.weight_column = place.TextOr("weight_column", "");
  input.clustered = place.Has("clustered") && place.Truth("clustered");
  input.max_rows_per_subject = place.Count("max_rows_per_subject");
  input.duplicate_rows = place.Count("duplicate_rows");
  return input;
}

AuditOptionsUsed ReadOptions(const JsonPlace& place) {
  AuditOptionsUsed options;
  options.by = ReadNames(place, "by");
  options.cross = place.Count("cross");
  options.at = place.TextOr("at", "");
  options.replicates = place.Count("replicates");
  options.interval = place.TextOr("interval", "");
  options.level = place.Number("level").value_or(0.95);
  options.margin = place.Number("margin");
  options.minimum = place.Count("minimum").value_or(0);
  if (place.Has("seed")) options.seed = place.At("seed").value().dump();
  return options;
}

MetricDirection ReadDirection(const JsonPlace& place) {
  const std::string text = place.Text("direction");
  if (text == "lower_is_better") return MetricDirection::kLower;
  if (text == "higher_is_better") return MetricDirection::kHigher;
  if (text == "one_is_best") return MetricDirection::kOne;
  if (text == "zero_is_best") return MetricDirection::kZero;
  return MetricDirection::kNone;
}

AuditTarget ReadTarget(const JsonPlace& place) {
  AuditTarget target;
  target.target = place.Text("target");
  target.name = target.target;
  target.label = place.TextOr("label", "");
  target.score = place.TextOr("score", "");
  target.rows = place.Count("rows");
  target.positives = place.Count("positives");
  target.prevalence = place.Number("prevalence");
  target.missing_labels = place.Count("missing_labels");
  target.missing_scores = place.Count("missing_scores");
  target.threshold = ReadThreshold(place.At("threshold"));
  target.threshold_rows = place.At("threshold").Count("rows");
  target.hard_decisions =
      place.Has("hard_decisions") && place.Truth("hard_decisions");
  return target;
}

AuditAttribute ReadAttribute(const JsonPlace& place) {
  AuditAttribute attribute;
  attribute.name = place.Text("attribute");
  place.ForEach("levels", [&](const JsonPlace& level) {
    std::optional<std::string> text;
    if (level.Has("level")) text = level.Text("level");
    attribute.levels.push_back(
        {std::move(text), level.Count("rows"), level.Count("subjects")});
  });
  attribute.missing_rows = place.Count("missing_rows");
  attribute.missing_subjects = place.Count("missing_subjects");
  attribute.subjects_in_several_groups =
      place.Count("subjects_in_several_groups");
  attribute.reference = place.TextOr("reference", "");
  return attribute;
}

AuditGroup ReadGroup(const JsonPlace& place, AuditDocument* document) {
  AuditGroup group;
  group.name = place.Text("name");
  place.At("attributes");
  group.attributes = ReadAttributes(place, "attributes");
  group.n = place.Count("n");
  group.subjects = place.Count("subjects");
  group.events = place.Count("events");
  group.prevalence = place.Number("prevalence");
  group.weight_sum = place.Number("weight_sum");
  group.effective_n = place.Number("effective_n");
  group.metrics.resize(document->metrics.size());
  place.At("metrics").ForEachMember(
      [&](const std::string& name, const JsonPlace& estimate) {
        int index = document->MetricIndex(name);
        if (index < 0) {
          index = static_cast<int>(document->metrics.size());
          document->metrics.push_back({.name = name, .label = name});
        }
        group.metrics.resize(document->metrics.size());
        group.metrics[index] = ReadEstimate(estimate);
      });
  return group;
}

GapOutcome ReadOutcome(const JsonPlace& place) {
  const std::string text = place.TextOr("outcome", "");
  if (text == "shown") return GapOutcome::kShown;
  if (text == "none_above_margin") return GapOutcome::kNoneAboveMargin;
  if (text == "insufficient") return GapOutcome::kCannotTell;
  if (text.empty()) return GapOutcome::kNotTested;
  place.At("outcome").Expected(
      "shown, none_above_margin, insufficient or null");
}

AuditGap ReadGap(const JsonPlace& place) {
  AuditGap gap;
  gap.by = ReadNames(place, "by");
  gap.metric = place.TextOr("metric", "");
  gap.measure = place.Text("measure");
  gap.group = ReadAttributes(place, "group");
  // Else "overall" or "rest", as the measure says.
  if (place.Has("reference") && !place.At("reference").value().is_string()) {
    gap.reference = ReadAttributes(place, "reference");
  }
  place.At("value");
  gap.value = place.Number("value");
  gap.lo = place.Number("lo");
  gap.hi = place.Number("hi");
  gap.n = place.Count("n");
  gap.subjects = place.Count("subjects");
  gap.p = place.Number("p");
  gap.p_adjusted = place.Number("p_adjusted");
  gap.null_expected = place.Number("null_expected");
  gap.null_p95 = place.Number("null_p95");
  gap.smallest_detectable = place.Number("smallest_detectable");
  gap.margin = place.Number("margin");
  gap.adjustment = place.TextOr("adjustment", "");
  gap.method = place.TextOr("method", "none");
  gap.reason = place.TextOr("reason", "");
  if (place.Has("worst")) {
    const JsonPlace worst = place.At("worst");
    gap.worst = worst.TextOr("name", "");
    gap.worst_probability = worst.Number("probability");
  }
  if (place.Has("best")) gap.best = place.At("best").TextOr("name", "");
  if (place.Has("groups_left_out")) {
    place.ForEach("groups_left_out",
                  [&](const JsonPlace&) { ++gap.groups_left_out; });
  }
  gap.outcome = ReadOutcome(place);
  return gap;
}

double Required(const JsonPlace& place, const char* key) {
  place.At(key);
  const std::optional<double> number = place.Number(key);
  if (!number) place.At(key).Expected("a number");
  return *number;
}

AuditCurve ReadCurve(const JsonPlace& place) {
  AuditCurve curve;
  curve.name = place.Text("name");
  curve.attributes = ReadAttributes(place, "attributes");
  curve.roc_area = place.Number("roc_area");
  place.ForEach("roc", [&](const JsonPlace& point) {
    const Json& pair = point.value();
    if (!pair.is_array() || pair.size() != 2 || !pair[0].is_number() ||
        !pair[1].is_number()) {
      point.Expected("[fpr, tpr]");
    }
    curve.roc.emplace_back(pair[0].get<double>(), pair[1].get<double>());
  });
  place.ForEach("calibration", [&](const JsonPlace& bin) {
    curve.calibration.push_back({Required(bin, "score"),
                                 Required(bin, "observed"), bin.Number("lo"),
                                 bin.Number("hi"), bin.Count("n")});
  });
  place.ForEach("net_benefit", [&](const JsonPlace& benefit) {
    curve.net_benefit.push_back({Required(benefit, "threshold"),
                                 Required(benefit, "model"),
                                 benefit.Number("all")});
  });
  return curve;
}

AuditMissingness ReadMissingness(const JsonPlace& place) {
  AuditMissingness missing;
  missing.attribute = place.Text("attribute");
  missing.rows = place.Count("rows");
  missing.share = place.Number("share");
  missing.error_rate_missing = ReadEstimate(place.At("error_rate_missing"));
  missing.error_rate_known = ReadEstimate(place.At("error_rate_known"));
  missing.p = place.Number("p");
  place.ForEach("bounds", [&](const JsonPlace& bound) {
    missing.bounds.push_back({bound.Text("metric"), bound.Number("max_min"),
                              bound.Number("lowest"), bound.Number("highest")});
  });
  return missing;
}

// The target that an entry of a list is about.
AuditTarget& TargetOf(const JsonPlace& place, const TargetIndex& index,
                      AuditDocument* document) {
  const std::string name = place.Text("target");
  const std::string model = place.TextOr("model", "");
  auto found = index.find({name, model});
  if (found == index.end()) {
    // Entries that are the same for all scores of a target name no model.
    found = index.lower_bound({name, ""});
    if (found == index.end() || found->first.first != name || !model.empty()) {
      throw Error(ErrorCode::kInvalidInput, Location{.file = "audit.json"},
                  "{} is about target \"{}\" and model \"{}\", which "
                  "\"targets\" does not list",
                  place.Path(), name, model);
    }
  }
  return document->targets[found->second];
}

// As AuditTarget::name; "" if it is about all of them.
std::string NameOfTarget(const JsonPlace& place) {
  const std::string name = place.TextOr("target", "");
  return place.Has("model") ? name + " by " + place.Text("model") : name;
}

void ReadVerdict(const JsonPlace& root, AuditDocument* document) {
  root.ForEach("gates", [&](const JsonPlace& gate) {
    document->gates.push_back(
        {gate.Text("gate"), gate.TextOr("metric", ""), gate.TextOr("kind", ""),
         NameOfTarget(gate), gate.Number("value"), gate.Number("lo"),
         gate.Number("hi"), gate.Text("outcome"), gate.TextOr("sentence", "")});
  });
  root.ForEach("findings", [&](const JsonPlace& finding) {
    document->findings.push_back(
        {finding.Text("code"), finding.TextOr("severity", "info"),
         NameOfTarget(finding), finding.Text("sentence"),
         finding.TextOr("action", "")});
  });
  root.ForEach("limitations", [&](const JsonPlace& limitation) {
    document->limitations.push_back(
        {limitation.TextOr("code", ""), limitation.Text("text")});
  });
}

AuditPolicy ReadPolicyMembers(const JsonPlace& place) {
  AuditPolicy policy;
  policy.file = place.Text("file");
  policy.sha256 = place.TextOr("sha256", "");
  policy.name = place.TextOr("name", "");
  policy.version = place.TextOr("version", "");
  policy.owner = place.TextOr("owner", "");
  policy.approved = place.TextOr("approved", "");
  policy.settings = ReadNames(place, "settings");
  policy.gates = ReadNames(place, "gates");
  return policy;
}

TargetIndex ReadTargets(const JsonPlace& root, AuditDocument* document) {
  TargetIndex index;
  std::map<std::string, int> scores_of;
  root.ForEach("targets", [&](const JsonPlace& place) {
    document->targets.push_back(ReadTarget(place));
    const AuditTarget& target = document->targets.back();
    index[{target.target, target.score}] = document->targets.size() - 1;
    ++scores_of[target.target];
  });
  for (AuditTarget& target : document->targets) {
    if (scores_of[target.target] > 1) target.name += " by " + target.score;
  }
  return index;
}

}  // namespace

int AuditDocument::MetricIndex(const std::string& name) const {
  const auto found =
      std::find_if(metrics.begin(), metrics.end(),
                   [&](const AuditMetric& m) { return m.name == name; });
  return found == metrics.end() ? -1
                                : static_cast<int>(found - metrics.begin());
}

AuditPolicy ReadPolicy(const JsonPlace& document) {
  return document.Has("policy") ? ReadPolicyMembers(document.At("policy"))
                                : AuditPolicy();
}

AuditDocument ReadAuditDocument(const Json& audit) {
  const JsonPlace root(audit);
  CheckSchema(root);
  AuditDocument document;
  document.version = root.Text("plumbline");
  document.title = root.TextOr("title", "");
  document.input = ReadInput(root.At("input"));
  document.options = ReadOptions(root.At("options"));
  document.threshold = ReadThreshold(root.At("threshold"));
  document.policy = ReadPolicy(root);
  if (root.Has("shared")) {
    document.shared = root.At("shared").TextOr("text", "");
  }
  root.ForEach("metrics", [&](const JsonPlace& metric) {
    document.metrics.push_back(
        {metric.Text("name"), metric.Text("label"), metric.TextOr("unit", ""),
         metric.TextOr("summary", ""), ReadDirection(metric)});
  });
  root.ForEach("attributes", [&](const JsonPlace& attribute) {
    document.attributes.push_back(ReadAttribute(attribute));
  });
  const TargetIndex index = ReadTargets(root, &document);
  root.ForEach("groups", [&](const JsonPlace& place) {
    TargetOf(place, index, &document)
        .groups.push_back(ReadGroup(place, &document));
  });
  root.ForEach("gaps", [&](const JsonPlace& place) {
    TargetOf(place, index, &document).gaps.push_back(ReadGap(place));
  });
  root.ForEach("curves", [&](const JsonPlace& place) {
    TargetOf(place, index, &document).curves.push_back(ReadCurve(place));
  });
  root.ForEach("missingness", [&](const JsonPlace& place) {
    TargetOf(place, index, &document)
        .missingness.push_back(ReadMissingness(place));
  });
  if (root.Has("slices")) {
    const JsonPlace slices = root.At("slices");
    document.slice_options = ReadSliceOptions(slices);
    slices.ForEach("searches", [&](const JsonPlace& place) {
      TargetOf(place, index, &document)
          .slices.push_back(ReadSliceSearch(place));
    });
  }
  // Groups read before a metric that the list of metrics lacks.
  for (AuditTarget& target : document.targets) {
    for (AuditGroup& group : target.groups) {
      group.metrics.resize(document.metrics.size());
    }
  }
  document.case_mix = ReadCaseMix(root);
  ReadVerdict(root, &document);
  return document;
}

}  // namespace plumbline::report
