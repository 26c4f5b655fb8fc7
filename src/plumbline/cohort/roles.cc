#include "plumbline/cohort/roles.h"

#include <algorithm>
#include <cmath>
#include <filesystem>

#include "plumbline/base/error.h"
#include "plumbline/base/text.h"
#include "plumbline/cohort/toml_reader.h"

namespace plumbline {
namespace {

const std::vector<std::string>& CohortKeys() {
  static const std::vector<std::string> kKeys = {
      "table",     "folder",     "subject",    "study",         "image",
      "labels",    "attributes", "covariates", "split",         "site",
      "device",    "time",       "report",     "bins",          "mapping",
      "reference", "contrast",   "flow",       "not_mentioned", "uncertain"};
  return kKeys;
}

std::string Beside(const std::string& file, const std::string& path) {
  const std::filesystem::path folder =
      std::filesystem::path(file).parent_path();
  return (folder / path).lexically_normal().string();
}

std::vector<BinRule> ReadBins(const TomlTable& bins) {
  std::vector<BinRule> rules;
  for (const std::string& column : bins.Keys()) {
    BinRule rule{column, bins.Numbers(column)};
    if (rule.edges.empty() ||
        !std::is_sorted(rule.edges.begin(), rule.edges.end(),
                        std::less_equal<>())) {
      bins.Fail(column,
                "the edges of \"{}\" must increase, such as "
                "[0, 40, 60, 80]",
                column);
    }
    rules.push_back(std::move(rule));
  }
  return rules;
}

std::vector<ReferencePopulation> ReadReferences(const TomlTable& references) {
  std::vector<ReferencePopulation> found;
  for (const std::string& attribute : references.Keys()) {
    const TomlTable table = references.Table(attribute);
    ReferencePopulation reference{attribute, {}, table.Text("source")};
    double sum = 0;
    for (const std::string& group : table.Keys()) {
      if (group == "source") continue;
      const double share = table.Number(group, 0);
      if (!(share > 0)) {
        table.Fail(group, "the share of \"{}\" must be above 0", group);
      }
      reference.shares.emplace_back(group, share);
      sum += share;
    }
    // Percentages, or shares that were rounded when they were printed.
    const bool percent = std::abs(sum - 100) < 1.5;
    if (reference.shares.size() < 2 ||
        (std::abs(sum - 1) > 0.015 && !percent)) {
      references.Fail(attribute,
                      "the shares of \"{}\" add up to {:g}; give two or more "
                      "groups whose shares add up to 1 or to 100",
                      attribute, sum);
    }
    for (auto& [group, share] : reference.shares) share /= sum;
    found.push_back(std::move(reference));
  }
  return found;
}

std::vector<Contrast> ReadContrasts(const TomlTable& document) {
  std::vector<Contrast> contrasts;
  for (const TomlTable& table : document.Tables("contrast")) {
    table.RequireKeys(
        {"attribute", "group", "reference", "label", "metric", "margin"});
    Contrast c;
    for (const auto& [key, place] : {std::pair{"attribute", &c.attribute},
                                     {"group", &c.group},
                                     {"reference", &c.reference},
                                     {"label", &c.label}}) {
      *place = table.Text(key);
      if (place->empty()) table.Fail("", "[[contrast]] needs \"{}\"", key);
    }
    if (table.Has("metric")) c.metric = table.Text("metric");
    if (c.metric != "fnr" && c.metric != "auroc") {
      table.Fail("metric", "\"{}\" cannot be planned; expected fnr or auroc",
                 c.metric);
    }
    c.margin = table.Number("margin", c.margin);
    if (!(c.margin > 0 && c.margin < 1)) {
      table.Fail("margin", "the margin must be above 0 and below 1");
    }
    contrasts.push_back(std::move(c));
  }
  return contrasts;
}

std::vector<FlowStep> ReadFlow(const TomlTable& document) {
  std::vector<FlowStep> steps;
  for (const TomlTable& table : document.Tables("flow")) {
    table.RequireKeys({"name", "where"});
    if (!table.Has("where")) table.Fail("", "[[flow]] needs \"where\"");
    try {
      steps.push_back(ParseFlowStep(table.Text("name"), table.Text("where")));
    } catch (const Error& error) {
      table.Fail("where", "{}", error.what());
    }
  }
  return steps;
}

}  // namespace

FlowStep ParseFlowStep(const std::string& name, const std::string& text) {
  using Test = FlowStep::Test;
  FlowStep step;
  step.name = name.empty() ? text : name;
  if (text.ends_with(" known")) {
    step.test = Test::kKnown;
    step.column = Trim(std::string_view(text).substr(0, text.size() - 6));
    return step;
  }
  // Longer signs first.
  const std::pair<const char*, Test> signs[] = {
      {"!=", Test::kNoneOf}, {">=", Test::kAtLeast}, {"<=", Test::kAtMost},
      {"=", Test::kOneOf},   {">", Test::kAbove},    {"<", Test::kBelow}};
  for (const auto& [sign, test] : signs) {
    const size_t at = text.find(sign);
    if (at == std::string::npos) continue;
    step.test = test;
    step.column = Trim(std::string_view(text).substr(0, at));
    const std::string rest(
        Trim(std::string_view(text).substr(at + std::string(sign).size())));
    if (step.column.empty() || rest.empty()) break;
    if (test == Test::kOneOf || test == Test::kNoneOf) {
      for (const std::string& word : Split(rest, ',')) {
        step.words.emplace_back(Trim(word));
      }
      return step;
    }
    if (ParseNumber(rest, &step.number)) return step;
    break;
  }
  throw Error(ErrorCode::kUsage,
              "\"{}\" is no condition; write one such as \"view = PA,AP\", "
              "\"age >= 18\" or \"sex known\"",
              text);
}

CohortRoles ParseCohortFile(std::string_view text, const std::string& file) {
  const TomlTable document = TomlTable::Parse(text, file);
  document.RequireKeys(CohortKeys());
  CohortRoles roles;
  for (const std::string& table : document.Texts("table")) {
    roles.tables.push_back(Beside(file, table));
  }
  if (roles.tables.empty()) {
    document.Fail("",
                  "there is no \"table\": name the file with the rows, "
                  "such as table = \"metadata.csv\"");
  }
  roles.folder = Beside(file, document.Text("folder"));
  if (roles.folder.empty()) roles.folder = ".";
  roles.subject = document.Text("subject");
  roles.study = document.Text("study");
  roles.image = document.Text("image");
  roles.labels = document.Texts("labels");
  roles.attributes = document.Texts("attributes");
  roles.covariates = document.Texts("covariates");
  roles.split = document.Text("split");
  roles.site = document.Text("site");
  roles.device = document.Text("device");
  roles.time = document.Text("time");
  roles.report = document.Text("report");
  roles.bins = ReadBins(document.Table("bins"));
  if (document.Has("mapping")) {
    roles.mapping = Beside(file, document.Text("mapping"));
  }
  roles.references = ReadReferences(document.Table("reference"));
  roles.contrasts = ReadContrasts(document);
  roles.flow = ReadFlow(document);
  roles.not_mentioned = document.Texts("not_mentioned");
  roles.uncertain = document.Texts("uncertain");
  return roles;
}

}  // namespace plumbline
