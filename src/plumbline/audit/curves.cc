#include "plumbline/audit/curves.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "plumbline/audit/estimates.h"
#include "plumbline/base/thread_pool.h"
#include "plumbline/stats/normal.h"
#include "plumbline/stats/proportion.h"

namespace plumbline {
namespace {

constexpr int kCalibrationBins = 10;
constexpr std::array kBenefitThresholds = {
    0.01, 0.02, 0.03, 0.05, 0.075, 0.10, 0.15, 0.20, 0.25, 0.30,
    0.35, 0.40, 0.45, 0.50, 0.55,  0.60, 0.70, 0.80, 0.90};

// Groupings with at most one attribute, and a short list of their groups.
struct CurveGroups {
  std::vector<int> groupings;
  std::vector<int> groups;
};

CurveGroups GroupsWithCurves(const AuditInput& input,
                             const AuditOptions& options,
                             const TargetData& data) {
  CurveGroups wanted;
  const auto& groupings = input.groups.groupings;
  for (size_t k = 0; k < groupings.size(); ++k) {
    if (groupings[k].attributes.size() > 1) continue;
    wanted.groupings.push_back(static_cast<int>(k));
    for (int g = 0; g < groupings[k].group_count; ++g) {
      const int group = groupings[k].first_group + g;
      const Confusion& c = data.sums[group].row_counts;
      if (std::min(c.positives(), c.negatives()) >= options.minimum) {
        wanted.groups.push_back(group);
      }
    }
  }
  return wanted;
}

struct CalibrationBin {
  double score = 0;  // the first three are sums of weights
  double positives = 0;
  double weights = 0;
  double squared_weights = 0;
  int64_t rows = 0;
};
using CalibrationBins = std::array<CalibrationBin, kCalibrationBins>;

// The bin of a row, of which and of all rows of higher scores the weight is
// `seen`. Ranked from the highest score: the last bin fills first. A row lies
// where its lower end does.
int BinOf(double seen, const GroupSums& sums, const RankedRows& rows) {
  if (!rows.weighted()) {
    const int64_t rank = sums.rows - static_cast<int64_t>(seen);
    return static_cast<int>(rank * kCalibrationBins / sums.rows);
  }
  constexpr double kSlack = 1e-9;  // of a bin: what rounding may shift
  const double place =
      kCalibrationBins * (1 - seen / sums.counts().all()) + kSlack;
  return std::clamp(static_cast<int>(place), 0, kCalibrationBins - 1);
}

std::vector<CalibrationBins> CollectCalibration(const AuditInput& input,
                                                const TargetData& data,
                                                const CurveGroups& wanted) {
  std::vector<CalibrationBins> bins(input.groups.groups.size());
  std::vector<double> seen(input.groups.groups.size(), 0);
  for (int64_t i = 0; i < data.rows.size(); ++i) {
    for (const int grouping : wanted.groupings) {
      const uint32_t group = input.groups.GroupOf(data.rows.cell(i), grouping);
      const double weight = data.rows.weight(i);
      seen[group] += weight;
      CalibrationBin& bin =
          bins[group][BinOf(seen[group], data.sums[group], data.rows)];
      bin.score += weight * data.rows.scores[i];
      bin.positives += data.rows.positive(i) ? weight : 0;
      bin.weights += weight;
      bin.squared_weights += weight * weight;
      ++bin.rows;
    }
  }
  return bins;
}

std::vector<CalibrationPoint> CalibrationOf(const CalibrationBins& bins,
                                            double cluster_effect,
                                            const AuditOptions& options) {
  std::vector<CalibrationPoint> points;
  for (const CalibrationBin& bin : bins) {
    if (bin.rows == 0) continue;
    const double rows = static_cast<double>(bin.rows);
    const double effect =
        cluster_effect * KishEffect(rows, bin.weights, bin.squared_weights);
    const Interval observed =
        WilsonIntervalOfShare(std::min(1.0, bin.positives / bin.weights),
                              rows / effect, options.level);
    points.push_back({bin.score / bin.weights, observed.value, observed.lo,
                      observed.hi, bin.rows});
  }
  return points;
}

// Sums at one threshold give one point of every group's decision curve.
void AddNetBenefit(const AuditInput& input, const AuditOptions& options,
                   const TargetData& data, const GroupIndex& groups,
                   double threshold, std::vector<NetBenefitPoint>& points) {
  const Metric& metric = *FindMetric("net_benefit");
  const double odds = threshold / (1 - threshold);
  const double z = NormalQuantile(0.5 + options.level / 2);
  const auto sums = SumGroups(data.rows, data.SubjectsOrNull(), groups,
                              data.rows.CountAtLeast(threshold), false);
  points.resize(input.groups.groups.size());
  for (size_t g = 0; g < sums.size(); ++g) {
    if (sums[g].rows == 0) continue;
    const Confusion c = sums[g].counts();
    const double benefit = CountMetric(metric.id, c, odds);
    const double se = std::sqrt(
        LinearisedVariance(sums[g], GradientOf(metric, sums[g], odds)));
    const double prevalence = c.positives() / c.all();
    points[g] = {threshold, benefit, benefit - z * se, benefit + z * se,
                 prevalence - (1 - prevalence) * odds};
  }
}

// The same groups, with only the groupings of at most one attribute: group ids
// stay what they are because these come first.
GroupIndex SingleAttributeGroups(const GroupIndex& groups,
                                 const CurveGroups& wanted) {
  GroupIndex single;
  single.cells = groups.cells;
  for (const int k : wanted.groupings) {
    single.groupings.push_back(groups.groupings[k]);
  }
  const Grouping& last = single.groupings.back();
  single.groups.resize(last.first_group + last.group_count);
  for (int64_t cell = 0; cell < groups.cells; ++cell) {
    for (const int k : wanted.groupings) {
      single.group_of_cell.push_back(
          groups.GroupOf(static_cast<uint32_t>(cell), k));
    }
  }
  return single;
}

}  // namespace

std::vector<CurveResult> Curves(const AuditInput& input,
                                const AuditOptions& options,
                                const TargetData& data) {
  std::vector<CurveResult> curves;
  if (data.hard_decisions) return curves;
  const CurveGroups wanted = GroupsWithCurves(input, options, data);
  if (wanted.groups.empty()) return curves;
  const GroupIndex single = SingleAttributeGroups(input.groups, wanted);
  std::vector<std::vector<NetBenefitPoint>> benefit(kBenefitThresholds.size());
  std::vector<CalibrationBins> calibration;
  ParallelFor(kBenefitThresholds.size() + 1, options.threads, [&](int64_t i) {
    if (i == 0) {
      calibration = CollectCalibration(input, data, wanted);
    } else {
      AddNetBenefit(input, options, data, single, kBenefitThresholds[i - 1],
                    benefit[i - 1]);
    }
  });
  const Metric& prevalence = *FindMetric("prevalence");
  for (const int group : wanted.groups) {
    CurveResult curve;
    curve.target = data.index;
    curve.group = group;
    curve.auroc = data.ranking[group].auroc.auroc;
    curve.roc = data.ranking[group].roc;
    curve.calibration = CalibrationOf(
        calibration[group], ClusterEffect(data, prevalence, data.sums[group]),
        options);
    for (const auto& points : benefit) {
      curve.net_benefit.push_back(points[group]);
    }
    curves.push_back(std::move(curve));
  }
  return curves;
}

}  // namespace plumbline
