#include "plumbline/audit/gap_engine.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <memory>
#include <tuple>

#include "plumbline/audit/estimates.h"
#include "plumbline/audit/gaps.h"
#include "plumbline/audit/group_comparison.h"
#include "plumbline/audit/rest.h"
#include "plumbline/base/error.h"
#include "plumbline/base/text.h"
#include "plumbline/stats/bootstrap.h"
#include "plumbline/stats/heterogeneity.h"
#include "plumbline/stats/inequality.h"
#include "plumbline/stats/multiple_testing.h"
#include "plumbline/stats/normal.h"

namespace plumbline {
namespace {

const double kNan = std::numeric_limits<double>::quiet_NaN();

class GroupingGaps {
 public:
  GroupingGaps(const GapInput& in, int grouping)
      : in_(in),
        grouping_(grouping),
        range_(in.input.groups.groupings[grouping]),
        wanted_(WantedGaps(in.options)),
        rests_(range_.group_count) {
    int64_t subjects = 0;
    for (int g = 0; g < range_.group_count; ++g) {
      subjects += in.data.sums[range_.first_group + g].subjects;
    }
    overlapping_ = subjects > in.data.sums[0].subjects;
  }

  std::vector<GapResult> Run() {
    for (size_t m = 0; m < in_.metrics.size(); ++m) {
      metric_ = in_.metrics[m];
      metric_index_ = m;
      CollectUsable();
      SummaryGaps();
      PairGaps();
    }
    EqualisedOdds();
    if (Wants("amplification")) Amplification();
    return std::move(gaps_);
  }

 private:
  bool Wants(std::string_view measure) const {
    return std::find(wanted_.begin(), wanted_.end(), measure) != wanted_.end();
  }

  const Estimate& At(int group) const { return in_.At(group, metric_index_); }

  bool HasMissingLevel(int group) const {
    const auto& levels = in_.input.groups.groups[group].levels;
    return std::find(levels.begin(), levels.end(), kMissingCode) !=
           levels.end();
  }

  // Groups that take part in max-min and the like; the others with the reason.
  void CollectUsable() {
    usable_.clear();
    estimates_.clear();
    left_out_.clear();
    for (int g = range_.first_group;
         g < range_.first_group + range_.group_count; ++g) {
      const Estimate& e = At(g);
      const char* reason = e.reason;
      if (HasMissingLevel(g)) reason = "missing";
      if (reason == nullptr && !std::isfinite(e.lo + e.hi + e.value)) {
        reason = "unstable";
      }
      if (reason != nullptr) {
        left_out_.emplace_back(g, reason);
      } else {
        usable_.push_back(g);
        estimates_.push_back(&e);
      }
    }
  }

  GapResult NewGap(const char* measure) const {
    GapResult gap;
    gap.target = in_.data.index;
    gap.grouping = grouping_;
    gap.metric = metric_->name;
    gap.measure = measure;
    gap.value = gap.lo = gap.hi = gap.p = gap.p_adjusted = kNan;
    gap.null_expected = gap.null_p95 = gap.smallest_detectable = kNan;
    gap.margin = in_.options.margin;
    return gap;
  }

  GapResult NewSummary(const char* measure) const {
    GapResult gap = NewGap(measure);
    gap.groups_used = static_cast<int>(usable_.size());
    gap.groups_left_out = left_out_;
    for (const Estimate* e : estimates_) {
      gap.n += e->n;
      gap.subjects += e->subjects;
    }
    if (usable_.size() < 2) gap.reason = TooFewReason();
    return gap;
  }

  const char* TooFewReason() const {
    for (const auto& [group, reason] : left_out_) {
      if (std::string_view(reason) == "needs_scores" ||
          std::string_view(reason) == "not_requested") {
        return reason;
      }
    }
    return "below_minimum";
  }

