#include "plumbline/report/synthetic_audit.h"

#include <fstream>
#include <sstream>

namespace plumbline::report {
namespace {

Json Estimate(int step) {
  const double value = 0.2 + 0.01 * (step % 17);
  return {{"value", value},   {"lo", value - 0.031},   {"hi", value + 0.042},
          {"level", 0.95},    {"n", 400 + step},       {"subjects", 310 + step},
          {"events", 80},     {"design_effect", 1.21}, {"method", "wilson"},
          {"reason", nullptr}};
}

Json Group(const SyntheticAudit& audit, const std::string& target,
           const Json& attributes, int step) {
  std::string name;
  Json grouping = Json::array();
  for (const auto& [attribute, level] : attributes.items()) {
    if (!name.empty()) name += ", ";
    name += attribute + '=' + level.get<std::string>();
    grouping.push_back(attribute);
  }
  Json group = {
      {"target", target},         {"model", "score"},
      {"attributes", attributes}, {"name", name.empty() ? "everyone" : name},
      {"grouping", grouping},     {"n", 1000 + step},
      {"subjects", 800 + step},   {"events", 90},
      {"prevalence", 0.09},       {"metrics", Json::object()}};
  for (size_t i = 0; i < audit.metrics.size(); ++i) {
    group["metrics"][audit.metrics[i]] = Estimate(step * 7 + i);
  }
  return group;
}

Json Gap(const std::string& target, const Json& by, const std::string& metric,
         int step) {
  const char* outcomes[] = {"insufficient", "shown", "none_above_margin"};
  const double value = 0.05 + 0.01 * (step % 5);
  return {{"target", target},
          {"model", "score"},
          {"by", by},
          {"metric", metric},
          {"measure", "max_min"},
          {"value", value},
          {"lo", value - 0.02},
          {"hi", value + 0.03},
          {"level", 0.95},
          {"n", 900},
          {"subjects", 700},
          {"method", "percentile_bootstrap"},
          {"p", 0.01},
          {"p_adjusted", 0.03},
          {"adjustment", "holm"},
          {"null_expected", 0.021},
          {"null_p95", 0.044},
          {"smallest_detectable", 0.062},
          {"margin", 0.05},
          {"outcome", outcomes[step % 3]},
          {"reason", nullptr},
          {"worst", {{"name", "race=C"}, {"probability", 0.91}}},
          {"best", {{"name", "race=A"}}},
          {"groups_used", 3},
          {"groups_left_out", Json::array()}};
}

Json Curve(const std::string& target, const Json& group) {
  Json roc = Json::array();
  for (int i = 0; i <= 199; ++i) {
    const double x = i / 199.0;
    roc.push_back({x, 1 - (1 - x) * (1 - x)});
  }
  Json calibration = Json::array();
  Json benefit = Json::array();
  for (int i = 0; i < 10; ++i) {
    const double x = 0.05 + 0.08 * i;
    calibration.push_back({{"score", x},
                           {"observed", x * 0.9},
                           {"lo", x * 0.8},
                           {"hi", x},
                           {"n", 100}});
    benefit.push_back({{"threshold", x},
                       {"model", 0.08 - 0.1 * x},
                       {"lo", nullptr},
                       {"hi", nullptr},
                       {"all", 0.08 - 0.6 * x}});
  }
  return {{"target", target},
          {"model", "score"},
          {"name", group["name"]},
          {"attributes", group["attributes"]},
          {"roc", roc},
          {"roc_area", 0.83},
          {"calibration", calibration},
          {"net_benefit", benefit}};
}

void AddTarget(const SyntheticAudit& audit, const std::string& target,
               Json* document) {
  Json& root = *document;
  root["targets"].push_back({{"target", target},
                             {"label", "y"},
                             {"score", "score"},
                             {"rows", 12345},
                             {"positives", 1100},
                             {"prevalence", 0.089},
                             {"missing_labels", 3},
                             {"missing_scores", 0},
                             {"hard_decisions", false},
                             {"threshold",
                              {{"rule", "fpr=0.2"},
                               {"value", 0.412},
                               {"fitted_on", "tuning_rows"},
                               {"rows", 3000}}}});
  int step = 0;
  const auto add = [&](const Json& attributes) {
    root["groups"].push_back(Group(audit, target, attributes, step++));
    if (audit.curves && attributes.size() < 2) {
      root["curves"].push_back(Curve(target, root["groups"].back()));
    }
  };
  add(Json::object());
  for (const auto& attribute : audit.attributes) {
    for (const std::string& level : attribute.levels) {
      add({{attribute.name, level}});
    }
    for (const std::string& metric : audit.metrics) {
      root["gaps"].push_back(Gap(target, {attribute.name}, metric, step++));
    }
  }
  for (size_t i = 0; i < audit.attributes.size(); ++i) {
    for (size_t j = i + 1; j < audit.attributes.size(); ++j) {
      const auto& a = audit.attributes[i];
      const auto& b = audit.attributes[j];
      for (const std::string& first : a.levels) {
        for (const std::string& second : b.levels) {
          add({{a.name, first}, {b.name, second}});
        }
      }
      for (const std::string& metric : audit.metrics) {
        root["gaps"].push_back(Gap(target, {a.name, b.name}, metric, step++));
      }
    }
  }
  root["missingness"].push_back({{"target", target},
                                 {"attribute", audit.attributes[0].name},
                                 {"rows", 40},
                                 {"share", 0.03},
                                 {"error_rate_missing", Estimate(1)},
                                 {"error_rate_known", Estimate(2)},
                                 {"p", 0.2},
                                 {"bounds",
                                  {{{"metric", "fnr"},
                                    {"max_min", 0.1},
                                    {"lowest", 0.05},
                                    {"highest", 0.2}}}}});
}

void AddVerdict(const std::string& target, Json* document) {
  Json& root = *document;
  root["gates"] = {{{"gate", "fnr gap by race <= 0.05"},
                    {"metric", "fnr"},
                    {"kind", "gap"},
                    {"target", target},
                    {"by", {"race"}},
                    {"limit", 0.05},
                    {"relation", "<="},
                    {"value", 0.08},
                    {"lo", 0.06},
                    {"hi", 0.11},
                    {"outcome", "failed"},
                    {"sentence", "All of the interval is above 0.05."}}};
  root["findings"] = {{{"code", "PB101"},
                       {"severity", "high"},
                       {"target", target},
                       {"sentence", "More positives of race=C are missed."},
                       {"action", "Look at the missed images."},
                       {"numbers", Json::object()}}};
  root["limitations"] = {
      {{"code", "small"}, {"text", "Some groups are small."}}};
}

Json EmptyAudit(const SyntheticAudit& audit) {
  return {
      {"schema", "plumbline.audit/1"},
      {"plumbline", "0.1.0"},
      {"title", "Test set"},
      {"input",
       {{"files",
         {{{"file", "preds.csv"}, {"rows", 12345}, {"sha256", nullptr}}}},
        {"rows", 12345},
        {"subjects", 9000},
        {"subject_column", "patient"},
        {"clustered", true},
        {"max_rows_per_subject", 4},
        {"duplicate_rows", nullptr}}},
      {"options",
       {{"by", Json::array()},
        {"bins", Json::object()},
        {"cross", 2},
        {"at", "fpr=0.2"},
        {"metrics", audit.metrics},
        {"gaps", {"max_min"}},
        {"replicates", 1000},
        {"interval", "percentile"},
        {"level", 0.95},
        {"margin", 0.05},
        {"minimum", 10},
        {"seed", 18446744073709551615ull},
        {"reference", Json::object()}}},
      {"threshold",
       {{"rule", "fpr=0.2"}, {"value", 0.412}, {"fitted_on", "tuning_rows"}}},
      {"targets", Json::array()},
      {"attributes", Json::array()},
      {"metrics", Json::array()},
      {"groups", Json::array()},
      {"gaps", Json::array()},
      {"curves", Json::array()},
      {"missingness", Json::array()}};
}

}  // namespace

Json MakeAudit(const SyntheticAudit& audit) {
  Json root = EmptyAudit(audit);
  for (const auto& attribute : audit.attributes) {
    root["options"]["by"].push_back(attribute.name);
    Json levels = Json::array();
    for (const std::string& level : attribute.levels) {
      levels.push_back({{"level", level}, {"rows", 500}, {"subjects", 400}});
    }
    root["attributes"].push_back({{"attribute", attribute.name},
                                  {"levels", levels},
                                  {"missing_rows", 40},
                                  {"missing_subjects", 30},
                                  {"subjects_in_several_groups", 0},
                                  {"reference", attribute.levels[0]}});
  }
  for (const std::string& metric : audit.metrics) {
    const bool higher = metric == "auroc" || metric == "ppv";
    root["metrics"].push_back(
        {{"name", metric},
         {"label", metric == "fnr" ? "False-negative rate (FNR)" : metric},
         {"direction", higher ? "higher_is_better" : "lower_is_better"},
         {"unit", ""},
         {"summary", "What it says."}});
  }
  for (const std::string& target : audit.targets) {
    AddTarget(audit, target, &root);
  }
  AddVerdict(audit.targets[0], &root);
  return root;
}

Json FixtureAudit() {
  std::ifstream file(PLUMBLINE_SOURCE_DIR "/tests/golden/audit_fixture.json");
  std::stringstream text;
  text << file.rdbuf();
  return Json::parse(text.str());
}

}  // namespace plumbline::report
