#include "plumbline/cli/monitor_settings.h"

#include <algorithm>

#include "plumbline/audit/metrics.h"
#include "plumbline/base/error.h"
#include "plumbline/base/text.h"
#include "plumbline/cli/audit_settings.h"

namespace plumbline {
namespace {

using enum OptionKind;

OptionGroup ColumnOptions() {
  return {"Columns",
          {
              {"label", kList, "COLUMN,...",
               "what is true, 0 or 1; 'y_*' takes every column that matches, "
               "one target each"},
              {"score", kList, "COLUMN,...",
               "the model's probability, one column for each label; 'p_*' "
               "goes with 'y_*'"},
              {"decision", kList, "COLUMN,...",
               "the model's decision, 0 or 1, where there is no score"},
              {"logit", kFlag, "", "scores are log-odds, not probabilities"},
              {"subject", kText, "COLUMN",
               "who an image belongs to: evidence then counts people, not "
               "images"},
          }};
}

OptionGroup TimeOptions() {
  return {"Time",
          {
              {"date", kText, "COLUMN",
               "the day of each image: 2024-03-31, with or without a time, or "
               "20240331"},
              {"date-format", kText, "PATTERN",
               "how days are written otherwise, such as %d.%m.%Y"},
              {"window", kText, "UNIT",
               "week, month, quarter, year or a number of days such as 30d",
               "month"},
              {"baseline", kText, "A[..B]",
               "the windows that later ones are compared with, by name or by a "
               "day in them: 2024-01..2024-06"},
              {"baseline-windows", kText, "N",
               "the first N windows are the baseline", "3"},
              {"expected", kRepeated, "METRIC=VALUE",
               "a value that is known beforehand, in place of the baseline's"},
              {"subject-visits", kText, "once|every",
               "count a subject who comes back once, or in every window anew",
               "once"},
          }};
}

OptionGroup MonitorGroupOptions() {
  return {"Groups",
          {
              {"by", kList, "COLUMN,...",
               "attributes that make groups; an empty cell is the group "
               "\"missing\""},
              {"bins", kRepeated, "COLUMN=EDGES",
               "cut a number into groups: age=0,40,60,80"},
              {"cross", kText, "N", "intersections of up to N attributes", "1"},
              {"reference", kRepeated, "COLUMN=VALUE",
               "the group that others are compared with; else the largest of "
               "the baseline"},
              {"minimum", kText, "N",
               "people (rows without --subject) that a group's baseline needs "
               "for a rate to be judged, and rows for an interval in a window",
               "10"},
          }};
}

std::vector<std::string> MetricNames() {
  std::vector<std::string> names;
  for (const Metric& metric : MetricRegistry()) names.emplace_back(metric.name);
  return names;
}

// The help text has to last as long as the option.
const char* MetricsHelp() {
  static const std::string help =
      "metrics of the windows; rates among them are followed over time, and "
      "observed_expected as the difference. Unless given: " +
      JoinWords(DefaultMonitorMetrics()) + ". All: " + JoinWords(MetricNames());
  return help.c_str();
}

OptionGroup AnalysisOptions() {
  return {
      "Analysis",
      {
          {"at", kRepeated, "[TARGET:]RULE",
           "0.5, fpr=0.2, sensitivity=0.9, youden, best-f1, top=100 or "
           "top=5%; a rule is fitted on the baseline and then kept",
           "0.5"},
          {"metrics", kList, "NAME,...", MetricsHelp()},
          {"replicates", kText, "N",
           "bootstrap replicates in each window; 0: closed forms only", "0"},
          {"level", kText, "P",
           "coverage of intervals and confidence sequences; 1 - P is alpha",
           "0.95"},
          {"margin", kText, "D",
           "the largest drift that would be of no concern", "0.05"},
          {"drift-margin", kText, "D",
           "test for a drift of more than D instead of any", "0"},
          {"correction", kText, "bonferroni|e-bh",
           "no false alarm ever, with probability 1 - alpha; or at most the "
           "share alpha of false ones among those reported at the end",
           "bonferroni"},
          SeedOption(),
          ThreadsOption(),
      }};
}

OptionGroup GateOptions() {
  return {"Limits",
          {
              {"gate", kRepeated, "EXPRESSION",
               "METRIC drift [of TARGET] by A[xB] <= X, such as 'fnr drift by "
               "sex <= 0.05'"},
              {"fail-on-drift", kFlag, "",
               "exit with 1 if drift is shown anywhere"},
          }};
}

OptionGroup MonitorOutputOptions() {
  return OutputOptions(
      {{"output",
        "folder for monitor.json, report.html, windows.csv, drift.csv and "
        "run.json; made if need be"},
       {"format", "what stands on standard output; csv: the drift"}});
}

void ReadMetrics(const Settings& settings, AuditOptions* options) {
  options->metrics = settings.List("metrics");
  for (const std::string& name : options->metrics) {
    RequireKnown(settings, "metrics", name, name, MetricNames(), "a metric");
  }
  if (options->metrics.empty()) options->metrics = DefaultMonitorMetrics();
}

void ReadReferences(const Settings& settings, const AuditColumns& columns,
                    AuditOptions* options) {
  for (const std::string& text : settings.List("reference")) {
    const Assignment reference =
        ReadAssignment(settings, "reference", text, "race=White");
    RequireKnown(settings, "reference", text, reference.name, columns.by,
                 "an attribute given with --by");
    if (!options->reference.emplace(reference.name, reference.value).second) {
      settings.Fail("reference", text, "\"{}\" already has a reference",
                    reference.name);
    }
  }
}

void ReadBaseline(const Settings& settings, MonitorOptions* options) {
  if (settings.Has("baseline") && settings.Has("baseline-windows")) {
    settings.Fail("baseline", settings.Text("baseline"),
                  "--baseline and --baseline-windows exclude each other");
  }
  options->has_baseline =
      settings.Has("baseline") || settings.Has("baseline-windows");
  if (settings.Has("baseline")) {
    options->baseline = settings.Parsed(
        "baseline", [&] { return ParseBaseline(settings.Text("baseline")); });
  } else {
    options->baseline.windows = static_cast<int>(settings.Integer(
        "baseline-windows", 1, 1000, "a whole number of windows, at least 1"));
  }
  for (const std::string& text : settings.List("expected")) {
    const Assignment given =
        ReadAssignment(settings, "expected", text, "fnr=0.2");
    double value = 0;
    if (!ParseNumber(given.value, &value)) {
      settings.Fail("expected", text, "\"{}\" is not a number", given.value);
    }
    if (!options->expected.emplace(given.name, value).second) {
      settings.Fail("expected", text, "\"{}\" already has a value", given.name);
    }
  }
}

template <typename Value>
Value ReadChoice(const Settings& settings, const char* option,
                 const std::vector<std::pair<std::string, Value>>& choices) {
  const std::string text = settings.Text(option);
  std::vector<std::string> names;
  for (const auto& [name, value] : choices) {
    if (name == text) return value;
    names.push_back(name);
  }
  settings.Fail(option, text, "expected {}{}", JoinWords(names, "or"),
                DidYouMean(text, names));
}

bool IsMargin(double margin) { return margin > 0; }
bool IsDriftMargin(double margin) { return margin >= 0 && margin < 1; }
bool IsLevel(double level) { return level > 0.5 && level < 1; }

}  // namespace

OptionGroups MonitorOptionGroups() {
  return {ColumnOptions(),   TimeOptions(),         MonitorGroupOptions(),
          AnalysisOptions(), GateOptions(),         PolicyOptions(),
          ReadingOptions(),  MonitorOutputOptions()};
}

AuditColumns ReadMonitorColumns(const Settings& settings) {
  AuditColumns columns;
  columns.labels = settings.List("label");
  columns.scores = settings.List("score");
  columns.decisions = settings.List("decision");
  columns.logit = settings.Flag("logit");
  if (columns.logit && columns.scores.empty() && !columns.decisions.empty()) {
    settings.Fail("logit", "true", "decisions are 0 or 1, not log-odds");
  }
  columns.subject = settings.Text("subject");
  columns.by = settings.List("by");
  for (const std::string& text : settings.List("bins")) {
    columns.bins.push_back(
        settings.Parsed("bins", [&] { return ParseBinRule(text); }));
  }
  columns.cross = static_cast<int>(
      settings.Integer("cross", 1, 8, "a whole number from 1 to 8"));
  return columns;
}

DateColumn ReadDateColumn(const Settings& settings,
                          const AuditColumns& columns) {
  DateColumn date;
  date.name = settings.Text("date");
  if (date.name.empty()) {
    throw Error(ErrorCode::kUsage,
                "--date is missing: which column says on which day an image "
                "was made?");
  }
  for (const auto& [names, option] : {std::pair{columns.labels, "--label"},
                                      {columns.scores, "--score"},
                                      {columns.decisions, "--decision"},
                                      {{columns.subject}, "--subject"},
                                      {columns.by, "--by"}}) {
    if (std::find(names.begin(), names.end(), date.name) != names.end()) {
      settings.Fail("date", date.name, "the column is already given as {}",
                    option);
    }
  }
  if (settings.Has("date-format")) {
    date.format = settings.Parsed("date-format", [&] {
      return DateFormat(settings.Text("date-format"));
    });
  }
  return date;
}

MonitorOptions ReadMonitorOptions(const Settings& settings,
                                  const AuditColumns& columns) {
  MonitorOptions options;
  options.window = settings.Parsed(
      "window", [&] { return ParseWindowRule(settings.Text("window")); });
  ReadBaseline(settings, &options);
  options.visits = ReadChoice<SubjectVisits>(
      settings, "subject-visits",
      {{"once", SubjectVisits::kOnce}, {"every", SubjectVisits::kEvery}});
  options.correction = ReadChoice<DriftCorrection>(
      settings, "correction",
      {{"bonferroni", DriftCorrection::kBonferroni},
       {"e-bh", DriftCorrection::kEBenjaminiHochberg}});
  ReadThresholdRules(settings, &options.audit);
  ReadMetrics(settings, &options.audit);
  ReadReferences(settings, columns, &options.audit);
  options.audit.replicates = ReadReplicates(settings);
  options.audit.level = settings.Number(
      "level", IsLevel, "a number above 0.5 and below 1, such as 0.95");
  options.audit.margin =
      settings.Number("margin", IsMargin, "a number above 0, such as 0.05");
  options.drift_margin =
      settings.Number("drift-margin", IsDriftMargin,
                      "a number of at least 0 and below 1, such as 0.02");
  options.audit.minimum = settings.Integer("minimum", 1, 1'000'000'000'000,
                                           "a whole number, at least 1");
  std::vector<std::string> streams;
  for (const StreamMetric& stream : StreamMetrics(options.audit.metrics)) {
    streams.push_back(stream.name);
  }
  for (const std::string& text : settings.List("gate")) {
    options.gates.push_back(settings.Parsed(
        "gate", [&] { return ParseDriftGate(text, streams, columns.by); }));
  }
  options.audit.seed = ReadSeed(settings);
  options.audit.threads = ReadThreads(settings);
  return options;
}

}  // namespace plumbline