  void SummaryGaps() {
    struct Named {
      const char* measure;
      MetricId metric;
    };
    static constexpr Named kNamed[] = {
        {"demographic_parity", MetricId::kSelectionRate},
        {"equal_opportunity", MetricId::kSensitivity},
        {"predictive_parity", MetricId::kPpv},
        {"calibration_within_groups", MetricId::kCalibrationIntercept},
    };
    GapResult max_min = MaxMin();
    if (Wants("max_min")) gaps_.push_back(max_min);
    for (const Named& named : kNamed) {
      if (named.metric != metric_->id || !Wants(named.measure)) continue;
      gaps_.push_back(max_min);
      gaps_.back().measure = named.measure;
    }
    if (metric_->id == MetricId::kSensitivity ||
        metric_->id == MetricId::kFpr) {
      odds_.push_back(max_min);
    }
    if (Wants("max_ratio") && metric_->family != MetricFamily::kRegression) {
      gaps_.push_back(MaxRatio(max_min));
    }
    if (Wants("heterogeneity")) gaps_.push_back(Heterogeneity());
    if (Wants("gini")) gaps_.push_back(Inequality("gini", Gini));
    if (Wants("theil")) gaps_.push_back(Inequality("theil", TheilIndex));
    if (metric_->id == MetricId::kFnr && Wants("underdiagnosis")) {
      gaps_.push_back(Underdiagnosis(max_min));
    }
  }

  GapResult MaxMin() const {
    GapResult gap = NewSummary("max_min");
    if (gap.reason != nullptr) return gap;
    const uint64_t stream = GapStream(gap.target, grouping_, metric_->id);
    const WorstGroup worst =
        FindWorst(*metric_, estimates_, in_.options, stream);
    if (worst.index >= 0) {
      gap.worst = usable_[worst.index];
      gap.best = usable_[worst.best];
      gap.worst_probability = worst.probability;
    }
    const LargestGap largest =
        FindLargestGap(*metric_, estimates_, worst.index, in_.options, stream);
    Set(largest.gap, gap);
    gap.null_expected = largest.null.expected;
    gap.null_p95 = largest.null.p95;
    gap.smallest_detectable = largest.null.smallest_detectable;
    return gap;
  }

  static void Set(const Comparison& c, GapResult& gap) {
    gap.value = c.value;
    gap.lo = c.lo;
    gap.hi = c.hi;
    gap.p = c.p;
    gap.method = c.method;
    if (!std::isfinite(c.value)) gap.reason = "unstable";
  }

  // Tests the same hypothesis as max_min, so it has its p.
  GapResult MaxRatio(const GapResult& max_min) const {
    GapResult gap = NewSummary("max_ratio");
    gap.margin = 1 + in_.options.margin;
    if (gap.reason != nullptr) return gap;
    Set(FindLargestRatio(estimates_, in_.options), gap);
    gap.p = max_min.p;
    return gap;
  }

  bool AllInsideUnitInterval() const {
    return std::all_of(
        estimates_.begin(), estimates_.end(),
        [](const Estimate* e) { return e->lo > 0 && e->hi < 1; });
  }

  GapResult Heterogeneity() const {
    GapResult gap = NewSummary("heterogeneity");
    gap.margin = kNan;
    if (gap.reason != nullptr) return gap;
    std::vector<double> values;
    std::vector<double> errors;
    double events = 0;
    double trials = 0;
    // An area is nearer to normal on the logit scale.
    const bool logit =
        metric_->family == MetricFamily::kRanking && AllInsideUnitInterval();
    const auto scale = [logit](double x) {
      return logit ? std::log(x / (1 - x)) : x;
    };
    const double z = NormalQuantile(0.5 + in_.options.level / 2);
    for (const Estimate* e : estimates_) {
      values.push_back(scale(e->value));
      errors.push_back((scale(e->hi) - scale(e->lo)) / (2 * z));
      events += e->value * e->n / e->design_effect;
      trials += e->n / e->design_effect;
    }
    if (metric_->family == MetricFamily::kRate) {
      // Under the null all groups share one rate: Pearson's chi-squared.
      const double pooled = events / trials;
      for (size_t g = 0; g < errors.size(); ++g) {
        errors[g] = std::sqrt(pooled * (1 - pooled) *
                              estimates_[g]->design_effect / estimates_[g]->n);
      }
    }
    const HeterogeneityTest test = CochranQ(values, errors);
    gap.value = test.statistic;
    gap.p = test.p;
    gap.method = "cochran_q";
    if (!std::isfinite(test.p)) gap.reason = "unstable";
    return gap;
  }

