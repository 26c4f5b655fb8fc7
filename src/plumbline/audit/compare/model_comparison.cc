#include "plumbline/audit/compare/model_comparison.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>

#include "plumbline/audit/compare/compare_findings.h"
#include "plumbline/audit/compare/gap_change.h"
#include "plumbline/audit/compare/paired_difference.h"
#include "plumbline/audit/estimates.h"
#include "plumbline/audit/gap_engine.h"
#include "plumbline/base/error.h"
#include "plumbline/base/text.h"
#include "plumbline/base/thread_pool.h"
#include "plumbline/stats/multiple_testing.h"
#include "plumbline/stats/normal.h"

namespace plumbline {
namespace {

// As in audit.cc: above this, one target after the other.
constexpr int64_t kRowsSideBySide = 500000;
constexpr double kPower = 0.8;

void CheckOptions(const AuditOptions& options) {
  const auto require = [](bool good, const char* what, const auto& found) {
    if (!good) throw Error(ErrorCode::kUsage, "{}, found {}", what, found);
  };
  require(options.level > 0.5 && options.level < 1,
          "--level must lie between 0.5 and 1 (0.95 is usual)", options.level);
  require(options.margin > 0, "--margin must be above 0", options.margin);
  require(options.minimum >= 1, "--minimum must be at least 1",
          options.minimum);
  require(options.replicates == 0 || options.replicates >= 50,
          "--replicates must be 0 (closed forms only) or at least 50",
          options.replicates);
}

// In registry order, with those that requirements need.
std::vector<const Metric*> WantedMetrics(const CompareOptions& options) {
  const std::vector<std::string> known = ComparableMetrics();
  std::vector<std::string> wanted = options.audit.metrics;
  if (wanted.empty()) wanted = DefaultCompareMetrics();
  for (const Requirement& requirement : options.requirements) {
    wanted.push_back(requirement.metric);
  }
  std::vector<const Metric*> metrics;
  for (const std::string& name : wanted) {
    const Metric* metric = FindMetric(name);
    if (metric == nullptr ||
        std::find(known.begin(), known.end(), metric->name) == known.end()) {
      throw Error(ErrorCode::kUsage,
                  "--metrics: \"{}\" is not a metric that is compared{}; "
                  "metrics: {}",
                  name, DidYouMean(name, known), JoinWords(known));
    }
    if (std::find(metrics.begin(), metrics.end(), metric) == metrics.end()) {
      metrics.push_back(metric);
    }
  }
  std::sort(metrics.begin(), metrics.end(),
            [](const Metric* a, const Metric* b) { return a->id < b->id; });
  return metrics;
}

// The grouping of exactly these attributes, or -1.
int FindGrouping(const GroupIndex& groups, std::vector<std::string> by) {
  std::sort(by.begin(), by.end());
  for (size_t k = 0; k < groups.groupings.size(); ++k) {
    std::vector<std::string> names;
    for (const int a : groups.groupings[k].attributes) {
      names.push_back(groups.attributes[a].name);
    }
    std::sort(names.begin(), names.end());
    if (names == by) return static_cast<int>(k);
  }
  return -1;
}

bool HasMissingLevel(const Group& group) {
  return std::find(group.levels.begin(), group.levels.end(), kMissingCode) !=
         group.levels.end();
}

// Groups that a requirement by this grouping judges.
int JudgedGroups(const GroupIndex& index, const Grouping& grouping) {
  int judged = 0;
  for (int k = 0; k < grouping.group_count; ++k) {
    judged += !HasMissingLevel(index.groups[grouping.first_group + k]);
  }
  return judged;
}

void CheckRequirements(const CompareInput& input,
                       const CompareOptions& options) {
  std::vector<std::string> targets;
  for (int t = 0; t < input.targets(); ++t) {
    targets.push_back(input.target(t, kBaseline).name);
  }
  for (const Requirement& requirement : options.requirements) {
    if (!requirement.target.empty() &&
        std::find(targets.begin(), targets.end(), requirement.target) ==
            targets.end()) {
      throw Error(ErrorCode::kUsage,
                  "gate `{}`: there is no target \"{}\"{}; targets: {}",
                  requirement.text, requirement.target,
                  DidYouMean(requirement.target, targets), JoinWords(targets));
    }
    if (FindGrouping(input.rows.groups, requirement.by) < 0) {
      throw Error(ErrorCode::kUsage,
                  "gate `{}`: there are no groups by {}; name every attribute "
                  "in --by and set --cross to at least {}",
                  requirement.text, JoinWords(requirement.by),
                  requirement.by.size());
    }
  }
}

// --- One target --------------------------------------------------------------

struct TargetOutcome {
  ComparedTarget target;
  std::vector<ComparedGroup> groups;
  std::vector<GapChange> gaps;
};

PairedData PreparePairs(const CompareInput& input, int t,
                        const AuditOptions& options,
                        const std::vector<const Metric*>& metrics) {
  PairedData data;
  std::array<double, 2> thresholds{};
  for (int model : {kBaseline, kChallenger}) {
    data.models[model] =
        PrepareTarget(input.rows, 2 * t + model, options, metrics);
    thresholds[model] = data.models[model].threshold.value;
  }
  const GroupIndex& groups = input.rows.groups;
  const Needs needs = NeedsOf(metrics);
  data.rows = PairRows(input, t, thresholds);
  data.sums = SumPairs(data.rows, groups, needs.sums_of_scores);
  if (!needs.ranking) return data;
  data.ranking.resize(groups.groups.size());
  ParallelFor(
      static_cast<int64_t>(groups.groupings.size()), options.threads,
      [&](int64_t k) {
        const auto ranking = RankPairs(data.rows, groups, static_cast<int>(k));
        std::copy(ranking.begin(), ranking.end(),
                  data.ranking.begin() + groups.groupings[k].first_group);
      });
  return data;
}

ComparedTarget Describe(const CompareInput& input, int t,
                        const PairedData& data) {
  const AuditTarget& a = input.target(t, kBaseline);
  ComparedTarget target;
  target.name = a.name;
  target.rows = data.rows.size();
  target.positives = data.models[0].rows.positives;
  for (int64_t row = 0; row < input.rows.rows; ++row) {
    if (!input.rows.tuning_rows.empty() && input.rows.tuning_rows[row]) {
      continue;
    }
    target.missing_labels += a.labels[row] == kMissingLabel;
    target.missing_scores +=
        a.labels[row] != kMissingLabel && std::isnan(a.scores[row]);
  }
  for (int model : {kBaseline, kChallenger}) {
    target.thresholds[model] = data.models[model].threshold;
  }
  return target;
}

// A requirement fails if the challenger is inferior in any group, so each group
// is held against a level that Bonferroni corrects for their number.
void SetFamilyIntervals(const CompareInput& input,
                        const CompareOptions& options, const Metric& metric,
                        int group, const PairedData& data, ComparedMetric* m) {
  const GroupIndex& index = input.rows.groups;
  const int grouping = index.groups[group].grouping;
  const bool required = std::any_of(
      options.requirements.begin(), options.requirements.end(),
      [&](const Requirement& r) {
        return r.metric == metric.name && FindGrouping(index, r.by) == grouping;
      });
  if (!required) return;
  AuditOptions strict = options.audit;
  const int judged = JudgedGroups(index, index.groupings[grouping]);
  strict.level = 1 - (1 - strict.level) / std::max(1, judged);
  const PairedDifference d =
      ComparePair(data, metric, group, m->models[0], m->models[1], strict);
  m->difference.family_lo = d.lo;
  m->difference.family_hi = d.hi;
}

TargetOutcome CompareOne(const CompareInput& input,
                         const CompareOptions& options,
                         const std::vector<const Metric*>& metrics,
                         const std::vector<int>& reference, int t) {
  const PairedData data = PreparePairs(input, t, options.audit, metrics);
  const GroupIndex& index = input.rows.groups;
  TargetOutcome outcome;
  outcome.target = Describe(input, t, data);
  outcome.groups.resize(index.groups.size());
  ParallelFor(static_cast<int64_t>(index.groups.size()), options.audit.threads,
              [&](int64_t g) {
                const int group = static_cast<int>(g);
                const GroupSums& sums = data.models[kBaseline].sums[g];
                ComparedGroup& compared = outcome.groups[g];
                compared.target = t;
                compared.group = group;
                compared.n = sums.rows;
                compared.subjects = sums.subjects;
                compared.events =
                    static_cast<int64_t>(sums.counts().positives());
                for (const Metric* metric : metrics) {
                  ComparedMetric m;
                  for (int model : {kBaseline, kChallenger}) {
                    m.models[model] = EstimateMetric(
                        data.models[model], *metric, group, options.audit);
                  }
                  m.difference = ComparePair(data, *metric, group, m.models[0],
                                             m.models[1], options.audit);
                  SetFamilyIntervals(input, options, *metric, group, data, &m);
                  compared.metrics.push_back(m);
                }
              });
  const GapChangeInput gap_input{input,          options,   metrics, data,
                                 outcome.groups, reference, t};
  const auto groupings = static_cast<int64_t>(index.groupings.size());
  std::vector<std::vector<GapChange>> gaps(groupings);
  ParallelFor(groupings - 1, options.audit.threads, [&](int64_t k) {
    gaps[k] = GapChangesOf(gap_input, static_cast<int>(k) + 1);
  });
  for (auto& of_grouping : gaps) {
    std::move(of_grouping.begin(), of_grouping.end(),
              std::back_inserter(outcome.gaps));
  }
  return outcome;
}

// --- Verdicts ----------------------------------------------------------------

Direction DirectionOf(const Metric& metric, double value) {
  const bool lower = metric.direction == MetricDirection::kLowerIsBetter;
  if (!lower && metric.direction != MetricDirection::kHigherIsBetter) {
    return Direction::kNone;
  }
  if (std::isnan(value)) return Direction::kNone;
  if (value == 0) return Direction::kSame;
  return (value < 0) == lower ? Direction::kBetter : Direction::kWorse;
}

void Judge(const Metric& metric, const AuditOptions& options,
           PairedDifference* d) {
  const double alpha = 1 - options.level;
  d->direction = DirectionOf(metric, d->value);
  d->has_verdict = metric.direction == MetricDirection::kLowerIsBetter ||
                   metric.direction == MetricDirection::kHigherIsBetter;
  if (d->reason != nullptr) return;
  if (d->p_adjusted <= alpha) {
    d->outcome = "shown";
  } else if (d->lo > -d->margin && d->hi < d->margin) {
    d->outcome = "none_above_margin";
  }
  if (!d->has_verdict) return;
  const bool lower = metric.direction == MetricDirection::kLowerIsBetter;
  const double most_harm = lower ? d->upper_bound : -d->lower_bound;
  const double least_harm = lower ? d->lo : -d->hi;
  if (most_harm < d->margin) {
    d->verdict = NonInferiority::kNonInferior;
  } else if (least_harm > d->margin) {
    d->verdict = NonInferiority::kInferior;
  }
  const double se = d->standard_error > 0
                        ? d->standard_error
                        : (d->hi - d->lo) / (2 * TwoSidedZ(options.level));
  const double shifts = NormalQuantile(options.level) + NormalQuantile(kPower);
  d->subjects_needed = std::ceil(static_cast<double>(d->subjects) *
                                 std::pow(shifts * se / d->margin, 2));
}

// Holm within metric x number of attributes, over targets, groupings and
// groups, as for gaps; then the verdicts.
void JudgeGroups(const CompareInput& input, const CompareOptions& options,
                 const std::vector<const Metric*>& metrics,
                 std::vector<TargetOutcome>& outcomes) {
  const GroupIndex& index = input.rows.groups;
  for (size_t m = 0; m < metrics.size(); ++m) {
    std::map<size_t, std::vector<PairedDifference*>> families;
    for (TargetOutcome& outcome : outcomes) {
      for (ComparedGroup& group : outcome.groups) {
        const Group& g = index.groups[group.group];
        const size_t order = index.groupings[g.grouping].attributes.size();
        PairedDifference& d = group.metrics[m].difference;
        d.margin = MarginOf(options.margins, options.audit.margin,
                            metrics[m]->name, index, group.group);
        families[order].push_back(&d);
      }
    }
    for (const auto& [order, members] : families) {
      std::vector<double> p;
      for (const PairedDifference* d : members) p.push_back(d->p);
      const std::vector<double> adjusted = Holm(p);
      for (size_t k = 0; k < members.size(); ++k) {
        members[k]->p_adjusted = adjusted[k];
        Judge(*metrics[m], options.audit, members[k]);
      }
    }
  }
}

// --- Requirements ------------------------------------------------------------

RequirementResult JudgeRequirement(const CompareInput& input,
                                   const Requirement& requirement, int target,
                                   size_t metric,
                                   const std::vector<ComparedGroup>& groups) {
  const GroupIndex& index = input.rows.groups;
  const bool lower = FindMetric(requirement.metric)->direction ==
                     MetricDirection::kLowerIsBetter;
  const Grouping& grouping =
      index.groupings[FindGrouping(index, requirement.by)];
  std::vector<std::string> inferior;
  std::vector<std::string> unknown;
  int judged = 0;
  for (int k = 0; k < grouping.group_count; ++k) {
    const int g = grouping.first_group + k;
    if (HasMissingLevel(index.groups[g])) continue;
    ++judged;
    const PairedDifference& d = groups[g].metrics[metric].difference;
    const double least_harm = lower ? d.family_lo : -d.family_hi;
    if (d.verdict == NonInferiority::kInferior && least_harm > d.margin) {
      inferior.push_back(index.Name(g));
    } else if (d.verdict != NonInferiority::kNonInferior) {
      unknown.push_back(index.Name(g));
    }
  }
  RequirementResult result{requirement, target, GateOutcome::kMet, ""};
  const auto listed = [](std::vector<std::string> names) {
    constexpr size_t kMost = 5;
    if (names.size() <= kMost) return JoinWords(names);
    const size_t more = names.size() - kMost;
    names.resize(kMost);
    names.push_back(fmt::format("{} more", more));
    return JoinWords(names);
  };
  if (!inferior.empty()) {
    result.outcome = GateOutcome::kFailed;
    result.sentence = fmt::format(
        "{}: failed; inferior in {}{}.", requirement.text, listed(inferior),
        judged > 1 ? fmt::format(" (corrected for {} groups)", judged) : "");
  } else if (!unknown.empty() || judged == 0) {
    result.outcome = GateOutcome::kCannotTell;
    result.sentence =
        fmt::format("{}: cannot be told{}.", requirement.text,
                    unknown.empty() ? "" : " in " + listed(unknown));
  } else {
    result.sentence = fmt::format("{}: met in {} group{}.", requirement.text,
                                  judged, judged == 1 ? "" : "s");
  }
  return result;
}

void JudgeRequirements(const CompareInput& input, const CompareOptions& options,
                       int t, const std::vector<ComparedGroup>& groups,
                       CompareResult* result) {
  for (const Requirement& requirement : options.requirements) {
    const std::string& name = input.target(t, kBaseline).name;
    if (!requirement.target.empty() && requirement.target != name) continue;
    const auto metric = std::find(result->metrics.begin(),
                                  result->metrics.end(), requirement.metric) -
                        result->metrics.begin();
    result->requirements.push_back(
        JudgeRequirement(input, requirement, t, metric, groups));
  }
}

int64_t MostRowsOfASubject(const AuditInput& input) {
  if (input.subjects.empty()) return 1;
  std::vector<int64_t> rows(input.subject_count, 0);
  for (const uint32_t subject : input.subjects) ++rows[subject];
  return *std::max_element(rows.begin(), rows.end());
}

}  // namespace

std::vector<std::string> ComparableMetrics() {
  std::vector<std::string> names;
  for (const Metric& metric : MetricRegistry()) {
    if (metric.family == MetricFamily::kSize ||
        metric.family == MetricFamily::kRegression ||
        metric.id == MetricId::kPrevalence) {
      continue;
    }
    names.emplace_back(metric.name);
  }
  return names;
}

std::vector<std::string> DefaultCompareMetrics() {
  return {"fnr", "fpr", "ppv", "auroc", "auprc", "brier", "ece"};
}

CompareResult CompareModels(const CompareInput& input,
                            const CompareOptions& options) {
  CheckOptions(options.audit);
  CheckMargins(options.margins, input.rows.groups);
  CheckRequirements(input, options);
  CompareOptions used = options;
  used.audit.interval = IntervalMethod::kClosedForm;
  const std::vector<const Metric*> metrics = WantedMetrics(used);
  const std::vector<int> reference = ReferenceGroups(input.rows, used.audit);

  CompareResult result;
  for (const Metric* metric : metrics) {
    result.metrics.emplace_back(metric->name);
  }
  result.clustered = !input.rows.subjects.empty();
  result.subjects =
      result.clustered ? input.rows.subject_count : input.rows.rows;
  result.max_rows_per_subject = MostRowsOfASubject(input.rows);

  const auto targets = static_cast<int64_t>(input.targets());
  std::vector<TargetOutcome> outcomes(targets);
  const auto compare_one = [&](int64_t t) {
    outcomes[t] =
        CompareOne(input, used, metrics, reference, static_cast<int>(t));
  };
  if (targets > 1 && input.rows.rows <= kRowsSideBySide) {
    ParallelFor(targets, used.audit.threads, compare_one);
  } else {
    for (int64_t t = 0; t < targets; ++t) compare_one(t);
  }
  JudgeGroups(input, used, metrics, outcomes);
  for (int64_t t = 0; t < targets; ++t) {
    TargetOutcome& outcome = outcomes[t];
    JudgeRequirements(input, used, static_cast<int>(t), outcome.groups,
                      &result);
    result.targets.push_back(std::move(outcome.target));
    std::move(outcome.groups.begin(), outcome.groups.end(),
              std::back_inserter(result.groups));
    std::move(outcome.gaps.begin(), outcome.gaps.end(),
              std::back_inserter(result.gaps));
  }
  JudgeGapChanges(input, used, result.gaps);
  AddCompareFindings(input, used, result);
  return result;
}

}  // namespace plumbline
