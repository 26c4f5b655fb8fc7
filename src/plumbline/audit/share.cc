#include "plumbline/audit/share.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <string_view>

#include "plumbline/base/error.h"
#include "plumbline/base/json.h"
#include "plumbline/base/text.h"

namespace plumbline {
namespace {

using Layers = std::vector<ShareLayer>;

// What a metric is made of.
Layers LayersOf(const std::string& metric) {
  using enum ShareLayer;
  static const std::map<std::string, Layers> kLayers = {
      {"prevalence", {kLabels}},
      {"auroc", {kLabels}},
      {"auprc", {kLabels}},
      {"brier", {kLabels}},
      {"log_loss", {kLabels}},
      {"ece", {kLabels}},
      {"calibration_slope", {kLabels}},
      {"calibration_intercept", {kLabels}},
      {"observed_expected", {kLabels}},
      {"sensitivity", {kMisses}},
      {"fnr", {kMisses}},
      {"specificity", {kAlarms}},
      {"fpr", {kAlarms}}};
  const auto found = kLayers.find(metric);
  return found == kLayers.end() ? Layers{kLabels, kMisses, kAlarms}
                                : found->second;
}

std::string BaseName(const std::string& path) {
  return path.substr(path.find_last_of('/') + 1);
}

Json If(bool shown, const Json& value) { return shown ? value : Json(); }

bool IsSafe(const Json& count, int64_t minimum) {
  return !count.is_number() || count.get<int64_t>() == 0 ||
         count.get<int64_t>() >= minimum;
}

Json SharedEstimate(const Json& estimate, bool shown, bool with_subjects) {
  Json shared = {{"value", nullptr}, {"lo", nullptr}, {"hi", nullptr}};
  shared["level"] = estimate["level"];
  for (const char* key :
       {"n", "subjects", "events", "design_effect", "standard_error"}) {
    shared[key] = nullptr;
  }
  shared["method"] = shown ? estimate["method"] : Json("none");
  shared["reason"] = "suppressed";
  if (estimate.contains("null_expected")) shared["null_expected"] = nullptr;
  if (!shown) return shared;
  for (const char* key : {"value", "lo", "hi"}) {
    shared[key] = SharedNumber(estimate[key]);
  }
  shared["n"] = estimate["n"];
  shared["events"] = estimate["events"];
  // Who has both positives and negatives would be a difference of subjects.
  if (with_subjects) shared["subjects"] = estimate["subjects"];
  shared["reason"] = estimate["reason"];
  if (estimate.contains("null_expected")) {
    shared["null_expected"] = SharedNumber(estimate["null_expected"]);
  }
  return shared;
}

Json ShareAsIs(const Json& document, const char* key) { return document[key]; }

Json ShareInput(const Json& document, const ShareView& view) {
  const Json& input = document["input"];
  const SharePlan& plan = view.plan();
  const bool shows_rows =
      plan.IsShown(0, ShareLayer::kPeople, 0) &&
      std::all_of(plan.shows_missing.begin(), plan.shows_missing.end(),
                  [](uint8_t shown) { return shown != 0; });
  Json files = Json::array();
  for (const Json& file : input["files"]) {
    files.push_back(
        {{"file", BaseName(file["file"].get<std::string>())},
         {"rows", If(shows_rows && input["files"].size() == 1, file["rows"])},
         {"sha256", nullptr}});
  }
  return {
      {"files", files},
      {"rows", If(shows_rows, input["rows"])},
      {"subjects", If(shows_rows, input["subjects"])},
      {"subject_column", input["subject_column"]},
      {"clustered", input["clustered"]},
      {"max_rows_per_subject", nullptr},
      {"duplicate_rows", If(plan.shows_duplicates, input["duplicate_rows"])}};
}

Json ShareOptionsUsed(const Json& document, const ShareView&) {
  return OnlyKeys(document["options"],
                  {"by", "bins", "cross", "at", "at_of_target", "metrics",
                   "gaps", "replicates", "interval", "level", "margin",
                   "minimum", "seed", "tune_on_audited", "reference"});
}

Json SharePolicy(const Json& document, const ShareView&) {
  return OnlyKeys(document["policy"],
                  {"file", "sha256", "name", "version", "owner", "approved",
                   "settings", "gates"});
}

// A fitted threshold is somebody's score.
Json SharedThreshold(const Json& threshold) {
  Json value = threshold["value"];
  if (value.is_number() && threshold["fitted_on"] != "given") {
    value = std::round(value.get<double>() * 100) / 100;
  }
  return {{"rule", threshold["rule"]},
          {"value", value},
          {"fitted_on", threshold["fitted_on"]}};
}

Json ShareThreshold(const Json& document, const ShareView&) {
  return SharedThreshold(document["threshold"]);
}

Json ShareTargets(const Json& document, const ShareView& view) {
  const SharePlan& plan = view.plan();
  Json targets = Json::array();
  for (const Json& target : document["targets"]) {
    const int t = view.Target(target["target"], target["score"]);
    if (t < 0) continue;
    const bool rows = plan.IsShown(t, ShareLayer::kPeople, 0);
    const bool labels = plan.IsShown(t, ShareLayer::kLabels, 0);
    const bool missing = plan.shows_missing[t];
    Json threshold = SharedThreshold(target["threshold"]);
    const Json& fitted = target["threshold"]["rows"];
    threshold["rows"] = If(rows && IsSafe(fitted, plan.minimum), fitted);
    targets.push_back(
        {{"target", target["target"]},
         {"label", target["label"]},
         {"score", target["score"]},
         {"rows", If(rows, target["rows"])},
         {"positives", If(labels, target["positives"])},
         {"prevalence", If(labels, SharedNumber(target["prevalence"]))},
         {"missing_labels", If(missing, target["missing_labels"])},
         {"missing_scores", If(missing, target["missing_scores"])},
         {"threshold", std::move(threshold)},
         {"hard_decisions", target["hard_decisions"]}});
  }
  return targets;
}

Json ShareAttributes(const Json& document, const ShareView& view) {
  const SharePlan& plan = view.plan();
  Json attributes = Json::array();
  for (const Json& attribute : document["attributes"]) {
    const std::string name = attribute["attribute"];
    const auto shown = [&](int group) {
      return group >= 0 && plan.shows_level_rows &&
             plan.IsShown(0, ShareLayer::kPeople, group);
    };
    Json levels = Json::array();
    for (const Json& level : attribute["levels"]) {
      const int group =
          level["level"].is_null()
              ? view.MissingGroup(name)
              : view.Group(name + "=" + level["level"].get<std::string>());
      levels.push_back({{"level", level["level"]},
                        {"rows", If(shown(group), level["rows"])},
                        {"subjects", If(shown(group) && plan.shows_subjects,
                                        level["subjects"])}});
    }
    const int missing = view.MissingGroup(name);
    const bool shows = missing < 0 || shown(missing);
    attributes.push_back(
        {{"attribute", name},
         {"levels", std::move(levels)},
         {"missing_rows", If(shows, attribute["missing_rows"])},
         {"missing_subjects",
          If(shows && plan.shows_subjects, attribute["missing_subjects"])},
         {"subjects_in_several_groups",
          If(plan.shows_subjects, attribute["subjects_in_several_groups"])},
         {"reference", attribute["reference"]}});
  }
  return attributes;
}

Json ShareGroups(const Json& document, const ShareView& view) {
  const SharePlan& plan = view.plan();
  const bool alone = !view.result().clustered;
  Json groups = Json::array();
  for (const Json& group : document["groups"]) {
    const int t = view.TargetOf(group);
    const int g = view.Group(group["name"]);
    if (t < 0 || g < 0) continue;
    const bool people = plan.IsShown(t, ShareLayer::kPeople, g);
    const bool labels = plan.IsShown(t, ShareLayer::kLabels, g);
    Json metrics = Json::object();
    for (const auto& [name, estimate] : group["metrics"].items()) {
      metrics[name] = SharedEstimate(estimate, view.Shows(t, g, name), alone);
    }
    Json shared =
        OnlyKeys(group, {"target", "model", "attributes", "name", "grouping"});
    shared["n"] = If(people, group["n"]);
    shared["subjects"] =
        If(people && (g == 0 || plan.shows_subjects), group["subjects"]);
    shared["events"] = If(labels, group["events"]);
    shared["prevalence"] = If(labels, SharedNumber(group["prevalence"]));
    shared["metrics"] = std::move(metrics);
    groups.push_back(std::move(shared));
  }
  return groups;
}

std::string NameOf(const Json& attributes) {
  std::string name;
  for (const auto& [attribute, level] : attributes.items()) {
    name += (name.empty() ? "" : ", ") + attribute + "=" +
            (level.is_null() ? "missing" : level.get<std::string>());
  }
  return name;
}

// A comparison of two groups needs both, every other one all of its grouping.
bool ShowsGap(const Json& gap, const ShareView& view) {
  const int t = view.TargetOf(gap);
  const int grouping = view.Grouping(gap["by"].get<std::vector<std::string>>());
  const std::string metric = gap["metric"];
  if (t < 0 || grouping < 0) return false;
  const std::string measure = gap["measure"];
  const bool of_two =
      measure.starts_with("difference_") || measure.starts_with("ratio_");
  if (!of_two) return view.ShowsAll(t, grouping, metric);
  if (!gap["group"].is_object()) return false;
  const int group = view.Group(NameOf(gap["group"]));
  const int reference =
      gap["reference"].is_object() ? view.Group(NameOf(gap["reference"])) : 0;
  return group >= 0 && reference >= 0 && view.Shows(t, group, metric) &&
         view.Shows(t, reference, metric);
}

Json SharedGap(const Json& gap, bool shown) {
  Json shared = OnlyKeys(gap, {"target", "model", "by", "metric", "measure",
                               "code", "group", "reference"});
  for (const char* key : {"value", "lo", "hi"}) {
    shared[key] = If(shown, SharedNumber(gap[key]));
  }
  shared["level"] = gap["level"];
  shared["n"] = If(shown, gap["n"]);
  shared["subjects"] = nullptr;
  shared["method"] = shown ? gap["method"] : Json("none");
  for (const char* key : {"p", "p_adjusted"}) {
    shared[key] = If(shown, SharedNumber(gap[key]));
  }
  shared["adjustment"] = gap["adjustment"];
  for (const char* key : {"null_expected", "null_p95", "smallest_detectable"}) {
    shared[key] = If(shown, SharedNumber(gap[key]));
  }
  shared["margin"] = gap["margin"];
  shared["outcome"] = gap["outcome"];
  shared["reason"] = shown ? gap["reason"] : Json("suppressed");
  shared["worst"] = nullptr;
  shared["best"] = nullptr;
  if (shown && gap["worst"].is_object()) {
    shared["worst"] = OnlyKeys(gap["worst"], {"name", "attributes"});
    if (gap["worst"].contains("probability")) {
      shared["worst"]["probability"] =
          SharedNumber(gap["worst"]["probability"]);
    }
  }
  if (shown && gap["best"].is_object()) {
    shared["best"] = OnlyKeys(gap["best"], {"name", "attributes"});
  }
  shared["groups_used"] = If(shown, gap["groups_used"]);
  // Which groups are too small is not told.
  shared["groups_left_out"] = Json::array();
  return shared;
}

Json ShareGaps(const Json& document, const ShareView& view) {
  Json gaps = Json::array();
  for (const Json& gap : document["gaps"]) {
    gaps.push_back(SharedGap(gap, ShowsGap(gap, view)));
  }
  return gaps;
}

// Every step of a curve is a few people.
Json ShareCurves(const Json&, const ShareView&) { return Json::array(); }

Json ShareMissingness(const Json& document, const ShareView& view) {
  Json entries = Json::array();
  for (const Json& entry : document["missingness"]) {
    const int t = view.TargetOf(entry);
    const int group = view.MissingGroup(entry["attribute"]);
    if (t < 0 || group < 0) continue;
    const bool rows = view.plan().IsShown(t, ShareLayer::kPeople, group);
    const bool rates =
        view.Shows(t, group, "accuracy") && view.Shows(t, 0, "accuracy");
    const int grouping = view.Grouping({entry["attribute"]});
    Json bounds = Json::array();
    for (const Json& bound : entry["bounds"]) {
      if (!view.ShowsAll(t, grouping, bound["metric"])) continue;
      bounds.push_back({{"metric", bound["metric"]},
                        {"max_min", SharedNumber(bound["max_min"])},
                        {"lowest", SharedNumber(bound["lowest"])},
                        {"highest", SharedNumber(bound["highest"])}});
    }
    const bool alone = !view.result().clustered;
    entries.push_back(
        {{"target", entry["target"]},
         {"attribute", entry["attribute"]},
         {"rows", If(rows, entry["rows"])},
         {"share", If(rows, SharedNumber(entry["share"]))},
         {"error_rate_missing",
          SharedEstimate(entry["error_rate_missing"], rates, alone)},
         {"error_rate_known",
          SharedEstimate(entry["error_rate_known"], rates, alone)},
         {"p", If(rates, SharedNumber(entry["p"]))},
         {"bounds", std::move(bounds)}});
    if (entry.contains("model")) entries.back()["model"] = entry["model"];
  }
  return entries;
}

// The whole list of what leaves.
constexpr ShareRule kRules[] = {
    {"schema",
     [](const Json& d, const ShareView&) { return ShareAsIs(d, "schema"); }},
    {"plumbline",
     [](const Json& d, const ShareView&) { return ShareAsIs(d, "plumbline"); }},
    {"title",
     [](const Json& d, const ShareView&) { return ShareAsIs(d, "title"); }},
    {"policy", SharePolicy},
    {"input", ShareInput},
    {"options", ShareOptionsUsed},
    {"threshold", ShareThreshold},
    {"targets", ShareTargets},
    {"attributes", ShareAttributes},
    {"metrics",
     [](const Json& d, const ShareView&) { return ShareAsIs(d, "metrics"); }},
    {"groups", ShareGroups},
    {"gaps", ShareGaps},
    {"curves", ShareCurves},
    {"missingness", ShareMissingness},
    {"gates", ShareGates},
    {"findings", ShareFindings},
    {"limitations", ShareLimitations},
};

// What a reader would call a key that is removed.
std::string PartName(const std::string& key) {
  if (key == "case_mix") return "gaps adjusted for case mix";
  if (key == "slices") return "slices";
  if (key == "multiclass") return "averages over classes";
  return key;
}

// The removed keys in a sentence; curves are told of already.
std::string LeftOut(const Json& removed) {
  std::vector<std::string> parts;
  for (const Json& key : removed) {
    if (key != "curves") parts.push_back(PartName(key.get<std::string>()));
  }
  return parts.empty() ? ""
                       : fmt::format(
                             " Left out altogether, with all numbers "
                             "of theirs: {}.",
                             JoinWords(parts));
}

Json SharedBlock(const SharePlan& plan, const Json& removed) {
  const auto hidden = [&](ShareLayer layer) { return plan.CountHidden(layer); };
  const auto all = plan.groups * static_cast<int64_t>(plan.hidden.size());
  std::string text = fmt::format(
      "Shared version: counts of 1 to {} people are hidden, and so much else "
      "that none of them can be worked out. Of {} groups, {} are hidden "
      "altogether, {} without their positives, {} without misses and {} "
      "without false alarms. Numbers are rounded to three decimals; curves "
      "are left out.",
      plan.minimum - 1, WithThousands(all),
      WithThousands(hidden(ShareLayer::kPeople)),
      WithThousands(hidden(ShareLayer::kLabels)),
      WithThousands(hidden(ShareLayer::kMisses)),
      WithThousands(hidden(ShareLayer::kAlarms)));
  if (plan.fell_back) {
    text +=
        " Some counts could be protected only by hiding every group that has "
        "one of their attributes.";
  }
  if (plan.hides_classes) {
    text +=
        " Classes of a model add up to everyone, so that with one of them all "
        "are hidden.";
  }
  text += LeftOut(removed);
  return {{"minimum", plan.minimum},
          {"groups", all},
          {"hidden",
           {{"people", hidden(ShareLayer::kPeople)},
            {"labels", hidden(ShareLayer::kLabels)},
            {"misses", hidden(ShareLayer::kMisses)},
            {"alarms", hidden(ShareLayer::kAlarms)}}},
          {"rounded_to", 0.001},
          {"removed", removed},
          {"text", text}};
}

}  // namespace

Json SharedNumber(const Json& number) {
  if (!number.is_number_float()) return number;
  // Adding zero makes -0 a plain 0.
  return std::round(number.get<double>() * 1000) / 1000 + 0.0;
}

Json OnlyKeys(const Json& object, const std::vector<std::string>& keys) {
  Json shared = Json::object();
  for (const std::string& key : keys) {
    if (object.contains(key)) shared[key] = object[key];
  }
  return shared;
}

ShareView::ShareView(const AuditInput& input, const AuditResult& result,
                     const SharePlan& plan)
    : input_(input), result_(result), plan_(plan) {
  for (size_t t = 0; t < input.targets.size(); ++t) {
    const auto& target = input.targets[t];
    const int index = static_cast<int>(t);
    targets_[{FindingOf(target), target.score_column}] = index;
    // What several models look for needs the model.
    if (target.finding.empty()) targets_[{target.name, ""}] = index;
  }
  for (size_t g = 0; g < input.groups.groups.size(); ++g) {
    groups_[input.groups.Name(static_cast<int>(g))] = static_cast<int>(g);
  }
}

int ShareView::Target(const std::string& target,
                      const std::string& model) const {
  const auto found = targets_.find({target, model});
  return found == targets_.end() ? -1 : found->second;
}

int ShareView::TargetOf(const Json& entry) const {
  if (!entry["target"].is_string()) return -1;
  return Target(entry["target"], entry.contains("model")
                                     ? entry["model"].get<std::string>()
                                     : std::string());
}

int ShareView::Group(const std::string& name) const {
  const auto found = groups_.find(name);
  return found == groups_.end() ? -1 : found->second;
}

int ShareView::Grouping(const std::vector<std::string>& by) const {
  for (size_t k = 0; k < input_.groups.groupings.size(); ++k) {
    std::vector<std::string> names;
    for (const int a : input_.groups.groupings[k].attributes) {
      names.push_back(input_.groups.attributes[a].name);
    }
    if (std::is_permutation(names.begin(), names.end(), by.begin(), by.end())) {
      return static_cast<int>(k);
    }
  }
  return -1;
}

int ShareView::MissingGroup(const std::string& attribute) const {
  const int grouping = Grouping({attribute});
  if (grouping < 0) return -1;
  const auto& range = input_.groups.groupings[grouping];
  for (int i = 0; i < range.group_count; ++i) {
    const int group = range.first_group + i;
    if (input_.groups.groups[group].levels[0] == kMissingCode) return group;
  }
  return -1;
}

bool ShareView::Shows(int target, int group, const std::string& metric) const {
  Layers layers = LayersOf(metric);
  const bool of_scores =
      layers == Layers{ShareLayer::kLabels} && metric != "prevalence";
  if (of_scores && plan_.few_scores[target]) layers = LayersOf("");
  return std::all_of(layers.begin(), layers.end(), [&](ShareLayer layer) {
    return plan_.IsShown(target, layer, group);
  });
}

bool ShareView::ShowsAll(int target, int grouping,
                         const std::string& metric) const {
  if (grouping < 0) return false;
  const auto& range = input_.groups.groupings[grouping];
  for (int i = 0; i < range.group_count; ++i) {
    if (!Shows(target, range.first_group + i, metric)) return false;
  }
  return true;
}

bool ShareView::ShowsAllOf(int target) const {
  for (const auto& layer : plan_.hidden[target]) {
    if (std::find(layer.begin(), layer.end(), 1) != layer.end()) return false;
  }
  return true;
}

Json SharedAudit(const Json& audit, const AuditInput& input,
                 const AuditResult& result, const ShareOptions& options) {
  if (!input.weights.empty()) {
    throw Error(ErrorCode::kUsage,
                "a weighted audit has no shared version: its figures would "
                "tell which of the people with unequal weights they count");
  }
  const SharePlan plan = PlanSharing(input, result, options);
  const ShareView view(input, result, plan);
  Json shared = Json::object();
  Json removed = Json::array();
  for (const auto& [key, value] : audit.items()) {
    const auto rule = std::find_if(
        std::begin(kRules), std::end(kRules),
        [&, &name = key](const ShareRule& r) { return r.key == name; });
    if (rule == std::end(kRules)) {
      removed.push_back(key);
    } else {
      shared[key] = rule->share(audit, view);
    }
  }
  if (!audit["curves"].empty()) removed.push_back("curves");
  shared["shared"] = SharedBlock(plan, removed);
  shared["limitations"].push_back(
      {{"code", "PL130"}, {"text", shared["shared"]["text"]}});
  return shared;
}

}  // namespace plumbline
