#include "plumbline/audit/compare/gap_change.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <tuple>

#include "plumbline/audit/estimates.h"
#include "plumbline/audit/gap_engine.h"
#include "plumbline/audit/group_comparison.h"
#include "plumbline/stats/bootstrap.h"
#include "plumbline/stats/multiple_testing.h"
#include "plumbline/stats/normal.h"
#include "plumbline/stats/proportion.h"

namespace plumbline {
namespace {

const double kNan = std::numeric_limits<double>::quiet_NaN();

class GroupingChanges {
 public:
  GroupingChanges(const GapChangeInput& in, int grouping)
      : in_(in),
        grouping_(grouping),
        range_(in.input.rows.groups.groupings[grouping]) {
    int64_t subjects = 0;
    for (int g = 0; g < range_.group_count; ++g) {
      subjects += in.data.sums[range_.first_group + g].subjects;
    }
    overlapping_ = subjects > in.data.sums[0].subjects;
  }

  std::vector<GapChange> Run() {
    for (size_t m = 0; m < in_.metrics.size(); ++m) {
      metric_ = in_.metrics[m];
      index_ = m;
      CollectUsable();
      gaps_.push_back(LargestGapChange());
      for (int g = range_.first_group;
           g < range_.first_group + range_.group_count; ++g) {
        const int reference = in_.reference[grouping_];
        if (reference >= 0 && g != reference) {
          gaps_.push_back(PairChange(g, reference));
        }
      }
    }
    return std::move(gaps_);
  }

 private:
  const ComparedMetric& At(int group) const {
    return in_.groups[group].metrics[index_];
  }
  const AuditOptions& audit() const { return in_.options.audit; }

  bool HasMissingLevel(int group) const {
    const auto& levels = in_.input.rows.groups.groups[group].levels;
    return std::find(levels.begin(), levels.end(), kMissingCode) !=
           levels.end();
  }

  static bool HasInterval(const Estimate& e) {
    return e.reason == nullptr && std::isfinite(e.value + e.lo + e.hi);
  }

  void CollectUsable() {
    usable_.clear();
    for (int g = range_.first_group;
         g < range_.first_group + range_.group_count; ++g) {
      if (!HasMissingLevel(g) && HasInterval(At(g).models[0]) &&
          HasInterval(At(g).models[1])) {
        usable_.push_back(g);
      }
    }
  }

  GapChange NewChange(const char* measure) const {
    GapChange change;
    change.target = in_.target;
    change.grouping = grouping_;
    change.metric = metric_->name;
    change.measure = measure;
    for (ModelGap& model : change.models) {
      model.value = model.lo = model.hi = model.null_expected = kNan;
    }
    change.value = change.lo = change.hi = kNan;
    change.p = change.p_adjusted = change.bias = kNan;
    change.margin = MarginOf(in_.options.margins, audit().margin, metric_->name,
                             in_.input.rows.groups, 0);
    return change;
  }

  ModelGap GapOfModel(int model) const {
    std::vector<const Estimate*> estimates;
    for (const int g : usable_) estimates.push_back(&At(g).models[model]);
    const LargestGap largest =
        FindLargestGap(*metric_, estimates, -1, audit(),
                       GapStream(in_.target, grouping_, metric_->id));
    const auto by_value = [](const Estimate* a, const Estimate* b) {
      return a->value < b->value;
    };
    const auto lowest =
        std::min_element(estimates.begin(), estimates.end(), by_value);
    const auto highest =
        std::max_element(estimates.begin(), estimates.end(), by_value);
    ModelGap gap{largest.gap.value, largest.gap.lo, largest.gap.hi,
                 largest.null.expected};
    gap.worst = usable_[highest - estimates.begin()];
    gap.best = usable_[lowest - estimates.begin()];
    if (metric_->direction == MetricDirection::kHigherIsBetter) {
      std::swap(gap.worst, gap.best);
    } else if (metric_->direction != MetricDirection::kLowerIsBetter) {
      gap.worst = gap.best = -1;
    }
    return gap;
  }

  GapChange LargestGapChange() const {
    GapChange change = NewChange("max_min");
    change.groups_used = static_cast<int>(usable_.size());
    if (usable_.size() < 2) {
      change.reason = "below_minimum";
      return change;
    }
    for (int model : {kBaseline, kChallenger}) {
      change.models[model] = GapOfModel(model);
    }
    change.value = change.models[1].value - change.models[0].value;
    if (!HasReplicates(*metric_)) {
      change.reason = "no_replicates";
    } else if (audit().replicates == 0) {
      change.reason = "not_requested";
    } else {
      SetBootstrap(MaxMinReplicates(), true, &change);
    }
    return change;
  }

  double MaxMinOfReplicate(int model, int64_t r) const {
    double lowest = std::numeric_limits<double>::infinity();
    double highest = -lowest;
    const TargetData& data = in_.data.models[model];
    for (const int g : usable_) {
      const double value =
          ReplicateMetric(data, data.bootstrap, *metric_, g, r);
      if (std::isnan(value)) return kNan;
      lowest = std::min(lowest, value);
      highest = std::max(highest, value);
    }
    return highest - lowest;
  }

  std::vector<double> MaxMinReplicates() const {
    std::vector<double> changes(audit().replicates);
    for (size_t r = 0; r < changes.size(); ++r) {
      const auto at = static_cast<int64_t>(r);
      changes[r] =
          MaxMinOfReplicate(kChallenger, at) - MaxMinOfReplicate(kBaseline, at);
    }
    return changes;
  }

