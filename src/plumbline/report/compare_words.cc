#include "plumbline/report/compare_words.h"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>

#include "plumbline/report/audit_words.h"

namespace plumbline::report {

NumberKind KindOfDifference(const AuditMetric& metric) {
  const NumberKind kind = KindOfMetric(metric.name, metric.unit);
  return kind == NumberKind::kPercent ? NumberKind::kPoints : kind;
}

std::string SignedText(std::optional<double> value, NumberKind kind) {
  if (!value) return "-";
  const std::string text = NumberText(*value, kind);
  return *value > 0 ? '+' + text : text;
}

std::string DifferenceText(const CompareDifference& difference, NumberKind kind,
                           int64_t minimum) {
  if (!difference.value) {
    return ReasonText(difference.reason, difference.n, minimum);
  }
  std::string text = SignedText(difference.value, kind);
  if (difference.lo && difference.hi) {
    return text + " (" + RangeText(*difference.lo, *difference.hi, kind) + ')';
  }
  return text + " (" + ReasonText(difference.reason, difference.n, minimum) +
         ')';
}

std::string VerdictWords(const CompareDifference& difference) {
  std::string words;
  if (difference.IsShown()) {
    words = difference.direction.empty() ? "changed" : difference.direction;
  }
  std::string verdict;
  if (difference.non_inferiority == "non_inferior") verdict = "non-inferior";
  if (difference.non_inferiority == "inferior") verdict = "inferior";
  if (difference.non_inferiority == "cannot_tell") verdict = "cannot tell";
  if (words == "worse" && verdict == "cannot tell") {
    verdict = "margin open";
  }
  if (verdict.empty()) {
    return !words.empty()                              ? words
           : difference.outcome == "none_above_margin" ? "within margin"
                                                       : "cannot tell";
  }
  return words.empty() ? verdict : words + ", " + verdict;
}

std::string GapOutcomeWords(const std::string& outcome) {
  if (outcome == "no_change_above_margin") return "no change above margin";
  if (outcome == "cannot_tell") return "cannot tell";
  return outcome;
}

std::string GapWords(const CompareDocument& document, const CompareGap& gap) {
  const std::string metric = ShortNameOf(document, gap.metric);
  if (gap.measure == "max_min") {
    return metric + ", largest gap by " + GroupingWords(gap.by);
  }
  return metric + " of " + AttributesWords(gap.group) + " against " +
         AttributesWords(gap.reference);
}

GapOutcome OutcomeOf(const CompareDifference& difference) {
  if (difference.non_inferiority == "inferior" ||
      (difference.IsShown() && difference.direction == "worse")) {
    return GapOutcome::kShown;
  }
  if (difference.non_inferiority == "non_inferior" ||
      (difference.IsShown() && difference.direction == "better") ||
      difference.outcome == "none_above_margin") {
    return GapOutcome::kNoneAboveMargin;
  }
  return GapOutcome::kCannotTell;
}

GapOutcome OutcomeOf(const CompareGap& gap) {
  if (gap.outcome == "widened" || gap.outcome == "reversed" ||
      gap.outcome == "shifted") {
    return GapOutcome::kShown;
  }
  return gap.outcome == "cannot_tell" ? GapOutcome::kCannotTell
                                      : GapOutcome::kNoneAboveMargin;
}

std::vector<CompareLine> LinesWorstFirst(const CompareDocument& document,
                                         const CompareTarget& target,
                                         bool everyone) {
  std::vector<CompareLine> lines;
  for (const CompareGroup& group : target.groups) {
    if (group.grouping.empty() != everyone) continue;
    for (size_t m = 0; m < document.metrics.size(); ++m) {
      lines.push_back({&group, static_cast<int>(m)});
    }
  }
  if (everyone) return lines;
  const auto key = [&](const CompareLine& line) {
    const CompareDifference& d = line.group->metrics[line.metric].difference;
    const bool worse = d.direction == "worse";
    const int rank = d.non_inferiority == "inferior"             ? 0
                     : d.IsShown() && worse                      ? 1
                     : !d.value                                  ? 6
                     : d.non_inferiority == "cannot_tell"        ? 2
                     : d.IsShown() && d.direction == "better"    ? 3
                     : d.non_inferiority.empty() && !d.IsShown() ? 5
                                                                 : 4;
    const double size = d.value.value_or(0);
    return std::tuple(rank, worse ? -std::abs(size) : std::abs(size));
  };
  std::stable_sort(lines.begin(), lines.end(),
                   [&](const CompareLine& a, const CompareLine& b) {
                     return key(a) < key(b);
                   });
  return lines;
}

std::vector<const CompareGap*> GapsWorstFirst(const CompareTarget& target) {
  std::vector<const CompareGap*> gaps;
  for (const CompareGap& gap : target.gaps) gaps.push_back(&gap);
  const auto rank = [](const CompareGap* gap) {
    const int outcome = gap->outcome == "widened"    ? 0
                        : gap->outcome == "reversed" ? 1
                        : gap->outcome == "shifted"  ? 1
                        : gap->outcome == "narrowed" ? 2
                        : !gap->value || !gap->lo    ? 5
                                                     : 3;
    return std::pair(outcome, gap->measure == "max_min" ? 0 : 1);
  };
  std::stable_sort(gaps.begin(), gaps.end(),
                   [&](const CompareGap* a, const CompareGap* b) {
                     return rank(a) < rank(b);
                   });
  return gaps;
}

std::string ShortNameOf(const CompareDocument& document,
                        const std::string& metric) {
  const int index = document.MetricIndex(metric);
  return index < 0 ? metric : ShortName(document.metrics[index]);
}

}  // namespace plumbline::report
