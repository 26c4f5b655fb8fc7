// plumbline power [PILOT...]: how many subjects an audit needs.
#include <fmt/format.h>

#include <algorithm>

#include "plumbline/audit/audit.h"
#include "plumbline/audit/pilot_groups.h"
#include "plumbline/audit/power/power_plan.h"
#include "plumbline/base/error.h"
#include "plumbline/base/file.h"
#include "plumbline/base/terminal.h"
#include "plumbline/base/text.h"
#include "plumbline/cli/audit_settings.h"
#include "plumbline/cli/command_line.h"
#include "plumbline/cli/commands.h"
#include "plumbline/cli/help_text.h"
#include "plumbline/cli/power_settings.h"
#include "plumbline/cli/result_folder.h"
#include "plumbline/cli/result_tables.h"
#include "plumbline/cli/run_record.h"
#include "plumbline/cli/settings_tables.h"
#include "plumbline/cli/standard_output.h"
#include "plumbline/report/power_report.h"
#include "plumbline/table/table_reader.h"

namespace plumbline {
namespace {

using enum OptionKind;

constexpr const char* kHead =
    R"(usage: plumbline power --expected P --margin D [options]
       plumbline power PILOT... --label COLUMN --score COLUMN --by COLUMN [options]

How many subjects of each group an audit needs, before data are collected.
Expected values, prevalences and shares are given, or taken from a pilot table.

example
  plumbline power --metric fnr --expected 0.33 --margin 0.05 --prevalence 0.088
  plumbline power --metric sensitivity --margin 0.05 --rows-per-subject 2.5 \
    --icc 0.2 --group 'F:share=0.5,prevalence=0.09,expected=0.7' \
    --group 'M:share=0.5,prevalence=0.08,expected=0.7'
)";

OptionGroup PlanOptions() {
  return {
      "Plan",
      {
          {"metric", kText, "NAME",
           "fnr, sensitivity, fpr, specificity, ppv, npv, selection_rate, "
           "accuracy or auroc",
           "fnr"},
          {"goal", kText, "NAME",
           "difference: show one; equivalence: show that there is none above "
           "the margin; non-inferiority: show that no group is worse; "
           "precision: intervals no wider",
           "difference"},
          {"margin", kText, "D", "the difference in question", "0.05"},
          {"power", kText, "P", "chance of reaching the goal", "0.8"},
          {"level", kText, "P", "coverage of the intervals", "0.95"},
          {"comparisons", kText, "N",
           "tests that share the level; else from the groups"},
          {"subjects", kText, "N",
           "subjects of each group: give the margin that they can show"},
      }};
}

OptionGroup PlannedGroupOptions() {
  return {
      "Groups",
      {
          {"expected", kText, "P", "value of the metric that is expected"},
          {"prevalence", kText, "P", "share of rows with the finding"},
          {"flagged", kText, "P", "share of rows that are flagged (ppv, npv)"},
          {"group", kRepeated, "NAME:KEY=P,...",
           "a group with its share of the subjects, prevalence, flagged and "
           "expected where they differ; else two equal groups"},
          {"rows-per-subject", kText, "M", "mean number of rows of a subject",
           "1"},
          {"rows-cv", kText, "C", "coefficient of variation of that number",
           "0"},
          {"icc", kText, "R", "correlation of two rows of one subject", "0"},
          {"missing-share", kText, "P", "share of subjects without usable rows",
           "0"},
      }};
}

// The options of the audit that read a pilot table.
OptionGroup PilotOptions() {
  OptionGroup pilot{"Pilot table", {}};
  for (const OptionGroup& group : AuditOptionGroups()) {
    for (const Option& option : group.options) {
      const std::string_view name = option.name;
      for (const char* wanted : {"label", "score", "decision", "logit",
                                 "subject", "by", "bins", "at", "threads"}) {
        if (name == wanted) pilot.options.push_back(option);
      }
    }
  }
  return pilot;
}

OptionGroup PowerOutputOptions() {
  return OutputOptions(
      {{"output",
        "folder for power.json, report.html, groups.csv, sizes.csv and "
        "run.json; made if need be"}});
}

}  // namespace

