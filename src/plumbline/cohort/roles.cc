#include "plumbline/cohort/roles.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <filesystem>

#include "plumbline/base/error.h"
#include "plumbline/base/json.h"
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
  step.where = text;
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

namespace {

CohortRoles ReadRoles(const TomlTable& document) {
  document.RequireKeys(CohortKeys());
  CohortRoles roles;
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
  roles.references = ReadReferences(document.Table("reference"));
  roles.contrasts = ReadContrasts(document);
  roles.flow = ReadFlow(document);
  roles.not_mentioned = document.Texts("not_mentioned");
  roles.uncertain = document.Texts("uncertain");
  return roles;
}

// A TOML basic string has the escapes of JSON.
std::string Quoted(const std::string& text) {
  return Json(text).dump(-1, ' ', false, Json::error_handler_t::replace);
}

void AddLine(const char* key, const std::string& text, std::string* toml) {
  if (!text.empty()) *toml += fmt::format("{} = {}\n", key, Quoted(text));
}

void AddLine(const char* key, const std::vector<std::string>& texts,
             std::string* toml) {
  if (texts.empty()) return;
  std::vector<std::string> quoted;
  for (const std::string& text : texts) quoted.push_back(Quoted(text));
  *toml += fmt::format("{} = [{}]\n", key, fmt::join(quoted, ", "));
}

void AddTables(const CohortRoles& roles, std::string* toml) {
  if (!roles.bins.empty()) *toml += "\n[bins]\n";
  for (const BinRule& rule : roles.bins) {
    *toml += fmt::format("{} = [{}]\n", Quoted(rule.column),
                         fmt::join(rule.edges, ", "));
  }
  for (const ReferencePopulation& reference : roles.references) {
    *toml += fmt::format("\n[reference.{}]\n", Quoted(reference.attribute));
    for (const auto& [group, share] : reference.shares) {
      *toml += fmt::format("{} = {}\n", Quoted(group), share);
    }
    AddLine("source", reference.source, toml);
  }
  for (const FlowStep& step : roles.flow) {
    *toml += "\n[[flow]]\n";
    AddLine("name", step.name, toml);
    AddLine("where", step.where, toml);
  }
  for (const Contrast& contrast : roles.contrasts) {
    *toml += "\n[[contrast]]\n";
    AddLine("attribute", contrast.attribute, toml);
    AddLine("group", contrast.group, toml);
    AddLine("reference", contrast.reference, toml);
    AddLine("label", contrast.label, toml);
    AddLine("metric", contrast.metric, toml);
    *toml += fmt::format("margin = {}\n", contrast.margin);
  }
}

}  // namespace

CohortRoles ParseCohortFile(std::string_view text, const std::string& file) {
  const TomlTable document = TomlTable::Parse(text, file);
  CohortRoles roles = ReadRoles(document);
  for (const std::string& table : document.Texts("table")) {
    roles.tables.push_back(Beside(file, table));
  }
  if (roles.tables.empty()) {
    document.Fail("",
                  "there is no \"table\": name the file with the rows, such "
                  "as table = \"metadata.csv\"");
  }
  roles.folder = Beside(file, document.Text("folder"));
  if (roles.folder.empty()) roles.folder = ".";
  if (document.Has("mapping")) {
    roles.mapping = Beside(file, document.Text("mapping"));
  }
  return roles;
}

CohortRoles ParsePackedRoles(std::string_view text, const std::string& file) {
  return ReadRoles(TomlTable::Parse(text, file));
}

std::string ToToml(const CohortRoles& roles) {
  std::string toml;
  AddLine("subject", roles.subject, &toml);
  AddLine("study", roles.study, &toml);
  AddLine("image", roles.image, &toml);
  AddLine("labels", roles.labels, &toml);
  AddLine("attributes", roles.attributes, &toml);
  AddLine("covariates", roles.covariates, &toml);
  AddLine("split", roles.split, &toml);
  AddLine("site", roles.site, &toml);
  AddLine("device", roles.device, &toml);
  AddLine("time", roles.time, &toml);
  AddLine("report", roles.report, &toml);
  AddLine("not_mentioned", roles.not_mentioned, &toml);
  AddLine("uncertain", roles.uncertain, &toml);
  AddTables(roles, &toml);
  return toml;
}

}  // namespace plumbline
