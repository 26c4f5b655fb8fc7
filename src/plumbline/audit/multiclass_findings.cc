#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <string_view>

#include "plumbline/audit/multiclass.h"
#include "plumbline/base/text.h"

namespace plumbline {
namespace {

// The other metrics say the same again.
const char* CodeOfGap(std::string_view metric) {
  if (metric == "macro_auroc") return "PB203";
  if (metric == "accuracy" || metric == "balanced_accuracy" ||
      metric.starts_with("recall:")) {
    return "PB106";
  }
  return "";
}

std::string LabelOf(const std::string& metric) {
  for (const Metric& m : MulticlassMetrics()) {
    if (metric == m.name) return m.label;
  }
  return "Recall of class " + metric.substr(metric.find(':') + 1);
}

std::string ByName(const AuditInput& input, int grouping) {
  std::vector<std::string> names;
  for (const int a : input.groups.groupings[grouping].attributes) {
    names.push_back(input.groups.attributes[a].name);
  }
  return fmt::format("{}", fmt::join(names, " x "));
}

bool IsRate(std::string_view metric) {
  return metric == "accuracy" || metric.starts_with("recall:");
}

std::string Amount(const GapResult& gap, double value) {
  return IsRate(gap.metric) ? fmt::format("{:.1f}", 100 * value)
                            : fmt::format("{:.3f}", value);
}

Finding FindingOf(const AuditInput& input, const MulticlassModel& model,
                  const GapResult& gap) {
  Finding finding;
  finding.code = gap.code;
  finding.severity = gap.lo >= gap.margin      ? "high"
                     : gap.value >= gap.margin ? "medium"
                                               : "low";
  std::string worst;
  if (gap.worst >= 0) {
    worst = fmt::format(" Most probably worst: {} (probability {:.2f}).",
                        input.groups.Name(gap.worst), gap.worst_probability);
  }
  const std::string p = gap.p_adjusted < 0.001
                            ? "p < 0.001"
                            : fmt::format("p = {:.3f}", gap.p_adjusted);
  finding.sentence = fmt::format(
      "{}: {} differs between groups of {} by {}{} (interval {} to {}; chance "
      "alone gives {} on average, adjusted {}).{}",
      model.name, LabelOf(gap.metric), ByName(input, gap.grouping),
      Amount(gap, gap.value), IsRate(gap.metric) ? " percentage points" : "",
      Amount(gap, gap.lo), Amount(gap, gap.hi), Amount(gap, gap.null_expected),
      p, worst);
  finding.action =
      "Look at the worst group's row of the confusion matrix: which class is "
      "taken for which other one there, and not elsewhere?";
  finding.numbers = {{"value", gap.value},
                     {"lo", gap.lo},
                     {"hi", gap.hi},
                     {"null_expected", gap.null_expected},
                     {"p_adjusted", gap.p_adjusted}};
  return finding;
}

bool IsShown(const GapResult& gap) {
  return gap.outcome != nullptr && std::string_view(gap.outcome) == "shown";
}

// An intersection is news only where none of its attributes shows the gap.
bool ShownByPart(const AuditInput& input, const MulticlassResult& result,
                 const GapResult& gap) {
  const auto& attributes = input.groups.groupings[gap.grouping].attributes;
  if (attributes.size() < 2) return false;
  return std::any_of(
      result.gaps.begin(), result.gaps.end(), [&](const GapResult& other) {
        const auto& one = input.groups.groupings[other.grouping].attributes;
        return other.metric == gap.metric && one.size() == 1 &&
               IsShown(other) &&
               std::find(attributes.begin(), attributes.end(), one[0]) !=
                   attributes.end();
      });
}

void AddClassFindings(const MulticlassModel& model,
                      const MulticlassResult& result, int64_t minimum,
                      std::vector<Finding>& findings) {
  std::vector<std::string> none;
  std::vector<std::string> few;
  for (size_t k = 0; k < model.classes.size(); ++k) {
    if (result.class_rows[k] == 0) {
      none.push_back(model.classes[k]);
    } else if (result.class_subjects[k] < minimum) {
      few.push_back(fmt::format("{} ({})", model.classes[k],
                                WithThousands(result.class_subjects[k])));
    }
  }
  if (!none.empty()) {
    Finding finding;
    finding.code = "PB609";
    finding.severity = "medium";
    finding.sentence = fmt::format(
        "{}: no row has the class {}; averages over all classes cannot be "
        "given.",
        model.name, JoinWords(none, "or"));
    finding.action =
        "Check how the classes are spelt, or leave the score of a class that "
        "these data cannot have out of the table.";
    findings.push_back(std::move(finding));
  }
  if (few.empty()) return;
  Finding finding;
  finding.code = "PB609";
  finding.severity = "info";
  finding.sentence =
      fmt::format("{}: fewer than {} subjects have the class {}.", model.name,
                  minimum, JoinWords(few, "or"));
  finding.action =
      "Do not read averages over classes as if they spoke for these.";
  findings.push_back(std::move(finding));
}

void AddSumLimitation(const MulticlassModel& model,
                      const MulticlassResult& result,
                      std::vector<Limitation>& limitations) {
  if (result.rows_not_summing_to_one == 0) return;
  limitations.push_back(
      {"PL111",
       fmt::format("{}: in {} of {} rows the scores of the classes do not sum "
                   "to 1{}, so that they are no probabilities of classes; "
                   "Brier score and log loss over classes are left out.",
                   model.name, WithThousands(result.rows_not_summing_to_one),
                   WithThousands(result.rows),
                   model.logit ? " (each log-odds was turned into a "
                                 "probability of its own)"
                               : "")});
}

// Models of one label whose scores are missing in different rows.
void AddRowLimitations(const AuditInput& input, AuditResult& result) {
  std::map<std::string, std::vector<size_t>> models;
  for (size_t t = 0; t < input.targets.size(); ++t) {
    const AuditTarget& target = input.targets[t];
    if (!target.finding.empty()) models[target.finding].push_back(t);
  }
  for (const auto& [finding, targets] : models) {
    int64_t differ = 0;
    for (int64_t row = 0; row < input.rows; ++row) {
      const AuditTarget& first = input.targets[targets[0]];
      if (!IsAudited(input, row)) continue;
      if (first.labels[row] == kMissingLabel) continue;
      differ += std::any_of(targets.begin(), targets.end(), [&](size_t t) {
        return std::isnan(input.targets[t].scores[row]) !=
               std::isnan(first.scores[row]);
      });
    }
    if (differ == 0) continue;
    std::vector<std::string> rows;
    for (const size_t t : targets) {
      rows.push_back(fmt::format("{} on {}", input.targets[t].score_column,
                                 WithThousands(result.targets[t].rows)));
    }
    result.limitations.push_back(
        {"PL118",
         fmt::format("{}: the models were audited on different rows ({}); in "
                     "{} rows only some of them have a score, so part of a "
                     "difference between them may lie in the rows.",
                     finding, JoinWords(rows), WithThousands(differ))});
  }
}

}  // namespace

void AddMulticlassFindings(const AuditInput& input, const AuditOptions& options,
                           AuditResult& result) {
  for (MulticlassResult& model : result.multiclass) {
    const MulticlassModel& names = input.multiclass[model.model];
    for (GapResult& gap : model.gaps) {
      gap.code = CodeOfGap(gap.metric);
      if (*gap.code == '\0' || !IsShown(gap) ||
          ShownByPart(input, model, gap)) {
        continue;
      }
      result.findings.push_back(FindingOf(input, names, gap));
    }
    AddClassFindings(names, model, options.minimum, result.findings);
  }
}

void AddModelLimitations(const AuditInput& input, AuditResult& result) {
  for (const MulticlassResult& model : result.multiclass) {
    AddSumLimitation(input.multiclass[model.model], model, result.limitations);
  }
  AddRowLimitations(input, result);
}

}  // namespace plumbline
