#include "plumbline/report/audit_words.h"

#include <fmt/format.h>

#include <string_view>
#include <utility>

#include "plumbline/base/text.h"

namespace plumbline::report {
namespace {

using Words = std::pair<std::string_view, std::string_view>;

template <size_t kCount>
std::string LookUp(const std::string& code, const Words (&table)[kCount]) {
  for (const auto& [key, words] : table) {
    if (key == code) return std::string(words);
  }
  return code;  // a newer code is better than nothing
}

// "False-negative rate (FNR)" in two parts; the second is "" without brackets.
std::pair<std::string, std::string> PartsOf(const std::string& label) {
  const size_t bracket = label.rfind(" (");
  if (bracket == std::string::npos || !label.ends_with(')')) return {label, ""};
  return {label.substr(0, bracket),
          label.substr(bracket + 2, label.size() - bracket - 3)};
}

constexpr Words kMeasures[] = {
    {"difference_reference", "difference to the reference"},
    {"ratio_reference", "ratio to the reference"},
    {"difference_rest", "difference to all others"},
    {"ratio_rest", "ratio to all others"},
    {"difference_overall", "difference to everyone"},
    {"ratio_overall", "ratio to everyone"},
    {"max_min", "highest minus lowest"},
    {"max_ratio", "highest over lowest"},
    {"gini", "Gini index"},
    {"theil", "Theil index"},
    {"heterogeneity", "heterogeneity (chi-squared)"},
    {"demographic_parity", "demographic parity gap"},
    {"equal_opportunity", "equal opportunity gap"},
    {"equalised_odds", "equalised odds gap"},
    {"predictive_parity", "predictive parity gap"},
    {"calibration_within_groups", "calibration gap"},
    {"underdiagnosis", "underdiagnosis gap"},
    {"amplification", "amplification of the labels' gap"}};

constexpr Words kMethods[] = {
    {"wilson", "Wilson score interval"},
    {"delong", "DeLong"},
    {"obuchowski", "Obuchowski, clustered by subject"},
    {"delta", "linearised, clustered by subject"},
    {"logistic_sandwich", "logistic fit, robust variance"},
    {"percentile_bootstrap", "percentile bootstrap over subjects"},
    {"bca_bootstrap", "BCa bootstrap over subjects"},
    {"logit_bootstrap", "bootstrap on the logit scale"},
    {"range_simulation", "simulated range of the groups' errors"},
    {"tukey_kramer", "Tukey-Kramer (studentised range)"},
    {"cochran_q", "Cochran's Q"},
    {"mover", "MOVER, from the intervals of the groups"},
    {"newcombe", "Newcombe"},
    {"newcombe_paired", "Newcombe, paired"},
    {"delong_paired", "DeLong, paired"},
    {"obuchowski_paired", "Obuchowski, paired, clustered by subject"},
    {"paired_linearised", "paired linearisation by subject"},
    {"paired_bootstrap", "paired bootstrap over subjects"},
    {"unseen_difference", "bound on what agreement could hide"},
    {"none", "no interval"}};

constexpr Words kFittedOn[] = {
    {"given", "given beforehand"},
    {"tuning_rows", "fitted on separate tuning rows"},
    {"audited_rows", "fitted on the audited rows themselves"}};

constexpr Words kAdjustments[] = {{"holm", "Holm"},
                                  {"benjamini_hochberg", "Benjamini-Hochberg"},
                                  {"bh", "Benjamini-Hochberg"},
                                  {"none", "none"}};

constexpr Words kGateOutcomes[] = {
    {"met", "met"}, {"failed", "failed"}, {"cannot_tell", "cannot tell"}};

constexpr Words kSeverities[] = {
    {"high", "High"}, {"medium", "Medium"}, {"low", "Low"}, {"info", "Note"}};

}  // namespace

std::string OutcomeWords(const AuditGap& gap, NumberKind kind) {
  switch (gap.outcome) {
    case GapOutcome::kShown:
      return "gap shown";
    case GapOutcome::kNoneAboveMargin:
      return gap.margin ? "none above " + NumberText(*gap.margin, kind)
                        : "none above the margin";
    case GapOutcome::kCannotTell:
      return "cannot tell";
    case GapOutcome::kNotTested:
      break;
  }
  return "not tested";
}

std::string GateOutcomeWords(const std::string& outcome) {
  return LookUp(outcome, kGateOutcomes);
}

std::string MeasureWords(const std::string& measure) {
  return LookUp(measure, kMeasures);
}

std::string MethodWords(const std::string& method) {
  return LookUp(method, kMethods);
}

std::string FittedOnWords(const std::string& fitted_on) {
  return LookUp(fitted_on, kFittedOn);
}

std::string AdjustmentWords(const std::string& adjustment) {
  return LookUp(adjustment, kAdjustments);
}

std::string SeverityWords(const std::string& severity) {
  return LookUp(severity, kSeverities);
}

std::string GroupingWords(const std::vector<std::string>& by) {
  if (by.empty()) return "everyone";
  return JoinWords(by);
}

std::string LevelWords(const std::optional<std::string>& level) {
  return level.value_or("missing");
}

std::string AttributesWords(const AttributeValues& attributes) {
  if (attributes.empty()) return "everyone";
  std::string words;
  for (const auto& [attribute, level] : attributes) {
    if (!words.empty()) words += ", ";
    words += attribute + '=' + LevelWords(level);
  }
  return words;
}

std::string LongName(const AuditMetric& metric) {
  const auto [name, bracket] = PartsOf(metric.label);
  return bracket.size() > name.size() ? bracket : name;
}

std::string ShortName(const AuditMetric& metric) {
  const auto [name, bracket] = PartsOf(metric.label);
  return !bracket.empty() && bracket.size() < name.size() ? bracket : name;
}

std::string ShortName(const AuditDocument& document, const std::string& name) {
  const int index = document.MetricIndex(name);
  return index < 0 ? name : ShortName(document.metrics[index]);
}

std::string ThresholdWords(const AuditThreshold& threshold) {
  if (!threshold.value) {
    return threshold.rule.empty() ? "as decided in the input"
                                  : "by the rule " + threshold.rule;
  }
  std::string words = fmt::format("at or above {:.4g}", *threshold.value);
  // The rule "0.5" says no more than the value.
  if (!threshold.rule.empty() &&
      fmt::format("{:g}", *threshold.value) != threshold.rule) {
    words += " (rule " + threshold.rule + ')';
  }
  return words;
}

std::string PolicyWords(const AuditPolicy& policy) {
  std::string words = policy.name.empty() ? policy.file : policy.name;
  if (!policy.version.empty()) words += ", version " + policy.version;
  if (!policy.name.empty()) words += " (" + policy.file + ')';
  if (!policy.owner.empty()) words += ", owner " + policy.owner;
  if (!policy.approved.empty()) words += ", approved " + policy.approved;
  return words;
}

std::string PolicySentence(const AuditPolicy& policy) {
  const size_t gates = policy.gates.size();
  return fmt::format(
      "Fixed beforehand by the policy {}; SHA-256 {}; {} of the gates {} its "
      "own.",
      PolicyWords(policy), policy.sha256, gates, gates == 1 ? "is" : "are");
}

std::string LevelText(double level) {
  return fmt::format("{:g} %", level * 100);
}

std::string UpperFirst(std::string text) {
  if (!text.empty() && text[0] >= 'a' && text[0] <= 'z') {
    text[0] = static_cast<char>(text[0] - 'a' + 'A');
  }
  return text;
}

std::string LowerFirst(std::string text) {
  if (!text.empty() && text[0] >= 'A' && text[0] <= 'Z') {
    text[0] = static_cast<char>(text[0] - 'A' + 'a');
  }
  return text;
}

}  // namespace plumbline::report