OptionGroups PowerOptionGroups() {
  return {PlanOptions(), PlannedGroupOptions(), PilotOptions(),
          ReadingOptions(), PowerOutputOptions()};
}

namespace {

bool IsShare(double p) { return p > 0 && p < 1; }

// An option that may be absent: 0 then.
double Share(const Settings& settings, const char* name) {
  if (!settings.Has(name)) return 0;
  return settings.Number(name, IsShare,
                         "a number above 0 and below 1, such as 0.3");
}

PowerGroup ReadGroup(const Settings& settings, const std::string& text,
                     const PowerGroup& standard) {
  PowerGroup group = standard;
  const size_t colon = text.find(':');
  group.name = text.substr(0, colon);
  if (colon == std::string::npos || group.name.empty()) {
    settings.Fail("group", text,
                  "expected NAME:KEY=P,... such as "
                  "'F:share=0.5,prevalence=0.09,expected=0.3'");
  }
  for (const std::string& part : Split(text.substr(colon + 1), ',')) {
    const size_t equals = part.find('=');
    const std::string key(Trim(std::string_view(part).substr(0, equals)));
    const std::vector<std::string> keys = {"share", "prevalence", "flagged",
                                           "expected"};
    double* const places[] = {&group.share, &group.prevalence, &group.flagged,
                              &group.expected};
    const auto found = std::find(keys.begin(), keys.end(), key);
    if (found == keys.end()) {
      settings.Fail("group", text, "\"{}\" is not known{}", key,
                    NearestOrAll(key, keys));
    }
    double* const place = places[found - keys.begin()];
    if (equals == std::string::npos ||
        !ParseNumber(part.substr(equals + 1), place) || !IsShare(*place)) {
      settings.Fail("group", text, "{} needs a number above 0 and below 1",
                    key);
    }
  }
  return group;
}

// What a group's plan cannot do without.
void RequireGiven(const PowerGroup& group, const std::string& metric) {
  const auto fail = [&](const char* option, const char* what) {
    throw Error(ErrorCode::kUsage,
                "--{} is missing: {} in {}? Give it, or a pilot table", option,
                what, group.name);
  };
  if (group.expected == 0) {
    fail("expected", "which value of the metric is expected");
  }
  switch (FindPowerMetric(metric)->denominator) {
    case PowerDenominator::kPositives:
    case PowerDenominator::kNegatives:
    case PowerDenominator::kBoth:
      if (group.prevalence == 0) {
        fail("prevalence", "what share of the rows has the finding");
      }
      break;
    case PowerDenominator::kFlagged:
    case PowerDenominator::kUnflagged:
      if (group.flagged == 0) {
        fail("flagged", "what share of the rows does the model flag");
      }
      break;
    case PowerDenominator::kRows:
      break;
  }
}

std::vector<PowerGroup> ReadGroups(const Settings& settings,
                                   const std::string& metric) {
  PowerGroup standard;
  standard.prevalence = Share(settings, "prevalence");
  standard.flagged = Share(settings, "flagged");
  standard.expected = Share(settings, "expected");
  std::vector<PowerGroup> groups;
  for (const std::string& text : settings.List("group")) {
    groups.push_back(ReadGroup(settings, text, standard));
    for (size_t other = 0; other + 1 < groups.size(); ++other) {
      if (groups[other].name == groups.back().name) {
        settings.Fail("group", text, "there is a group \"{}\" already",
                      groups.back().name);
      }
    }
  }
  if (groups.empty()) {
    standard.name = "group 1";
    groups.assign(2, standard);
    groups[1].name = "group 2";
  }
  if (std::all_of(groups.begin(), groups.end(),
                  [](const PowerGroup& g) { return g.share == 0; })) {
    for (PowerGroup& group : groups) {
      group.share = 1.0 / static_cast<double>(groups.size());
    }
  }
  for (const PowerGroup& group : groups) RequireGiven(group, metric);
  return groups;
}

PowerGoal ReadGoal(const Settings& settings) {
  const std::string text = settings.Text("goal");
  std::vector<std::string> names;
  for (const PowerGoal goal :
       {PowerGoal::kDifference, PowerGoal::kEquivalence,
        PowerGoal::kNonInferiority, PowerGoal::kPrecision}) {
    if (text == PowerGoalName(goal)) return goal;
    names.emplace_back(PowerGoalName(goal));
  }
  settings.Fail("goal", text, "expected one of {}{}", JoinWords(names, "or"),
                DidYouMean(text, names));
}

PowerPlanOptions ReadPlan(const Settings& settings) {
  PowerPlanOptions plan;
  plan.metric = settings.Text("metric");
  std::vector<std::string> names;
  for (const PowerMetric& metric : PowerMetrics()) {
    names.emplace_back(metric.name);
  }
  RequireKnown(settings, "metric", plan.metric, plan.metric, names, "a metric");
  plan.goal = ReadGoal(settings);
  plan.margin = settings.Number("margin", IsShare,
                                "a number above 0 and below 1, such as 0.05");
  plan.power = settings.Number(
      "power", [](double power) { return power >= 0.5 && power < 1; },
      "a number of at least 0.5 and below 1, such as 0.8");
  plan.level = settings.Number(
      "level", [](double level) { return level > 0.5 && level < 1; },
      "a number above 0.5 and below 1, such as 0.95");
  if (settings.Has("comparisons")) {
    plan.comparisons = static_cast<int>(settings.Integer(
        "comparisons", 1, 1'000'000, "a whole number, at least 1"));
  }
  if (settings.Has("subjects")) {
    plan.subjects = settings.Integer("subjects", 1, 1'000'000'000,
                                     "a whole number, at least 1");
  }
  plan.rows_per_subject = settings.Number(
      "rows-per-subject", [](double m) { return m >= 1; },
      "a number of at least 1, such as 2.5");
  plan.size_cv = settings.Number(
      "rows-cv", [](double cv) { return cv >= 0; },
      "a number of at least 0, such as 0.6");
  plan.icc = settings.Number(
      "icc", [](double icc) { return icc >= 0 && icc <= 1; },
      "a number from 0 to 1, such as 0.2");
  plan.missing = settings.Number(
      "missing-share", [](double share) { return share >= 0 && share < 1; },
      "a number of at least 0 and below 1, such as 0.1");
  return plan;
}

AuditColumns ReadPilotColumns(const Settings& settings) {
  AuditColumns columns;
  columns.labels = settings.List("label");
  columns.scores = settings.List("score");
  columns.decisions = settings.List("decision");
  columns.logit = settings.Flag("logit");
  columns.subject = settings.Text("subject");
  columns.by = settings.List("by");
  for (const std::string& text : settings.List("bins")) {
    columns.bins.push_back(
        settings.Parsed("bins", [&] { return ParseBinRule(text); }));
  }
  columns.cross = std::max<int>(1, static_cast<int>(columns.by.size()));
  return columns;
}

// Fills groups and rows of a subject; what is given on the command line wins.
// Returns what was read.
std::vector<TableSource> ReadPilot(const Settings& settings,
                                   const std::vector<std::string>& inputs,
                                   PowerPlanOptions* plan) {
  for (const char* option : {"expected", "prevalence", "flagged", "group"}) {
    if (settings.Has(option)) {
      settings.Fail(option, settings.Text(option),
                    "the pilot table gives this; leave one of them out");
    }
  }
  const AuditColumns columns = ReadPilotColumns(settings);
  AuditOptions options;
  options.metrics = {plan->metric, "selection_rate"};
  options.replicates = 0;
  options.tune_on_audited = true;
  options.threads = ReadThreads(settings);
  options.threshold = settings.Parsed(
      "at", [&] { return ParseThresholdRule(settings.Text("at")); });
  CsvOptions csv = ReadCsvOptions(settings, inputs);
  csv.hash_sources = settings.Has("output");
  TableReader reader(inputs, csv);
  const auto requests =
      RequestedColumns(columns, reader.header(), reader.name());
  const AuditInput input = MakeAuditInput(reader.Read(requests), columns);
  const PilotGroups pilot =
      PilotGroupsOf(input, Audit(input, options), plan->metric);
  plan->groups = pilot.groups;
  if (!settings.Has("rows-per-subject")) {
    plan->rows_per_subject = pilot.rows_per_subject;
  }
  if (settings.Has("icc")) {
    for (PowerGroup& group : plan->groups) group.design_effect = 0;
  }
  return input.sources;
}

void Print(const Json& power, ResultFormat format) {
  switch (format) {
    case ResultFormat::kText:
      return WriteToStdout(PowerText(power, StdoutWidth(100)));
    case ResultFormat::kJson:
      return WriteToStdout(WriteJson(power));
    case ResultFormat::kCsv:
      return WriteToStdout(PowerCsv(power));
    case ResultFormat::kMarkdown:
      return WriteToStdout(PowerMarkdown(power));
  }
}

void WriteResult(const Run& run, const Settings& settings,
                 const OutputSettings& output,
                 const std::vector<TableSource>& pilot, const Json& power) {
  if (!output.json_file.empty()) WriteFile(output.json_file, WriteJson(power));
  if (!output.folder.empty()) {
    std::vector<std::pair<std::string, std::string>> files = {
        {"power.json", WriteJson(power)},
        {"report.html", PowerReportHtml(power)},
        {"run.json",
         WriteJson(RunRecord(run, "plumbline.power/1", settings, pilot,
                             std::nullopt, ReadThreads(settings)))}};
    for (auto& table : TableFiles(
             {{"groups", PowerCsv(power)}, {"sizes", PowerCurveCsv(power)}},
             output.parquet_tables)) {
      files.push_back(std::move(table));
    }
    WriteFolder(output.folder, files);
  }
  Print(power, output.format);
  if (!output.folder.empty() && !settings.Flag("quiet")) {
    WriteToStderr(fmt::format("report: {}/report.html\n", output.folder));
  }
}

int RunPower(const Invocation& invocation) {
  const Run run{"power", invocation.arguments};
  const OptionTables tables = AllOptionTables();
  const CommandLine line =
      ParseCommandLine(tables.at("power"), invocation.arguments, tables);
  if (line.help) {
    WriteToStdout(CommandHelp(*invocation.command));
    return 0;
  }
  const Settings settings = LoadSettings("power", tables, line.values);
  const OutputSettings output = ReadOutputSettings(settings);
  PowerPlanOptions options = ReadPlan(settings);
  if (settings.Flag("show-settings")) {
    WriteToStdout(settings.ToToml("power"));
    return 0;
  }
  if (!output.folder.empty()) PrepareFolder(output.folder);
  PrepareTables(output.parquet_tables);
  std::vector<TableSource> pilot;
  if (line.inputs.empty()) {
    options.groups = ReadGroups(settings, options.metric);
  } else {
    pilot = ReadPilot(settings, line.inputs, &options);
  }
  Json power = ToJson(PlanPower(options), options);
  power["title"] = settings.Text("title");
  WriteResult(run, settings, output, pilot, power);
  return 0;
}

}  // namespace

Command PowerCommand() {
  return {.name = "power",
          .summary = "how many subjects an audit needs, before there are data",
          .run = RunPower,
          .help_head = kHead,
          .options = PowerOptionGroups};
}

}  // namespace plumbline
