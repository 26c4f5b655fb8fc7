#include "plumbline/audit/audit.h"

#include <algorithm>
#include <cmath>

#include "plumbline/audit/case_mix_audit.h"
#include "plumbline/audit/curves.h"
#include "plumbline/audit/estimates.h"
#include "plumbline/audit/find_slices.h"
#include "plumbline/audit/findings.h"
#include "plumbline/audit/gap_engine.h"
#include "plumbline/audit/gaps.h"
#include "plumbline/audit/gate_judge.h"
#include "plumbline/audit/metrics.h"
#include "plumbline/audit/missingness.h"
#include "plumbline/audit/multiclass.h"
#include "plumbline/audit/target_data.h"
#include "plumbline/audit/weights.h"
#include "plumbline/base/error.h"
#include "plumbline/base/text.h"
#include "plumbline/base/thread_pool.h"

namespace plumbline {
namespace {

// Up to this many rows, targets are worked on side by side; above, one after
// the other, each with all threads, so that memory stays that of one target.
constexpr int64_t kRowsSideBySide = 500000;

constexpr int kFewestReplicates = 50;

void CheckOptions(const AuditOptions& options) {
  const auto require = [](bool good, const char* what, const auto& found) {
    if (!good) {
      throw Error(ErrorCode::kUsage, "{}, found {}", what, found);
    }
  };
  require(options.level > 0.5 && options.level < 1,
          "--level must lie between 0.5 and 1 (0.95 is usual)", options.level);
  require(options.margin > 0, "--margin must be above 0", options.margin);
  require(options.minimum >= 1, "--minimum must be at least 1",
          options.minimum);
  require(options.replicates == 0 || options.replicates >= kFewestReplicates,
          "--replicates must be 0 (closed forms only) or at least 50",
          options.replicates);
  std::vector<std::string> known;
  for (const GapMeasure& measure : GapRegistry()) {
    known.emplace_back(measure.name);
  }
  for (const std::string& name : options.gaps) {
    if (FindGapMeasure(name) == nullptr) {
      throw Error(ErrorCode::kUsage,
                  "--gaps: there is no measure \"{}\"{}; "
                  "measures: {}",
                  name, DidYouMean(name, known), JoinWords(known));
    }
  }
}

// The wanted metrics in registry order, with those that gates need.
std::vector<const Metric*> WantedMetrics(const AuditOptions& options) {
  std::vector<std::string> known;
  for (const Metric& metric : MetricRegistry()) known.emplace_back(metric.name);
  std::vector<std::string> wanted = options.metrics;
  if (!wanted.empty()) {
    for (const Gate& gate : options.gates) wanted.push_back(gate.metric);
  }
  for (std::string& name : wanted) {
    const Metric* metric = FindMetric(name);
    if (metric == nullptr) {
      throw Error(ErrorCode::kUsage,
                  "--metrics: there is no metric \"{}\"{}; metrics: {}", name,
                  DidYouMean(name, known), JoinWords(known));
    }
    name = metric->name;
  }
  std::vector<const Metric*> metrics;
  for (const Metric& metric : MetricRegistry()) {
    if (metric.family == MetricFamily::kSize) continue;
    if (wanted.empty() ||
        std::find(wanted.begin(), wanted.end(), metric.name) != wanted.end()) {
      metrics.push_back(&metric);
    }
  }
  return metrics;
}

// Everything about one target.
struct TargetOutcome {
  TargetResult target;
  std::vector<GroupResult> groups;
  std::vector<GapResult> gaps;
  std::vector<CurveResult> curves;
  std::vector<MissingnessResult> missingness;
  std::vector<CaseMixResult> case_mix;
  std::vector<GateResult> gates;
  bool few_scores = false;
};

bool TakesTwoValuesAtMost(const RankedRows& rows) {
  const int64_t first = rows.TieEnd(0);
  return first == rows.size() || rows.TieEnd(first) == rows.size();
}

TargetResult Describe(const AuditInput& input, const TargetData& data) {
  const AuditTarget& target = input.targets[data.index];
  TargetResult result;
  result.name = target.name;
  result.rows = data.rows.size();
  result.positives = data.rows.positives;
  const Confusion everyone = data.sums[0].counts();
  result.prevalence = everyone.positives() / everyone.all();
  result.threshold = data.threshold;
  for (int64_t row = 0; row < input.rows; ++row) {
    if (!IsAudited(input, row)) continue;
    result.missing_labels += target.labels[row] == kMissingLabel;
    result.missing_scores +=
        target.labels[row] != kMissingLabel && std::isnan(target.scores[row]);
  }
  return result;
}

std::vector<GroupResult> EstimateGroups(
    const AuditInput& input, const AuditOptions& options,
    const std::vector<const Metric*>& metrics, const TargetData& data) {
  std::vector<GroupResult> groups(input.groups.groups.size());
  ParallelFor(
      static_cast<int64_t>(groups.size()), options.threads, [&](int64_t g) {
        GroupResult& group = groups[g];
        const GroupSums& sums = data.sums[g];
        group.target = data.index;
        group.group = static_cast<int>(g);
        group.n = sums.rows;
        group.subjects = sums.subjects;
        group.events = static_cast<int64_t>(sums.row_counts.positives());
        const Confusion c = sums.counts();
        group.prevalence = c.positives() / c.all();
        group.weight_sum = c.all() * data.rows.weight_unit;
        group.effective_n = static_cast<double>(sums.rows) / KishEffect(sums);
        for (const Metric* metric : metrics) {
          group.metrics.push_back(
              EstimateMetric(data, *metric, static_cast<int>(g), options));
        }
      });
  return groups;
}

TargetOutcome AuditOne(const AuditInput& input, const AuditOptions& options,
                       const std::vector<const Metric*>& metrics,
                       const std::vector<int>& reference,
                       const CaseMixPlan& case_mix, int index) {
  TargetOutcome outcome;
  const TargetData data = PrepareTarget(input, index, options, metrics);
  outcome.target = Describe(input, data);
  outcome.few_scores = !data.hard_decisions && TakesTwoValuesAtMost(data.rows);
  outcome.groups = EstimateGroups(input, options, metrics, data);
  const GapInput gap_input{input, options,        metrics,
                           data,  outcome.groups, reference};
  const auto groupings = static_cast<int64_t>(input.groups.groupings.size());
  std::vector<std::vector<GapResult>> gaps(groupings);
  ParallelFor(groupings - 1, options.threads, [&](int64_t k) {
    gaps[k] = GapsOfGrouping(gap_input, static_cast<int>(k) + 1);
  });
  for (auto& of_grouping : gaps) {
    std::move(of_grouping.begin(), of_grouping.end(),
              std::back_inserter(outcome.gaps));
  }
  outcome.gates = JudgeGates(gap_input);
  outcome.curves = Curves(input, options, data);
  outcome.missingness = Missingness(input, options, metrics, data);
  outcome.case_mix =
      CaseMixOf(input, options, metrics, case_mix, reference, data);
  return outcome;
}

// Subjects by level, and subjects that have rows in several levels.
void CountSubjects(const AuditInput& input, int attribute,
                   AttributeSummary& summary) {
  const CodeVector& codes = input.groups.attributes[attribute].codes;
  const uint32_t none = kMissingCode - 1;
  std::vector<uint32_t> level_of(input.subject_count, none);
  std::vector<uint8_t> several(input.subject_count, 0);
  std::vector<std::pair<uint32_t, uint32_t>> extra;  // level, subject
  const auto count = [&summary](uint32_t level) {
    for (AttributeSummary::Level& l : summary.levels) {
      if (l.level == level) ++l.subjects;
    }
  };
  for (int64_t row = 0; row < input.rows; ++row) {
    const uint32_t subject = input.subjects[row];
    const uint32_t level = codes[row];
    if (level_of[subject] == none) {
      level_of[subject] = level;
    } else if (level_of[subject] != level) {
      several[subject] = 1;
      extra.emplace_back(level, subject);
    }
  }
  std::vector<int64_t> subjects(summary.levels.size() + 1, 0);
  std::sort(extra.begin(), extra.end());
  extra.erase(std::unique(extra.begin(), extra.end()), extra.end());
  for (const auto& [level, subject] : extra) count(level);
  for (const uint32_t level : level_of) {
    if (level == none) continue;
    ++subjects[level == kMissingCode ? summary.levels.size() : level];
  }
  for (AttributeSummary::Level& l : summary.levels) {
    l.subjects +=
        subjects[l.level == kMissingCode ? summary.levels.size() : l.level];
  }
  summary.subjects_in_several_groups =
      std::count(several.begin(), several.end(), 1);
}

std::vector<AttributeSummary> DescribeAttributes(
    const AuditInput& input, const std::vector<int>& reference) {
  std::vector<AttributeSummary> attributes;
  for (size_t k = 0; k < input.groups.groupings.size(); ++k) {
    const Grouping& grouping = input.groups.groupings[k];
    if (grouping.attributes.size() != 1) continue;
    const int a = grouping.attributes[0];
    const CategoricalColumn& column = input.groups.attributes[a];
    AttributeSummary summary;
    summary.name = column.name;
    for (int g = 0; g < grouping.group_count; ++g) {
      const Group& group = input.groups.groups[grouping.first_group + g];
      summary.levels.push_back({group.levels[0], group.rows, 0});
      if (group.levels[0] == kMissingCode) summary.missing_rows = group.rows;
    }
    if (reference[k] >= 0) {
      summary.reference =
          column.levels[input.groups.groups[reference[k]].levels[0]];
    }
    if (input.subjects.empty()) {
      for (auto& level : summary.levels) level.subjects = level.rows;
    } else {
      CountSubjects(input, a, summary);
    }
    for (const auto& level : summary.levels) {
      if (level.level == kMissingCode) {
        summary.missing_subjects = level.subjects;
      }
    }
    attributes.push_back(std::move(summary));
  }
  return attributes;
}

int64_t MostRowsOfASubject(const AuditInput& input) {
  if (input.subjects.empty()) return 1;
  std::vector<uint32_t> rows(input.subject_count, 0);
  for (const uint32_t subject : input.subjects) ++rows[subject];
  return rows.empty() ? 0 : *std::max_element(rows.begin(), rows.end());
}

void Append(TargetOutcome&& from, std::vector<uint8_t>& few_scores,
            AuditResult& result) {
  const auto append = [](auto& source, auto& to) {
    std::move(source.begin(), source.end(), std::back_inserter(to));
  };
  result.targets.push_back(std::move(from.target));
  append(from.groups, result.groups);
  append(from.gaps, result.gaps);
  append(from.curves, result.curves);
  append(from.missingness, result.missingness);
  append(from.case_mix, result.case_mix);
  append(from.gates, result.gates);
  few_scores.push_back(from.few_scores);
}

}  // namespace

AuditResult Audit(const AuditInput& input, const AuditOptions& options) {
  CheckOptions(options);
  CheckWeights(input);
  CheckGates(input, options);
  const std::vector<const Metric*> metrics = WantedMetrics(options);
  const std::vector<int> reference = ReferenceGroups(input, options);
  const CaseMixPlan case_mix = PlanCaseMix(input, options);

  AuditResult result;
  for (const Metric* metric : metrics)
    result.metrics.emplace_back(metric->name);
  result.clustered = !input.subjects.empty();
  result.subjects = result.clustered ? input.subject_count : input.rows;
  result.max_rows_per_subject = MostRowsOfASubject(input);
  result.attributes = DescribeAttributes(input, reference);

  const auto targets = static_cast<int64_t>(input.targets.size());
  std::vector<TargetOutcome> outcomes(targets);
  const auto audit_one = [&](int64_t t) {
    outcomes[t] = AuditOne(input, options, metrics, reference, case_mix,
                           static_cast<int>(t));
  };
  // Processes that share a target have to work on the same one.
  const bool shared =
      options.processes != nullptr && options.processes->size() > 1;
  if (targets > 1 && input.rows <= kRowsSideBySide && !shared) {
    ParallelFor(targets, options.threads, audit_one);
  } else {
    for (int64_t t = 0; t < targets; ++t) audit_one(t);
  }
  std::vector<uint8_t> few_scores;
  for (TargetOutcome& outcome : outcomes) {
    Append(std::move(outcome), few_scores, result);
  }
  JudgeGaps(input, options, result.gaps);
  for (size_t m = 0; m < input.multiclass.size(); ++m) {
    result.multiclass.push_back(
        AuditMulticlass(input, static_cast<int>(m), options));
  }
  JudgeCaseMix(options, result.case_mix);
  FindSlices(input, options, result);
  AddFindings(input, options, few_scores, result);
  return result;
}

}  // namespace plumbline