  template <typename Index>
  GapResult Inequality(const char* measure, const Index& index) const {
    GapResult gap = NewSummary(measure);
    gap.margin = kNan;
    if (gap.reason != nullptr) return gap;
    std::vector<double> values;
    std::vector<double> weights;
    for (const Estimate* e : estimates_) {
      values.push_back(e->value);
      weights.push_back(e->weight);
    }
    gap.value = index(values, weights);
    if (!std::isfinite(gap.value)) gap.reason = "unstable";
    const Replicates& bootstrap = in_.data.bootstrap;
    if (bootstrap.replicates == 0 || !HasReplicates(*metric_)) return gap;
    std::vector<double> replicates(bootstrap.replicates);
    for (int64_t r = 0; r < bootstrap.replicates; ++r) {
      for (size_t g = 0; g < usable_.size(); ++g) {
        values[g] =
            ReplicateMetric(in_.data, bootstrap, *metric_, usable_[g], r);
      }
      replicates[r] = index(values, weights);
    }
    const BootstrapSummary summary =
        PercentileInterval(gap.value, replicates, in_.options.level);
    gap.lo = summary.interval.lo;
    gap.hi = summary.interval.hi;
    gap.method = "percentile_bootstrap";
    return gap;
  }

  GapResult Underdiagnosis(const GapResult& max_min) const {
    GapResult gap = NewSummary("underdiagnosis");
    const int reference = in_.reference[grouping_];
    gap.reference = reference;
    gap.group = gap.worst = max_min.worst;
    gap.worst_probability = max_min.worst_probability;
    if (gap.reason != nullptr) return gap;
    if (reference < 0 || At(reference).reason != nullptr || gap.worst < 0) {
      gap.reason = "below_minimum";
      return gap;
    }
    if (gap.worst == reference) {
      gap.value = gap.lo = gap.hi = 0;
      return gap;
    }
    const Comparison c = Compare(gap.worst, reference);
    Set(c, gap);
    // The worst of several groups was picked: Bonferroni.
    gap.p = std::min(1.0, c.p * std::max<size_t>(1, usable_.size() - 1));
    return gap;
  }

  Comparison Compare(int a, int b) const {
    const Comparison c = Difference(*metric_, At(a), At(b), in_.options);
    if (!overlapping_ || in_.data.bootstrap.replicates == 0 ||
        !HasReplicates(*metric_)) {
      return c;
    }
    const Comparison paired =
        ReplicateDifference(in_.data, *metric_, a, b, c.value, in_.options);
    return std::isfinite(paired.lo + paired.hi + paired.p) ? paired : c;
  }

  void PairGaps() {
    const int reference = in_.reference[grouping_];
    for (int g = range_.first_group;
         g < range_.first_group + range_.group_count; ++g) {
      if (g != reference && reference >= 0) {
        AddPair("difference_reference", "ratio_reference", g, reference, At(g),
                At(reference));
      }
      AddPair("difference_overall", "ratio_overall", g, 0, At(g), At(0));
      if (Wants("difference_rest") || Wants("ratio_rest")) {
        AddPair("difference_rest", "ratio_rest", g, -1, At(g),
                EstimateRest(Rest(g), *metric_, in_.options));
      }
    }
  }

  const TargetData& Rest(int group) {
    auto& rest = rests_[group - range_.first_group];
    if (!rest) rest = std::make_unique<TargetData>(RestOf(in_, group));
    return *rest;
  }

