#include "plumbline/cli/compare_settings.h"

#include <fmt/format.h>

#include <filesystem>

#include "plumbline/audit/metrics.h"
#include "plumbline/base/error.h"
#include "plumbline/base/text.h"
#include "plumbline/cli/audit_settings.h"
#include "plumbline/cli/common_options.h"

namespace plumbline {
namespace {

using enum OptionKind;

OptionGroup ColumnOptions() {
  return {
      "Columns",
      {
          {"label", kList, "COLUMN,...",
           "what is true, 0 or 1; 'y_*' takes every column that matches, one "
           "target each"},
          {"score", kList, "COLUMN,...",
           "the probabilities: for each label the old model's, then for each "
           "label the new one's; with two files the names that both have"},
          {"logit", kFlag, "", "scores are log-odds, not probabilities"},
          {"image", kList, "COLUMN,...",
           "two files: the columns that together say which row is which"},
          {"subject", kList, "COLUMN",
           "who an image belongs to: intervals and tests then count people, "
           "not images"},
          {"names", kList, "OLD,NEW",
           "what the models are called; else by their scores or files"},
          {"common-rows", kFlag, "",
           "compare on the rows that both models have, and say which are left "
           "out, instead of refusing others"},
      }};
}

// The help text has to last as long as the option.
const char* MetricsHelp() {
  static const std::string help =
      "metrics, or all: " + JoinWords(ComparableMetrics());
  return help.c_str();
}

const char* DefaultMetrics() {
  static const std::string list =
      fmt::format("{}", fmt::join(DefaultCompareMetrics(), ","));
  return list.c_str();
}

OptionGroup AnalysisOptions() {
  return {"Analysis",
          {
              {"metrics", kList, "NAME,...", MetricsHelp(), DefaultMetrics()},
              {"replicates", kText, "N",
               "bootstrap replicates; 0: closed forms only", "1000"},
              {"level", kText, "P",
               "coverage of the intervals, and of the one-sided bound of "
               "non-inferiority",
               "0.95"},
              {"margin", kRepeated, "[METRIC:][COLUMN=VALUE:]D",
               "how much worse the new model may be; also for a metric, a "
               "group or both: brier:0.005, 'race=Black:0.02'",
               "0.05"},
              SeedOption(),
              ThreadsOption(),
          }};
}

OptionGroup RequirementOptions() {
  return {"Limits",
          {
              {"gate", kRepeated, "EXPRESSION",
               "METRIC non-inferior [of TARGET] [by A[xB]], such as "
               "'auroc non-inferior by sex'"},
          }};
}

// Copies of a row are found by its id, and one table is read as it is.
OptionGroup ReadingWithoutDuplicates() {
  OptionGroup group = ReadingOptions();
  std::erase_if(group.options, [](const Option& option) {
    return std::string_view(option.name) == "no-duplicates";
  });
  return group;
}

OptionGroup CompareOutputOptions() {
  return OutputOptions(
      {{"output",
        "folder for compare.json, report.html, groups.csv, gaps.csv and "
        "run.json; made if need be"}});
}

// --score into the two models' halves.
void ReadScores(const Settings& settings, CompareColumns* columns) {
  const std::vector<std::string> scores = settings.List("score");
  const size_t labels = columns->common.labels.size();
  if (scores.size() == 2 * labels) {
    const auto half = scores.begin() + static_cast<std::ptrdiff_t>(labels);
    columns->common.scores.assign(scores.begin(), half);
    columns->challenger_scores.assign(half, scores.end());
    return;
  }
  columns->common.scores = columns->challenger_scores = scores;
  const bool two_tables = !columns->row_id.empty();
  // Without labels or scores reading says what is missing, and what there is.
  if (labels == 0 || scores.empty()) return;
  if (two_tables && scores.size() == labels) return;
  if (!two_tables && scores.size() == labels) {
    settings.Fail("score", fmt::format("{}", fmt::join(scores, ",")),
                  "this is one model; give the old model's score and the new "
                  "one's (--score old,new), or two files and the column that "
                  "says which row is which (--image)");
  }
  settings.Fail(
      "score", fmt::format("{}", fmt::join(scores, ",")),
      "two models are compared, so that {} label{} go{} with {} scores, found "
      "{}",
      labels, labels == 1 ? "" : "s", labels == 1 ? "es" : "", 2 * labels,
      scores.size());
}

void CheckInputs(const std::vector<std::string>& inputs, bool two_tables) {
  if (inputs.empty()) {
    throw Error(ErrorCode::kUsage,
                "no predictions are given: plumbline compare PREDICTIONS "
                "--label y --score old,new, or plumbline compare OLD NEW "
                "--label y --score s --image id");
  }
  if (two_tables && inputs.size() != 2) {
    throw Error(ErrorCode::kUsage,
                "--image joins two tables, the old model's and the new one's; "
                "found {} (several files of one model: a pattern in quotes)",
                inputs.size());
  }
}

std::vector<MarginRule> ReadMargins(const Settings& settings, double* general) {
  std::vector<MarginRule> rules;
  for (const std::string& text : settings.List("margin")) {
    rules.push_back(settings.Parsed(
        "margin", [&] { return ParseMarginRule(text, ComparableMetrics()); }));
    if (rules.back().metric.empty() && rules.back().group.empty()) {
      *general = rules.back().margin;
    }
  }
  return rules;
}

}  // namespace

OptionGroups CompareOptionGroups() {
  return {ColumnOptions(),
          GroupOptions(),
          ThresholdOptions(),
          AnalysisOptions(),
          RequirementOptions(),
          PolicyOptions(),
          ReadingWithoutDuplicates(),
          CompareOutputOptions()};
}

CompareColumns ReadCompareColumns(const Settings& settings,
                                  const std::vector<std::string>& inputs) {
  CompareColumns columns;
  columns.row_id = settings.List("image");
  CheckInputs(inputs, !columns.row_id.empty());
  columns.common.labels = settings.List("label");
  columns.common.logit = settings.Flag("logit");
  columns.common_rows = settings.Flag("common-rows");
  ReadScores(settings, &columns);
  ReadSubjectAndGroups(settings, &columns.common);
  return columns;
}

CompareOptions ReadCompareOptions(const Settings& settings,
                                  const std::vector<std::string>& by) {
  CompareOptions options;
  AuditOptions& audit = options.audit;
  audit.metrics = settings.List("metrics");
  if (audit.metrics == std::vector<std::string>{"all"}) {
    audit.metrics = ComparableMetrics();
  }
  for (std::string& name : audit.metrics) {
    // Also by what other tools call it (auc).
    const Metric* metric = FindMetric(name);
    RequireKnown(settings, "metrics", name,
                 metric == nullptr ? name : metric->name, ComparableMetrics(),
                 "a metric that is compared");
    name = metric->name;
  }
  ReadThresholds(settings, &audit);
  audit.replicates = ReadReplicates(settings);
  audit.level = settings.Number(
      "level", [](double level) { return level > 0.5 && level < 1; },
      "a number above 0.5 and below 1, such as 0.95");
  options.margins = ReadMargins(settings, &audit.margin);
  audit.minimum = settings.Integer("minimum", 1, 1'000'000'000'000,
                                   "a whole number of rows, at least 1");
  ReadReferences(settings, by, &audit);
  for (const std::string& text : settings.List("gate")) {
    options.requirements.push_back(settings.Parsed("gate", [&] {
      return ParseRequirement(text, ComparableMetrics(), by);
    }));
  }
  audit.seed = ReadSeed(settings);
  audit.threads = ReadThreads(settings);
  return options;
}

std::array<std::string, 2> ReadModelNames(
    const Settings& settings, const std::vector<std::string>& inputs,
    const CompareColumns& columns) {
  const std::vector<std::string> given = settings.List("names");
  if (!given.empty()) {
    if (given.size() != 2 || given[0] == given[1]) {
      settings.Fail("names", fmt::format("{}", fmt::join(given, ",")),
                    "expected two different names, such as old,new");
    }
    return {given[0], given[1]};
  }
  if (columns.row_id.empty()) {
    return {fmt::format("{}", fmt::join(columns.common.scores, ",")),
            fmt::format("{}", fmt::join(columns.challenger_scores, ","))};
  }
  const auto name = [](const std::string& path) {
    return std::filesystem::path(path).filename().string();
  };
  if (name(inputs[0]) != name(inputs[1])) {
    return {name(inputs[0]), name(inputs[1])};
  }
  return {inputs[0], inputs[1]};
}

}  // namespace plumbline
