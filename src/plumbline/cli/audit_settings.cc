#include "plumbline/cli/audit_settings.h"

#include <fmt/format.h>

#include <algorithm>

#include "plumbline/audit/find_slices.h"
#include "plumbline/audit/gaps.h"
#include "plumbline/audit/metrics.h"
#include "plumbline/base/error.h"
#include "plumbline/base/log.h"
#include "plumbline/base/text.h"

namespace plumbline {
namespace {

using enum OptionKind;

OptionGroup ColumnOptions() {
  return {
      "Columns",
      {
          {"label", kList, "COLUMN,...",
           "what is true, 0 or 1; 'y_*' takes every column that matches, one "
           "target each; with a pattern of scores, names of classes"},
          {"score", kList, "COLUMN,...",
           "the model's probability, one column for each label; 'p_*' goes "
           "with 'y_*'; several columns for one label are several models; "
           "'p_*' with one plain label is a score for each class"},
          {"decision", kList, "COLUMN,...",
           "the model's decision, 0 or 1 or a class, where there is no score"},
          {"logit", kFlag, "", "scores are log-odds, not probabilities"},
          {"layout", kText, "NAME",
           "the columns of a known tool, where none are given: aequitas, "
           "fairmedfm or medfair"},
          {"subject", kList, "COLUMN",
           "who an image belongs to: intervals and tests then count people, "
           "not images"},
          {"weight", kText, "COLUMN",
           "sampling weight: how many images of the population a row stands "
           "for, up to a common factor (1 / probability of being sampled)"},
      }};
}

OptionGroup CaseMixOptions() {
  return {"Case mix",
          {
              {"adjust", kList, "COLUMN,...",
               "covariates: gaps are also given with these distributed alike "
               "in all groups; numbers in --bins or in five of equal counts"},
              {"adjust-to", kRepeated, "overall|COLUMN=VALUE",
               "whose distribution: that of the groups compared, or of one "
               "group of this attribute",
               "overall"},
          }};
}

OptionGroup SliceOptions() {
  return {
      "Slices",
      {
          {"slices", kList, "COLUMN,...",
           "search all combinations of these columns for slices with more "
           "errors; by: the attributes of --by"},
          {"slice-depth", kText, "N", "conditions of a slice, 1 to 4", "3"},
          {"slice-metrics", kList, "NAME,...",
           "fnr: misses among positives, fpr: false alarms among negatives",
           "fnr,fpr"},
          {"slice-fdr", kText, "Q",
           "share of false ones among the slices found", "0.05"},
          {"slice-minimum", kText, "N",
           "rows of the metric's denominator, in the half of the subjects that "
           "is searched, under which a slice is not tested",
           "30"},
      }};
}

std::vector<std::string> MetricNames() {
  std::vector<std::string> names;
  for (const Metric& metric : MetricRegistry()) names.emplace_back(metric.name);
  return names;
}

std::vector<std::string> GapNames() {
  std::vector<std::string> names;
  for (const GapMeasure& measure : GapRegistry())
    names.emplace_back(measure.name);
  return names;
}

// The help text has to last as long as the option.
const char* MetricsHelp() {
  static const std::string help = "metrics: " + JoinWords(MetricNames());
  return help.c_str();
}

const char* GapsHelp() {
  static const std::string help =
      "measures of disparity, or all; unless given, the usual ones: " +
      JoinWords(GapNames());
  return help.c_str();
}

OptionGroup AnalysisOptions() {
  return {"Analysis",
          {
              {"metrics", kList, "NAME,...", MetricsHelp(), "all"},
              {"gaps", kList, "NAME,...", GapsHelp()},
              {"replicates", kText, "N",
               "bootstrap replicates; 0: closed forms only", "1000"},
              {"interval", kText, "METHOD",
               "closed, percentile or bca: intervals of metrics that have both "
               "a closed form and replicates",
               "closed"},
              {"level", kText, "P", "coverage of the intervals", "0.95"},
              {"margin", kText, "D",
               "the largest gap that would be of no concern", "0.05"},
              SeedOption(),
              ThreadsOption(),
          }};
}

OptionGroup GateOptions() {
  return {"Limits",
          {
              {"gate", kRepeated, "EXPRESSION",
               "METRIC gap|ratio|worst [of TARGET] by A[xB] <=|>= X, such as "
               "'fnr gap by sex <= 0.05'"},
          }};
}

OptionGroup ShareOptionGroup() {
  return {"Sharing",
          {
              {"share", kFlag, "",
               "write the version to hand on in every form: small cells "
               "hidden, and what would give them away; numbers rounded"},
              {"share-minimum", kText, "N",
               "counts of 1 to N - 1 people are hidden in it", "11"},
          }};
}

// Names of a registry; "all" stands for `all`.
std::vector<std::string> ReadNames(const Settings& settings,
                                   const std::string& option,
                                   const std::vector<std::string>& known,
                                   const std::vector<std::string>& all,
                                   const std::string& what) {
  std::vector<std::string> names = settings.List(option);
  if (names == std::vector<std::string>{"all"}) return all;
  for (const std::string& name : names) {
    RequireKnown(settings, option, name, name, known, what);
  }
  return names;
}

IntervalMethod ReadInterval(const Settings& settings) {
  const std::string text = settings.Text("interval");
  if (text == "closed") return IntervalMethod::kClosedForm;
  if (text == "percentile") return IntervalMethod::kPercentile;
  if (text == "bca") return IntervalMethod::kBca;
  settings.Fail("interval", text, "expected closed, percentile or bca{}",
                DidYouMean(text, {"closed", "percentile", "bca"}));
}

void ReadGates(const Settings& settings, const std::vector<std::string>& by,
               AuditOptions* options) {
  for (const std::string& text : settings.List("gate")) {
    const Gate gate = settings.Parsed(
        "gate", [&] { return ParseGate(text, MetricNames(), by); });
    // A gate asks for its metric.
    auto& metrics = options->metrics;
    if (!metrics.empty() && std::find(metrics.begin(), metrics.end(),
                                      gate.metric) == metrics.end()) {
      metrics.push_back(gate.metric);
    }
    options->gates.push_back(gate);
  }
}

}  // namespace

OptionGroup GroupOptions() {
  return {"Groups",
          {
              {"by", kList, "COLUMN,...",
               "attributes that make groups; an empty cell is the group "
               "\"missing\""},
              {"bins", kRepeated, "COLUMN=EDGES",
               "cut a number into groups: age=0,40,60,80"},
              {"cross", kText, "N", "intersections of up to N attributes", "2"},
              {"reference", kRepeated, "COLUMN=VALUE",
               "the group that others are compared with; else the largest"},
              {"minimum", kText, "N",
               "rows of a metric's own denominator under which a group is not "
               "judged",
               "10"},
          }};
}

OptionGroup ThresholdOptions() {
  return {
      "Threshold",
      {
          {"at", kRepeated, "[TARGET:]RULE",
           "0.5, fpr=0.2, sensitivity=0.9, youden, best-f1, top=100 or top=5%",
           "0.5"},
          {"tune-on", kText, "COLUMN=VALUE",
           "rows on which a rule is fitted; they are not audited"},
          {"tune-on-audited", kFlag, "",
           "fit the rule on the audited rows, which flatters the result: it is "
           "refitted in every replicate and listed as a limitation"},
      }};
}

void ReadThresholdRules(const Settings& settings, AuditOptions* options) {
  bool has_general = false;
  for (const std::string& text : settings.List("at")) {
    const size_t colon = text.rfind(':');
    const std::string rule_text =
        colon == std::string::npos ? text : text.substr(colon + 1);
    const ThresholdRule rule =
        settings.Parsed("at", [&] { return ParseThresholdRule(rule_text); });
    if (colon == std::string::npos) {
      if (has_general) {
        settings.Fail("at", text,
                      "a rule for all targets is already given: {}; write "
                      "TARGET:RULE for one target",
                      options->threshold.text);
      }
      options->threshold = rule;
      has_general = true;
    } else if (!options->threshold_of_target
                    .emplace(text.substr(0, colon), rule)
                    .second) {
      settings.Fail("at", text, "this target already has a rule");
    }
  }
}

void ReadThresholds(const Settings& settings, AuditOptions* options) {
  ReadThresholdRules(settings, options);
  options->tune_on_audited = settings.Flag("tune-on-audited");
  if (options->tune_on_audited && settings.Has("tune-on")) {
    settings.Fail("tune-on", settings.Text("tune-on"),
                  "rows for tuning and --tune-on-audited exclude each other");
  }
}

void ReadAdjustTo(const Settings& settings, const std::vector<std::string>& by,
                  AuditOptions* options) {
  for (const std::string& text : settings.List("adjust-to")) {
    if (text == "overall") continue;
    const Assignment group =
        ReadAssignment(settings, "adjust-to", text, "sex=F");
    RequireKnown(settings, "adjust-to", text, group.name, by,
                 "an attribute given with --by");
    if (!settings.Has("adjust")) {
      settings.Fail("adjust-to", text,
                    "there is nothing to adjust for; name covariates with "
                    "--adjust");
    }
    if (!options->adjust_to.emplace(group.name, group.value).second) {
      settings.Fail("adjust-to", text, "\"{}\" already has a distribution",
                    group.name);
    }
  }
}

// "by" stands for the attributes; nothing is searched twice.
std::vector<std::string> ReadSliceColumns(const Settings& settings,
                                          const std::vector<std::string>& by) {
  std::vector<std::string> columns;
  const auto add = [&columns](const std::string& name) {
    if (std::find(columns.begin(), columns.end(), name) == columns.end()) {
      columns.push_back(name);
    }
  };
  for (const std::string& name : settings.List("slices")) {
    if (name != "by") {
      add(name);
      continue;
    }
    if (by.empty()) {
      settings.Fail("slices", name,
                    "stands for the attributes of --by, and none is given");
    }
    for (const std::string& attribute : by) add(attribute);
  }
  return columns;
}

SliceRequest ReadSlices(const Settings& settings) {
  SliceRequest slices;
  const auto known = SliceMetrics();
  slices.metrics =
      ReadNames(settings, "slice-metrics", {known.begin(), known.end()},
                {known.begin(), known.end()},
                "an error rate that slices are searched for");
  slices.depth = static_cast<int>(
      settings.Integer("slice-depth", 1, 4, "a whole number from 1 to 4"));
  slices.fdr = settings.Number(
      "slice-fdr", [](double fdr) { return fdr > 0 && fdr < 0.5; },
      "a number above 0 and below 0.5, such as 0.05");
  slices.minimum = settings.Integer("slice-minimum", 1, 1'000'000'000'000,
                                    "a whole number of rows, at least 1");
  if (settings.Has("slices")) return slices;
  // A default that is written out, as --show-settings does, asks for nothing.
  const SliceRequest standard;
  const std::pair<const char*, bool> changed[] = {
      {"slice-depth", slices.depth != standard.depth},
      {"slice-metrics", slices.metrics != standard.metrics},
      {"slice-fdr", slices.fdr != standard.fdr},
      {"slice-minimum", slices.minimum != standard.minimum}};
  for (const auto& [option, is_changed] : changed) {
    if (is_changed) {
      settings.Fail(option, settings.Text(option),
                    "no slices are searched without --slices COLUMN,...");
    }
  }
  return slices;
}

int ReadReplicates(const Settings& settings) {
  constexpr const char* kExpected =
      "0 (closed forms only) or a whole number from 50 to 1000000";
  const int64_t replicates =
      settings.Integer("replicates", 0, 1'000'000, kExpected);
  if (replicates > 0 && replicates < 50) {
    settings.Fail("replicates", settings.Text("replicates"), "expected {}",
                  kExpected);
  }
  return static_cast<int>(replicates);
}

void ReadReferences(const Settings& settings,
                    const std::vector<std::string>& by, AuditOptions* options) {
  for (const std::string& text : settings.List("reference")) {
    const Assignment reference =
        ReadAssignment(settings, "reference", text, "race=White");
    RequireKnown(settings, "reference", text, reference.name, by,
                 "an attribute given with --by");
    if (!options->reference.emplace(reference.name, reference.value).second) {
      settings.Fail("reference", text, "\"{}\" already has a reference",
                    reference.name);
    }
  }
}

void ReadSubjectAndGroups(const Settings& settings, AuditColumns* columns) {
  const std::vector<std::string> subjects = settings.List("subject");
  if (subjects.size() > 1) {
    settings.Fail("subject", fmt::format("{}", fmt::join(subjects, ",")),
                  "one column says who an image belongs to");
  }
  if (!subjects.empty()) columns->subject = subjects[0];
  columns->by = settings.List("by");
  for (const std::string& text : settings.List("bins")) {
    columns->bins.push_back(
        settings.Parsed("bins", [&] { return ParseBinRule(text); }));
  }
  columns->cross = static_cast<int>(
      settings.Integer("cross", 1, 8, "a whole number from 1 to 8"));
  if (settings.Has("tune-on")) {
    const Assignment rows = ReadAssignment(
        settings, "tune-on", settings.Text("tune-on"), "split=val");
    columns->tune_on_column = rows.name;
    columns->tune_on_value = rows.value;
  }
}

OptionGroups AuditOptionGroups() {
  return {ColumnOptions(),    GroupOptions(),    CaseMixOptions(),
          ThresholdOptions(), SliceOptions(),    AnalysisOptions(),
          GateOptions(),      PolicyOptions(),   ReadingOptions(),
          OutputOptions(),    ShareOptionGroup()};
}

AuditColumns ReadAuditColumns(const Settings& settings) {
  AuditColumns columns;
  columns.labels = settings.List("label");
  columns.scores = settings.List("score");
  columns.decisions = settings.List("decision");
  columns.logit = settings.Flag("logit");
  if (columns.logit && columns.scores.empty() && !columns.decisions.empty()) {
    settings.Fail("logit", "true", "decisions are 0 or 1, not log-odds");
  }
  columns.weight = settings.Text("weight");
  ReadSubjectAndGroups(settings, &columns);
  columns.adjust = settings.List("adjust");
  if (!columns.adjust.empty() && !columns.weight.empty()) {
    settings.Fail("adjust", columns.adjust[0],
                  "standardised gaps count rows, so that they cannot be "
                  "combined with --weight; leave one of the two out");
  }
  columns.slices = ReadSliceColumns(settings, columns.by);
  return columns;
}

AuditOptions ReadAuditOptions(const Settings& settings,
                              const std::vector<std::string>& by) {
  AuditOptions options;
  options.metrics =
      ReadNames(settings, "metrics", MetricNames(), {}, "a metric");
  options.gaps = ReadNames(settings, "gaps", GapNames(), GapNames(),
                           "a measure of disparity");
  ReadThresholds(settings, &options);
  options.replicates = ReadReplicates(settings);
  options.interval = ReadInterval(settings);
  options.level = settings.Number(
      "level", [](double level) { return level > 0.5 && level < 1; },
      "a number above 0.5 and below 1, such as 0.95");
  options.margin = settings.Number(
      "margin", [](double margin) { return margin > 0; },
      "a number above 0, such as 0.05");
  options.minimum = settings.Integer("minimum", 1, 1'000'000'000'000,
                                     "a whole number of rows, at least 1");
  ReadReferences(settings, by, &options);
  ReadAdjustTo(settings, by, &options);
  ReadGates(settings, by, &options);
  options.slices = ReadSlices(settings);
  options.seed = ReadSeed(settings);
  options.threads = ReadThreads(settings);
  return options;
}

std::optional<ShareOptions> ReadShareOptions(const Settings& settings) {
  ShareOptions options;
  options.minimum = settings.Integer("share-minimum", 2, 1'000'000,
                                     "a whole number of people, at least 2");
  if (!settings.Flag("share")) {
    // No error: a policy may fix it for runs with --share.
    if (options.minimum != ShareOptions().minimum) {
      LogWarning(
          "nothing is hidden: --share-minimum {} has an effect together with "
          "--share only",
          options.minimum);
    }
    return std::nullopt;
  }
  if (settings.Has("weight")) {
    settings.Fail("weight", settings.Text("weight"),
                  "a weighted audit has no shared version (--share): small "
                  "counts are protected by other people who give the same "
                  "figures, and people of unequal weight do not; leave one of "
                  "the two out");
  }
  return options;
}

void RequireTargets(const AuditOptions& options, const AuditInput& input) {
  std::vector<std::string> names;
  for (const AuditTarget& target : input.targets) names.push_back(target.name);
  for (const auto& [name, rule] : options.threshold_of_target) {
    const bool known = std::any_of(input.targets.begin(), input.targets.end(),
                                   [&name = name](const AuditTarget& target) {
                                     return IsCalled(target, name);
                                   });
    if (known) continue;
    throw Error(ErrorCode::kUsage, "--at {}:{}: \"{}\" is not a target{}", name,
                rule.text, name, NearestOrAll(name, names));
  }
}

}  // namespace plumbline