  void AddPair(const char* difference, const char* ratio, int group,
               int reference, const Estimate& a, const Estimate& b) {
    for (const bool is_ratio : {false, true}) {
      const char* measure = is_ratio ? ratio : difference;
      if (!Wants(measure)) continue;
      if (is_ratio && metric_->family == MetricFamily::kRegression) continue;
      GapResult gap = NewGap(measure);
      gap.group = group;
      gap.reference = reference;
      gap.n = a.n;
      gap.subjects = a.subjects;
      if (is_ratio) gap.margin = 1 + in_.options.margin;
      gap.reason = a.reason != nullptr ? a.reason : b.reason;
      if (gap.reason == nullptr) {
        const Comparison c = is_ratio ? RatioOf(*metric_, a, b, in_.options)
                             : reference > 0
                                 ? Compare(group, reference)
                                 : Difference(*metric_, a, b, in_.options);
        Set(c, gap);
      }
      gaps_.push_back(std::move(gap));
    }
  }

  void EqualisedOdds() {
    if (!Wants("equalised_odds") || odds_.size() < 2) return;
    const bool first = odds_[0].value >= odds_[1].value;
    GapResult gap = first ? odds_[0] : odds_[1];
    gap.measure = "equalised_odds";
    for (const GapResult& side : odds_) {
      if (side.reason != nullptr) {
        gap = side;
        gap.measure = "equalised_odds";
        gaps_.push_back(gap);
        return;
      }
    }
    gap.lo = std::max(odds_[0].lo, odds_[1].lo);
    gap.hi = std::max(odds_[0].hi, odds_[1].hi);
    gap.p = std::min(1.0, 2 * std::min(odds_[0].p, odds_[1].p));
    gaps_.push_back(gap);
  }

  // (selection rate - prevalence) is (FP - FN) / n: one mean a group.
  void Amplification() {
    metric_ = FindMetric("selection_rate");
    const bool asked = std::find(in_.metrics.begin(), in_.metrics.end(),
                                 metric_) != in_.metrics.end();
    const int reference = in_.reference[grouping_];
    if (!asked || reference < 0) return;
    for (int g = range_.first_group;
         g < range_.first_group + range_.group_count; ++g) {
      if (g == reference) continue;
      GapResult gap = NewGap("amplification");
      gap.group = g;
      gap.reference = reference;
      const GroupSums& a = in_.data.sums[g];
      const GroupSums& b = in_.data.sums[reference];
      gap.n = a.rows;
      gap.subjects = a.subjects;
      const auto excess = [](const GroupSums& sums) {
        return (sums.sums[kFp] - sums.sums[kFn]) / sums.counts().all();
      };
      const auto variance = [&excess](const GroupSums& sums) {
        const double n = sums.counts().all();
        const double e = excess(sums);
        return LinearisedVariance(sums,
                                  {-e / n, (1 - e) / n, (-1 - e) / n, -e / n});
      };
      const double se = std::sqrt(variance(a) + variance(b));
      if (std::min(a.rows, b.rows) < in_.options.minimum ||
          !std::isfinite(se) || se == 0) {
        gap.reason = se == 0 ? "unstable" : "below_minimum";
      } else {
        gap.value = excess(a) - excess(b);
        const double z = NormalQuantile(0.5 + in_.options.level / 2);
        gap.lo = gap.value - z * se;
        gap.hi = gap.value + z * se;
        gap.p = TwoSidedNormalP(gap.value / se);
        gap.method = "delta";
      }
      gaps_.push_back(std::move(gap));
    }
  }

