#include "plumbline/audit/target_data.h"

#include <cmath>
#include <limits>
#include <numbers>

#include "plumbline/audit/shared_replicates.h"
#include "plumbline/base/error.h"
#include "plumbline/base/progress.h"
#include "plumbline/base/thread_pool.h"
#include "plumbline/stats/bootstrap.h"

namespace plumbline {
namespace {

constexpr int kEceBins = 15;

// The rule for this very target, else for its model, else for what it looks
// for, else for all.
const ThresholdRule& RuleOf(const AuditTarget& target,
                            const AuditOptions& options) {
  for (const std::string* name :
       {&target.name, &target.score_column, &FindingOf(target)}) {
    const auto own = options.threshold_of_target.find(*name);
    if (own != options.threshold_of_target.end() && IsCalled(target, *name)) {
      return own->second;
    }
  }
  return options.threshold;
}

FittedThreshold DecideThreshold(const AuditInput& input,
                                const AuditTarget& target,
                                const AuditOptions& options,
                                const RankedRows& audited) {
  FittedThreshold fitted;
  fitted.rule = RuleOf(target, options);
  if (target.hard_decisions) {
    fitted.rule = ThresholdRule{};  // decisions are 0 or 1
  }
  if (!fitted.rule.needs_fitting()) {
    fitted.value = fitted.rule.value;
    return fitted;
  }
  RankedRows tuning;
  const bool separate = !input.tuning_rows.empty();
  if (separate) tuning = RankRows(input, target, true, options.threads);
  const RankedRows& rows = separate ? tuning : audited;
  if (!separate && !options.tune_on_audited) {
    throw Error(ErrorCode::kUsage,
                "--at {} must be fitted, and fitting a threshold on the rows "
                "that are audited makes the audit look better than it is; name "
                "other rows with --tune-on COLUMN=VALUE, give a fixed "
                "threshold, or accept it with --tune-on-audited",
                fitted.rule.text);
  }
  std::vector<uint8_t> labels(rows.size());
  for (int64_t i = 0; i < rows.size(); ++i) labels[i] = rows.positive(i);
  fitted.value = FitThreshold(fitted.rule, rows.scores, labels, rows.weights);
  fitted.fitted_on = separate ? "tuning_rows" : "audited_rows";
  fitted.rows = rows.size();
  return fitted;
}

// ECE of all groups over common bins.
std::vector<GroupEce> GroupEces(const RankedRows& rows,
                                const GroupIndex& groups,
                                const std::vector<int64_t>& bin_ends) {
  struct Bin {
    double observed = 0, expected = 0, variance = 0, rows = 0;
  };
  const size_t groupings = groups.groupings.size();
  std::vector<GroupEce> eces(groups.groups.size());
  std::vector<double> totals(groups.groups.size(), 0);
  std::vector<Bin> cells(groups.cells);
  std::vector<Bin> bins(groups.groups.size());
  int64_t begin = 0;
  for (const int64_t end : bin_ends) {
    std::fill(cells.begin(), cells.end(), Bin{});
    std::fill(bins.begin(), bins.end(), Bin{});
    for (int64_t i = begin; i < end; ++i) {
      const double p = rows.scores[i];
      const double weight = rows.weight(i);
      Bin& cell = cells[rows.cell(i)];
      cell.observed += rows.positive(i) ? weight : 0;
      cell.expected += weight * p;
      cell.variance += weight * weight * (p * (1 - p));
      cell.rows += weight;
    }
    for (int64_t c = 0; c < groups.cells; ++c) {
      if (cells[c].rows == 0) continue;
      for (size_t g = 0; g < groupings; ++g) {
        Bin& bin =
            bins[groups.GroupOf(static_cast<uint32_t>(c), static_cast<int>(g))];
        bin.observed += cells[c].observed;
        bin.expected += cells[c].expected;
        bin.variance += cells[c].variance;
        bin.rows += cells[c].rows;
      }
    }
    for (size_t g = 0; g < bins.size(); ++g) {
      eces[g].value += std::abs(bins[g].observed - bins[g].expected);
      eces[g].null_expected +=
          std::sqrt(2 / std::numbers::pi * bins[g].variance);
      totals[g] += bins[g].rows;
    }
    begin = end;
  }
  for (size_t g = 0; g < eces.size(); ++g) {
    eces[g].value /= totals[g];
    eces[g].null_expected /= totals[g];
  }
  return eces;
}

struct AdvanceAtEnd {
  Progress& progress;
  int64_t rows;
  ~AdvanceAtEnd() { progress.Advance(rows); }
};

void RankAllGroups(const AuditInput& input, const AuditOptions& options,
                   const Needs& needs, TargetData& data) {
  const GroupIndex& groups = input.groups;
  data.ranking.resize(groups.groups.size());
  if (needs.calibration) data.calibration.resize(groups.groups.size());
  std::vector<double> logits;
  if (needs.calibration) logits = LogitScores(data.rows);
  const auto groupings = static_cast<int64_t>(groups.groupings.size());
  Progress progress("ranking " + input.targets[data.index].name,
                    2 * groupings * data.rows.size(), "rows");
  // Two kinds of independent pieces: ranking and calibration of a grouping.
  ParallelFor(2 * groupings, options.threads, [&](int64_t piece) {
    const int g = static_cast<int>(piece % groupings);
    const Grouping& grouping = groups.groupings[g];
    const AdvanceAtEnd advance{progress, data.rows.size()};
    if (piece >= groupings) {
      if (!needs.calibration) return;
      auto fits =
          CalibrateGroups(data.rows, logits, data.SubjectsOrNull(), groups, g);
      std::move(fits.begin(), fits.end(),
                data.calibration.begin() + grouping.first_group);
      return;
    }
    const bool curves = grouping.attributes.size() <= 1 && !data.hard_decisions;
    if (!needs.ranking && !curves) return;
    RankingOptions ranking_options;
    ranking_options.roc_points = curves ? 200 : 0;
    auto ranking = RankGroups(data.rows, data.SubjectsOrNull(), groups, g,
                              ranking_options);
    std::move(ranking.begin(), ranking.end(),
              data.ranking.begin() + grouping.first_group);
  });
}

void DrawReplicates(const AuditInput& input, const AuditOptions& options,
                    const Needs& needs, const std::vector<int64_t>& bin_ends,
                    TargetData& data) {
  SweepOptions sweep;
  sweep.replicates = options.replicates;
  sweep.seed = options.seed;
  sweep.auroc = needs.ranking;
  sweep.average_precision = needs.average_precision;
  if (needs.ece) sweep.bin_ends = bin_ends;
  sweep.flagged = data.flagged;
  sweep.refit = data.refitted ? &data.threshold.rule : nullptr;
  sweep.threads = options.threads;
  sweep.processes = options.processes;
  const int64_t blocks =
      (options.replicates + kBootstrapLanes - 1) / kBootstrapLanes;
  Progress progress(
      "resampling " + input.targets[data.index].name,
      OwnBlocks(options.processes, blocks).size() * data.rows.size(), "rows");
  data.bootstrap = Sweep(data.rows, input.groups, sweep,
                         [&](int64_t rows) { progress.Advance(rows); });
  if (options.interval == IntervalMethod::kBca) {
    sweep.resampling = Resampling::kGroupedJackknife;
    data.jackknife = Sweep(data.rows, input.groups, sweep);
  }
}

}  // namespace

double TargetData::threshold_odds() const {
  const double t = threshold.value;
  return t >= 0 && t < 1 ? t / (1 - t)
                         : std::numeric_limits<double>::infinity();
}

Needs NeedsOf(const std::vector<const Metric*>& metrics) {
  Needs needs;
  for (const Metric* metric : metrics) {
    needs.ranking |= metric->id == MetricId::kAuroc;
    needs.average_precision |= metric->id == MetricId::kAuprc;
    needs.sums_of_scores |= metric->family == MetricFamily::kSums;
    needs.ece |= metric->family == MetricFamily::kBinned;
    needs.calibration |= metric->family == MetricFamily::kRegression;
  }
  needs.ranking |= needs.average_precision;
  return needs;
}

TargetData PrepareTarget(const AuditInput& input, int target,
                         const AuditOptions& options,
                         const std::vector<const Metric*>& metrics) {
  const AuditTarget& audited = input.targets[target];
  Needs needs = NeedsOf(metrics);
  if (audited.hard_decisions) needs = Needs{};
  TargetData data;
  data.index = target;
  data.clustered = !input.subjects.empty();
  data.hard_decisions = audited.hard_decisions;
  data.rows = RankRows(input, audited, false, options.threads);
  if (data.rows.size() == 0) {
    throw Error(ErrorCode::kInvalidInput,
                "target {}: no row has both a label (column \"{}\") and a "
                "score (column \"{}\"){}; there is nothing to audit",
                audited.name, audited.label_column, audited.score_column,
                input.weights.empty() ? "" : " and a weight above 0");
  }
  data.threshold = DecideThreshold(input, audited, options, data.rows);
  data.flagged = data.rows.CountAtLeast(data.threshold.value);
  data.refitted = std::string_view(data.threshold.fitted_on) == "audited_rows";
  if (data.clustered) {
    data.subjects = GroupBySubject(data.rows, input.subject_count);
  }
  data.sums = SumGroups(data.rows, data.SubjectsOrNull(), input.groups,
                        data.flagged, needs.sums_of_scores, options.threads);
  RankAllGroups(input, options, needs, data);
  std::vector<int64_t> bin_ends;
  if (needs.ece) {
    bin_ends = EqualCountBins(data.rows, kEceBins);
    data.ece = GroupEces(data.rows, input.groups, bin_ends);
  }
  if (options.replicates > 0) {
    DrawReplicates(input, options, needs, bin_ends, data);
  }
  return data;
}

double GroupCountMetric(const Metric& metric, const GroupSums& sums,
                        const Confusion& counts, double threshold_odds) {
  const bool adds_half_a_row =
      metric.id == MetricId::kDPrime || metric.id == MetricId::kCriterionC;
  return CountMetric(metric.id, adds_half_a_row ? InRows(sums, counts) : counts,
                     threshold_odds);
}

double ReplicateMetric(const TargetData& data, const Replicates& replicates,
                       const Metric& metric, int group, int64_t r) {
  const size_t at = static_cast<size_t>(group) * replicates.stride + r;
  const auto value_or_nan = [at](const std::vector<double>& values) {
    return values.empty() ? std::numeric_limits<double>::quiet_NaN()
                          : values[at];
  };
  switch (metric.id) {
    case MetricId::kAuroc:
      return value_or_nan(replicates.auroc);
    case MetricId::kAuprc:
      return value_or_nan(replicates.average_precision);
    case MetricId::kEce:
      return value_or_nan(replicates.ece);
    default:
      return GroupCountMetric(metric, data.sums[group], replicates.Counts(at),
                              data.threshold_odds());
  }
}

std::vector<double> ReplicatesOf(const TargetData& data,
                                 const Replicates& replicates,
                                 const Metric& metric, int group) {
  std::vector<double> values(replicates.replicates);
  for (int64_t r = 0; r < replicates.replicates; ++r) {
    values[r] = ReplicateMetric(data, replicates, metric, group, r);
  }
  return values;
}

}  // namespace plumbline
