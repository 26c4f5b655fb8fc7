#include "plumbline/report/audit_summary.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <iterator>
#include <limits>
#include <map>
#include <numeric>
#include <string_view>
#include <tuple>
#include <utility>

#include "plumbline/base/text.h"
#include "plumbline/report/number_text.h"

namespace plumbline::report {
namespace {

// For clinical readers a miss comes before a false alarm.
constexpr std::array<std::string_view, 25> kImportance = {
    "fnr",
    "fpr",
    "auroc",
    "ppv",
    "calibration_intercept",
    "ece",
    "selection_rate",
    "sensitivity",
    "specificity",
    "observed_expected",
    "calibration_slope",
    "brier",
    "net_benefit",
    "npv",
    "auprc",
    "accuracy",
    "balanced_accuracy",
    "f1",
    "youden_j",
    "for",
    "fdr",
    "log_loss",
    "d_prime",
    "criterion_c",
    "prevalence"};

size_t Importance(const std::string& metric) {
  return std::find(kImportance.begin(), kImportance.end(), metric) -
         kImportance.begin();
}

int Rank(GapOutcome outcome) {
  switch (outcome) {
    case GapOutcome::kShown:
      return 0;
    case GapOutcome::kCannotTell:
      return 1;
    case GapOutcome::kNoneAboveMargin:
      return 2;
    case GapOutcome::kNotTested:
      break;
  }
  return 3;
}

void SortWorstFirst(std::vector<const AuditGap*>* gaps) {
  const auto key = [](const AuditGap* gap) {
    return std::make_tuple(Rank(gap->outcome), Importance(gap->metric),
                           gap->by.size(), gap->p_adjusted.value_or(1),
                           -std::abs(gap->value.value_or(0)));
  };
  std::stable_sort(
      gaps->begin(), gaps->end(),
      [&](const AuditGap* a, const AuditGap* b) { return key(a) < key(b); });
}

// Its position, or the number of findings.
size_t FirstSevereFinding(const AuditDocument& document,
                          const AuditTarget& target) {
  const auto found = std::find_if(
      document.findings.begin(), document.findings.end(),
      [&](const AuditFinding& finding) {
        return finding.severity == "high" && finding.target == target.target;
      });
  return found - document.findings.begin();
}

bool HasMaxMin(const AuditDocument& document) {
  for (const AuditTarget& target : document.targets) {
    for (const AuditGap& gap : target.gaps) {
      if (gap.measure == "max_min") return true;
    }
  }
  return false;
}

bool IsHeadline(const AuditDocument& document, const AuditGap& gap,
                bool has_max_min) {
  if (!has_max_min) return gap.outcome != GapOutcome::kNotTested;
  return gap.measure == "max_min" && !IsRepeat(document, gap.metric);
}

std::vector<const AuditGap*> GapsThatAre(const AuditDocument& document,
                                         const AuditTarget& target,
                                         bool headline) {
  const bool has_max_min = HasMaxMin(document);
  std::vector<const AuditGap*> gaps;
  for (const AuditGap& gap : target.gaps) {
    if (IsHeadline(document, gap, has_max_min) == headline)
      gaps.push_back(&gap);
  }
  SortWorstFirst(&gaps);
  return gaps;
}

}  // namespace

bool IsRepeat(const AuditDocument& document, const std::string& metric) {
  constexpr std::pair<std::string_view, const char*> kRepeats[] = {
      {"sensitivity", "fnr"},
      {"specificity", "fpr"},
      {"fdr", "ppv"},
      {"for", "npv"},
      {"youden_j", "balanced_accuracy"}};
  if (metric == "prevalence") return true;
  return std::any_of(std::begin(kRepeats), std::end(kRepeats),
                     [&](const auto& repeat) {
                       return repeat.first == metric &&
                              document.MetricIndex(repeat.second) >= 0;
                     });
}

std::vector<int> MetricsByImportance(const AuditDocument& document) {
  std::vector<int> order(document.metrics.size());
  std::iota(order.begin(), order.end(), 0);
  std::stable_sort(order.begin(), order.end(), [&](int a, int b) {
    return Importance(document.metrics[a].name) <
           Importance(document.metrics[b].name);
  });
  return order;
}

std::vector<int> KeyMetrics(const AuditDocument& document, int most) {
  std::vector<int> key;
  for (const int metric : MetricsByImportance(document)) {
    const AuditMetric& m = document.metrics[metric];
    if (m.direction == MetricDirection::kNone) continue;
    if (IsRepeat(document, m.name)) continue;
    const bool known = std::any_of(
        document.targets.begin(), document.targets.end(),
        [&](const AuditTarget& target) {
          const AuditGroup* everyone = Everyone(target);
          return everyone != nullptr && everyone->metrics[metric].value;
        });
    if (!known) continue;
    key.push_back(metric);
    if (static_cast<int>(key.size()) == most) break;
  }
  return key;
}

double CertainBadness(const AuditEstimate& estimate,
                      MetricDirection direction) {
  constexpr double kNothing = -std::numeric_limits<double>::infinity();
  if (!estimate.value || !estimate.lo || !estimate.hi) return kNothing;
  switch (direction) {
    case MetricDirection::kLower:
      return *estimate.lo;
    case MetricDirection::kHigher:
      return -*estimate.hi;
    case MetricDirection::kOne:
      return std::max({0.0, *estimate.lo - 1, 1 - *estimate.hi});
    case MetricDirection::kZero:
      return std::max({0.0, *estimate.lo, -*estimate.hi});
    case MetricDirection::kNone:
      break;
  }
  return kNothing;
}

std::vector<const AuditGroup*> WorstGroups(const AuditDocument& document,
                                           const AuditTarget& target,
                                           int metric, size_t most) {
  const MetricDirection direction = document.metrics[metric].direction;
  std::vector<const AuditGroup*> groups;
  for (const AuditGroup& group : target.groups) {
    const bool known = std::all_of(
        group.attributes.begin(), group.attributes.end(),
        [](const auto& attribute) { return attribute.second.has_value(); });
    if (!group.attributes.empty() && known &&
        std::isfinite(CertainBadness(group.metrics[metric], direction))) {
      groups.push_back(&group);
    }
  }
  std::stable_sort(groups.begin(), groups.end(),
                   [&](const AuditGroup* a, const AuditGroup* b) {
                     return CertainBadness(a->metrics[metric], direction) >
                            CertainBadness(b->metrics[metric], direction);
                   });
  groups.resize(std::min(groups.size(), most));
  return groups;
}

const AuditGroup* Everyone(const AuditTarget& target) {
  for (const AuditGroup& group : target.groups) {
    if (group.attributes.empty()) return &group;
  }
  return nullptr;
}

std::vector<const AuditGap*> HeadlineGaps(const AuditDocument& document,
                                          const AuditTarget& target) {
  return GapsThatAre(document, target, true);
}

std::vector<const AuditGap*> OtherGaps(const AuditDocument& document,
                                       const AuditTarget& target) {
  return GapsThatAre(document, target, false);
}

OutcomeCounts CountOutcomes(const std::vector<const AuditGap*>& gaps) {
  OutcomeCounts counts;
  for (const AuditGap* gap : gaps) {
    counts.shown += gap->outcome == GapOutcome::kShown;
    counts.none_above_margin += gap->outcome == GapOutcome::kNoneAboveMargin;
    // Too few rows to compute a gap is the plainest way of not telling.
    counts.cannot_tell += gap->outcome == GapOutcome::kCannotTell ||
                          (!gap->value && gap->measure == "max_min");
  }
  return counts;
}

OutcomeCounts CountOutcomes(const AuditDocument& document) {
  OutcomeCounts all;
  for (const AuditTarget& target : document.targets) {
    const OutcomeCounts counts = CountOutcomes(HeadlineGaps(document, target));
    all.shown += counts.shown;
    all.none_above_margin += counts.none_above_margin;
    all.cannot_tell += counts.cannot_tell;
  }
  return all;
}

std::vector<int> TargetsWorstFirst(const AuditDocument& document) {
  std::vector<OutcomeCounts> counts;
  for (const AuditTarget& target : document.targets) {
    counts.push_back(CountOutcomes(HeadlineGaps(document, target)));
  }
  std::vector<int> order(document.targets.size());
  std::iota(order.begin(), order.end(), 0);
  const auto key = [&](int target) {
    return std::make_tuple(
        FirstSevereFinding(document, document.targets[target]),
        -counts[target].shown, -counts[target].cannot_tell);
  };
  std::stable_sort(order.begin(), order.end(),
                   [&](int a, int b) { return key(a) < key(b); });
  return order;
}

std::vector<std::string> LimitationLines(const AuditDocument& document,
                                         size_t most_of_a_kind) {
  std::vector<std::string> lines;
  std::map<std::string, size_t> seen;
  std::map<std::string, size_t> last_line;
  for (const AuditLimitation& limitation : document.limitations) {
    if (++seen[limitation.code] > most_of_a_kind) continue;
    last_line[limitation.code] = lines.size();
    lines.push_back(limitation.text);
  }
  for (const auto& [code, count] : seen) {
    if (count <= most_of_a_kind) continue;
    lines[last_line[code]] += fmt::format(" ({} more of this kind: {}.)",
                                          count - most_of_a_kind, code);
  }
  return lines;
}

std::vector<AuditFinding> FindingsToShow(const AuditDocument& document,
                                         size_t most) {
  return FindingsToShow(document.findings, most);
}

std::vector<AuditFinding> FindingsToShow(const std::vector<AuditFinding>& all,
                                         size_t most) {
  std::vector<AuditFinding> findings(all.begin(),
                                     all.begin() + std::min(all.size(), most));
  for (size_t i = 0; i + 1 < findings.size(); ++i) {
    if (findings[i].action == findings[i + 1].action) findings[i].action = "";
  }
  return findings;
}

std::string VerdictSentence(const AuditDocument& document) {
  if (!document.findings.empty()) return document.findings[0].sentence;
  const OutcomeCounts counts = CountOutcomes(document);
  if (counts.total() == 0) return "No comparison between groups was made.";
  if (counts.shown > 0) return "Gaps between groups were shown.";
  if (counts.cannot_tell > 0) {
    return "No gap between groups was shown, but these data cannot rule out "
           "all gaps above the margin.";
  }
  return "No gap between groups above the margin.";
}

std::string CountSentence(const AuditDocument& document) {
  const OutcomeCounts counts = CountOutcomes(document);
  if (counts.total() == 0) return "";
  return fmt::format(
      "Of {} comparison{} between groups, {} showed a gap, {} showed that "
      "there "
      "is none above the margin, and in {} these data cannot tell.",
      WithThousands(counts.total()), counts.total() == 1 ? "" : "s",
      WithThousands(counts.shown), WithThousands(counts.none_above_margin),
      WithThousands(counts.cannot_tell));
}

}  // namespace plumbline::report