  const GapInput& in_;
  const int grouping_;
  const Grouping& range_;
  const std::vector<std::string> wanted_;
  std::vector<std::unique_ptr<TargetData>> rests_;  // made when first needed
  bool overlapping_ = false;  // a subject has rows in several groups
  const Metric* metric_ = nullptr;
  size_t metric_index_ = 0;
  std::vector<int> usable_;
  std::vector<const Estimate*> estimates_;
  std::vector<std::pair<int, const char*>> left_out_;
  std::vector<GapResult> odds_;  // max-min of sensitivity and FPR
  std::vector<GapResult> gaps_;
};

const char* OutcomeOf(const GapResult& gap, double alpha) {
  if (gap.measure == "gini" || gap.measure == "theil") return nullptr;
  if (gap.reason != nullptr) return "insufficient";
  const bool ratio = gap.measure.find("ratio") != std::string::npos;
  const double neutral = ratio ? 1 : 0;
  const bool shown = std::isnan(gap.p) ? gap.lo > neutral || gap.hi < neutral
                                       : gap.p_adjusted <= alpha;
  if (shown) return "shown";
  if (gap.measure == "heterogeneity") return "insufficient";
  const double low = ratio ? 1 / gap.margin : -gap.margin;
  return gap.lo > low && gap.hi < gap.margin ? "none_above_margin"
                                             : "insufficient";
}

}  // namespace

uint64_t GapStream(int target, int grouping, MetricId metric) {
  return (static_cast<uint64_t>(target) << 40) +
         (static_cast<uint64_t>(grouping) << 16) +
         static_cast<uint64_t>(metric);
}

std::vector<GapResult> GapsOfGrouping(const GapInput& in, int grouping) {
  return GroupingGaps(in, grouping).Run();
}

void JudgeGaps(const AuditInput& input, const AuditOptions& options,
               std::vector<GapResult>& gaps) {
  std::map<std::tuple<std::string, std::string, size_t>, std::vector<size_t>>
      families;
  for (size_t i = 0; i < gaps.size(); ++i) {
    const size_t order =
        input.groups.groupings[gaps[i].grouping].attributes.size();
    families[{gaps[i].metric, gaps[i].measure, order}].push_back(i);
  }
  for (const auto& [key, members] : families) {
    std::vector<double> p;
    for (const size_t i : members) p.push_back(gaps[i].p);
    const std::vector<double> adjusted = Holm(p);
    for (size_t k = 0; k < members.size(); ++k) {
      gaps[members[k]].p_adjusted = adjusted[k];
    }
  }
  for (GapResult& gap : gaps) gap.outcome = OutcomeOf(gap, 1 - options.level);
}

std::vector<int> ReferenceGroups(const AuditInput& input,
                                 const AuditOptions& options) {
  const GroupIndex& groups = input.groups;
  std::vector<uint32_t> level_of(groups.attributes.size(), kMissingCode);
  for (const Grouping& grouping : groups.groupings) {
    if (grouping.attributes.size() != 1) continue;
    const int attribute = grouping.attributes[0];
    const CategoricalColumn& column = groups.attributes[attribute];
    const auto given = options.reference.find(column.name);
    if (given != options.reference.end() && !given->second.empty()) {
      const auto level =
          std::find(column.levels.begin(), column.levels.end(), given->second);
      if (level == column.levels.end()) {
        throw Error(ErrorCode::kUsage,
                    "--reference {}={}: \"{}\" has no such level{}; its "
                    "levels: {}",
                    column.name, given->second, column.name,
                    DidYouMean(given->second, column.levels),
                    JoinWords(column.levels));
      }
      level_of[attribute] =
          static_cast<uint32_t>(level - column.levels.begin());
      continue;
    }
    int64_t most = -1;
    for (int g = 0; g < grouping.group_count; ++g) {
      const Group& group = groups.groups[grouping.first_group + g];
      if (group.levels[0] != kMissingCode && group.rows > most) {
        most = group.rows;
        level_of[attribute] = group.levels[0];
      }
    }
  }
  std::vector<int> reference(groups.groupings.size(), -1);
  for (size_t k = 0; k < groups.groupings.size(); ++k) {
    const Grouping& grouping = groups.groupings[k];
    std::vector<uint32_t> wanted;
    for (const int a : grouping.attributes) wanted.push_back(level_of[a]);
    for (int g = 0; g < grouping.group_count; ++g) {
      const int group = grouping.first_group + g;
      if (groups.groups[group].levels == wanted) reference[k] = group;
    }
  }
  return reference;
}

std::vector<std::string> WantedGaps(const AuditOptions& options) {
  std::vector<std::string> wanted = options.gaps;
  if (wanted.empty()) {
    for (const GapMeasure& measure : GapRegistry()) {
      if (measure.is_default) wanted.emplace_back(measure.name);
    }
  }
  return wanted;
}

}  // namespace plumbline