  std::vector<double> PairReplicates(int group, int reference) const {
    std::vector<double> changes(audit().replicates);
    for (size_t r = 0; r < changes.size(); ++r) {
      const auto difference = [&](int g) {
        const auto value = [&](int model) {
          const TargetData& data = in_.data.models[model];
          return ReplicateMetric(data, data.bootstrap, *metric_, g,
                                 static_cast<int64_t>(r));
        };
        return value(kChallenger) - value(kBaseline);
      };
      changes[r] = difference(group) - difference(reference);
    }
    return changes;
  }

  // value +- z standard errors of the replicates.
  void SetBootstrap(const std::vector<double>& replicates, bool with_bias,
                    GapChange* change) const {
    const BootstrapSummary summary =
        PercentileInterval(change->value, replicates, audit().level);
    if (!(summary.standard_error > 0) ||
        !std::isfinite(summary.standard_error + summary.interval.lo)) {
      change->reason = "unstable";
      if (summary.standard_error == 0 && change->value == 0) change->p = 1;
      return;
    }
    const double reach = TwoSidedZ(audit().level) * summary.standard_error;
    change->lo = change->value - reach;
    change->hi = change->value + reach;
    change->p = TwoSidedNormalP(change->value / summary.standard_error);
    change->method = "paired_bootstrap";
    if (!with_bias) return;
    double sum = 0;
    for (const double r : replicates) sum += std::isnan(r) ? 0 : r;
    change->bias = sum / static_cast<double>(summary.defined) - change->value;
  }

  GapChange PairChange(int group, int reference) const {
    GapChange change = NewChange("difference_reference");
    change.group = group;
    change.reference = reference;
    change.groups_used = 2;
    const PairedDifference& a = At(group).difference;
    const PairedDifference& b = At(reference).difference;
    for (int model : {kBaseline, kChallenger}) {
      const Estimate& of_group = At(group).models[model];
      const Estimate& of_reference = At(reference).models[model];
      ModelGap& gap = change.models[model];
      gap.value = of_group.value - of_reference.value;
      if (!HasInterval(of_group) || !HasInterval(of_reference)) continue;
      const Comparison c =
          Difference(*metric_, of_group, of_reference, audit());
      gap.lo = c.lo;
      gap.hi = c.hi;
    }
    change.value = a.value - b.value;
    for (const PairedDifference* d : {&a, &b}) {
      if (change.reason == nullptr) change.reason = d->reason;
    }
    if (change.reason != nullptr) return change;
    if (overlapping_ && audit().replicates > 0 && HasReplicates(*metric_)) {
      SetBootstrap(PairReplicates(group, reference), false, &change);
      return change;
    }
    const Interval joined =
        NewcombeDifference({a.value, a.lo, a.hi}, {b.value, b.lo, b.hi});
    change.lo = joined.lo;
    change.hi = joined.hi;
    const double error = std::hypot(WorkingError(a), WorkingError(b));
    const int64_t subjects = std::min(a.subjects, b.subjects);
    change.p = TwoSidedStudentP(
        change.value / error,
        static_cast<double>(std::max<int64_t>(1, subjects - 1)));
    change.method = "mover";
    return change;
  }

  // Never 0: from the interval where the models agree.
  double WorkingError(const PairedDifference& d) const {
    const double from_width = (d.hi - d.lo) / (2 * TwoSidedZ(audit().level));
    return d.standard_error > 0 ? d.standard_error : from_width;
  }

  const GapChangeInput& in_;
  const int grouping_;
  const Grouping& range_;
  bool overlapping_ = false;  // a subject has rows in several groups
  const Metric* metric_ = nullptr;
  size_t index_ = 0;
  std::vector<int> usable_;
  std::vector<GapChange> gaps_;
};

const char* OutcomeOf(const GapChange& change, double alpha) {
  if (change.reason != nullptr) return "cannot_tell";
  if (change.p_adjusted <= alpha) {
    const ModelGap& before = change.models[0];
    const ModelGap& after = change.models[1];
    if ((before.lo > 0 && after.hi < 0) || (before.hi < 0 && after.lo > 0)) {
      return "reversed";
    }
    const bool grew = std::abs(after.value) > std::abs(before.value);
    if (before.value * after.value < 0) {
      return grew && (after.lo > 0 || after.hi < 0) ? "widened" : "shifted";
    }
    return grew ? "widened" : "narrowed";
  }
  return change.lo > -change.margin && change.hi < change.margin
             ? "no_change_above_margin"
             : "cannot_tell";
}

}  // namespace

std::vector<GapChange> GapChangesOf(const GapChangeInput& in, int grouping) {
  return GroupingChanges(in, grouping).Run();
}

void JudgeGapChanges(const CompareInput& input, const CompareOptions& options,
                     std::vector<GapChange>& gaps) {
  std::map<std::tuple<std::string, std::string, size_t>, std::vector<size_t>>
      families;
  for (size_t i = 0; i < gaps.size(); ++i) {
    const size_t order =
        input.rows.groups.groupings[gaps[i].grouping].attributes.size();
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
  for (GapChange& change : gaps) {
    change.outcome = OutcomeOf(change, 1 - options.audit.level);
  }
}

}  // namespace plumbline
