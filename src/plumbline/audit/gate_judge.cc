#include "plumbline/audit/gate_judge.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>

#include "plumbline/audit/estimates.h"
#include "plumbline/audit/group_comparison.h"
#include "plumbline/base/error.h"
#include "plumbline/base/text.h"
#include "plumbline/stats/normal.h"
#include "plumbline/stats/proportion.h"

namespace plumbline {
namespace {

// -1 if these attributes are not crossed in the audit.
int FindGrouping(const GroupIndex& groups, const std::vector<std::string>& by) {
  const std::set<std::string> wanted(by.begin(), by.end());
  for (size_t k = 0; k < groups.groupings.size(); ++k) {
    std::set<std::string> names;
    for (const int a : groups.groupings[k].attributes) {
      names.insert(groups.attributes[a].name);
    }
    if (names == wanted) return static_cast<int>(k);
  }
  return -1;
}

struct UsableGroups {
  std::vector<const Estimate*> estimates;
  std::vector<int> groups;
  bool left_out = false;  // a known group that could not be estimated
};

UsableGroups Usable(const GapInput& in, int grouping, size_t metric) {
  UsableGroups usable;
  const Grouping& range = in.input.groups.groupings[grouping];
  for (int k = 0; k < range.group_count; ++k) {
    const int g = range.first_group + k;
    const auto& levels = in.input.groups.groups[g].levels;
    if (std::find(levels.begin(), levels.end(), kMissingCode) != levels.end()) {
      continue;
    }
    const Estimate& e = in.At(g, metric);
    if (e.reason != nullptr || !std::isfinite(e.lo + e.hi)) {
      usable.left_out = true;
      continue;
    }
    usable.estimates.push_back(&e);
    usable.groups.push_back(g);
  }
  return usable;
}

// The worst group's value: the interval of the extreme of several groups,
// simultaneous by Bonferroni.
Comparison Worst(const Metric& metric, const UsableGroups& usable,
                 const AuditOptions& options) {
  const bool largest = metric.direction == MetricDirection::kLowerIsBetter;
  const double groups = static_cast<double>(usable.estimates.size());
  const double level = 1 - (1 - options.level) / groups;
  const double stretch =
      NormalQuantile(0.5 + level / 2) / NormalQuantile(0.5 + options.level / 2);
  Comparison worst;
  bool first = true;
  for (const Estimate* e : usable.estimates) {
    double lo = e->value - (e->value - e->lo) * stretch;
    double hi = e->value + (e->hi - e->value) * stretch;
    if (metric.family == MetricFamily::kRate && e->events >= 0) {
      const Interval wilson =
          WilsonIntervalOfShare(e->value, e->n / e->design_effect, level);
      lo = wilson.lo;
      hi = wilson.hi;
    }
    const auto extreme = [&](double a, double b) {
      return first ? b : largest ? std::max(a, b) : std::min(a, b);
    };
    worst.value = extreme(worst.value, e->value);
    worst.lo = extreme(worst.lo, lo);
    worst.hi = extreme(worst.hi, hi);
    first = false;
  }
  return worst;
}

std::string Sentence(const GateResult& result, bool left_out) {
  const char* outcome = result.outcome == GateOutcome::kMet ? "met"
                        : result.outcome == GateOutcome::kFailed
                            ? "failed"
                            : "cannot be told";
  if (!std::isfinite(result.value)) {
    return fmt::format("{}: {}; fewer than two groups can be estimated.",
                       result.gate.text, outcome);
  }
  return fmt::format("{}: {}; found {:.4g}, interval {:.4g} to {:.4g}{}.",
                     result.gate.text, outcome, result.value, result.lo,
                     result.hi,
                     left_out ? "; a group is too small to be estimated and "
                                "could be worse"
                              : "");
}

GateResult JudgeOne(const GapInput& in, const Gate& gate) {
  GateResult result;
  result.gate = gate;
  result.target = in.data.index;
  result.value = result.lo = result.hi =
      std::numeric_limits<double>::quiet_NaN();
  const int grouping = FindGrouping(in.input.groups, gate.by);
  const Metric* metric = FindMetric(gate.metric);
  const auto at = std::find(in.metrics.begin(), in.metrics.end(), metric);
  const UsableGroups usable =
      Usable(in, grouping, static_cast<size_t>(at - in.metrics.begin()));
  const size_t needed = gate.kind == GateKind::kWorst ? 1 : 2;
  if (usable.estimates.size() >= needed) {
    const Comparison c =
        gate.kind == GateKind::kWorst ? Worst(*metric, usable, in.options)
        : gate.kind == GateKind::kRatio
            ? FindLargestRatio(usable.estimates, in.options)
            : FindLargestGap(*metric, usable.estimates, -1, in.options,
                             GapStream(result.target, grouping, metric->id))
                  .gap;
    result.value = c.value;
    result.lo = c.lo;
    result.hi = c.hi;
  }
  result.outcome = JudgeGate(gate, result.lo, result.hi);
  // A limit is not met while some group is unknown.
  if (usable.left_out && result.outcome == GateOutcome::kMet) {
    result.outcome = GateOutcome::kCannotTell;
  }
  result.sentence = Sentence(result, usable.left_out);
  return result;
}

}  // namespace

void CheckGates(const AuditInput& input, const AuditOptions& options) {
  std::vector<std::string> targets;
  for (const AuditTarget& target : input.targets) {
    targets.push_back(target.name);
  }
  for (const Gate& gate : options.gates) {
    const bool known = std::any_of(input.targets.begin(), input.targets.end(),
                                   [&gate](const AuditTarget& target) {
                                     return IsCalled(target, gate.target);
                                   });
    if (!gate.target.empty() && !known) {
      throw Error(ErrorCode::kUsage,
                  "gate \"{}\": there is no target \"{}\"{}; targets: {}",
                  gate.text, gate.target, DidYouMean(gate.target, targets),
                  JoinWords(targets));
    }
    if (FindGrouping(input.groups, gate.by) < 0) {
      throw Error(ErrorCode::kUsage,
                  "gate \"{}\": the audit has no groups by {}; name every "
                  "attribute in --by and set --cross to at least {}",
                  gate.text, JoinWords(gate.by), gate.by.size());
    }
    const Metric* metric = FindMetric(gate.metric);
    if (gate.kind == GateKind::kWorst && metric != nullptr &&
        metric->direction != MetricDirection::kLowerIsBetter &&
        metric->direction != MetricDirection::kHigherIsBetter) {
      throw Error(ErrorCode::kUsage,
                  "gate \"{}\": {} has no worst end; use gap or ratio",
                  gate.text, gate.metric);
    }
  }
}

std::vector<GateResult> JudgeGates(const GapInput& in) {
  std::vector<GateResult> results;
  for (const Gate& gate : in.options.gates) {
    if (gate.target.empty() ||
        IsCalled(in.input.targets[in.data.index], gate.target)) {
      results.push_back(JudgeOne(in, gate));
    }
  }
  return results;
}

}  // namespace plumbline
