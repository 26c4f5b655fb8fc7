#include "plumbline/audit/monitor/judge.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <tuple>
#include <utility>

#include "plumbline/base/error.h"
#include "plumbline/base/text.h"
#include "plumbline/base/thread_pool.h"
#include "plumbline/stats/e_values.h"

namespace plumbline {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr const char* kGateForm =
    "A gate of monitor is: METRIC drift [of TARGET] by A[xB] <= X, for "
    "example: fnr drift by sex <= 0.05";

bool IsTested(const DriftResult& drift) {
  return drift.stream.reason == nullptr;
}

double LogENow(const DriftResult& drift) {
  return drift.stream.points.empty() ? 0 : drift.stream.points.back().log_e;
}

bool IsWithin(const Interval& interval, double margin) {
  return interval.lo >= -margin && interval.hi <= margin;
}

// First day on which the evidence was enough.
DriftAlarm FindAlarm(const DriftResult& drift, const MonitorResult& result) {
  DriftAlarm alarm;
  for (const auto& [day, log_e] : drift.stream.records) {
    if (log_e < drift.log_e_needed) continue;
    alarm.day = day;
    alarm.log_e = log_e;
    for (size_t w = 0; w < result.windows.size(); ++w) {
      if (result.windows[w].window.last >= day) {
        alarm.window = static_cast<int>(w);
        break;
      }
    }
    break;
  }
  return alarm;
}

// What e-values at the end of the data are enough under e-BH: m / (k alpha).
double LogENeededByEBh(const std::vector<bool>& rejected, double log_family) {
  const auto k = std::count(rejected.begin(), rejected.end(), true);
  return log_family - std::log(std::max<double>(1, static_cast<double>(k)));
}

const char* OutcomeOf(const DriftResult& drift, const StreamMetric& metric,
                      double margin) {
  if (drift.reported) return "shown";
  if (!IsTested(drift) || drift.stream.points.empty()) return "insufficient";
  return IsWithin(drift.stream.points.back().drift, margin / metric.range())
             ? "none_above_margin"
             : "insufficient";
}

bool SharesGrouping(const GroupIndex& groups, int group,
                    const std::vector<std::string>& by) {
  const Grouping& grouping = groups.groupings[groups.groups[group].grouping];
  if (grouping.attributes.size() != by.size()) return false;
  return std::all_of(by.begin(), by.end(), [&](const std::string& name) {
    return std::any_of(
        grouping.attributes.begin(), grouping.attributes.end(),
        [&](int a) { return groups.attributes[a].name == name; });
  });
}

bool HasGrouping(const GroupIndex& groups, const std::vector<std::string>& by) {
  return std::any_of(groups.groupings.begin(), groups.groupings.end(),
                     [&](const Grouping& grouping) {
                       return SharesGrouping(groups, grouping.first_group, by);
                     });
}

GateResult JudgeOneGate(const Gate& gate, int target, const MonitorInput& input,
                        const MonitorOptions& options,
                        const std::vector<Window>& windows,
                        const MonitorResult& result) {
  std::vector<const DriftResult*> streams;
  for (const DriftResult& drift : result.drift) {
    if (drift.target == target &&
        result.streams[drift.metric].name == gate.metric &&
        SharesGrouping(input.audit.groups, drift.group, gate.by)) {
      streams.push_back(&drift);
    }
  }
  GateResult judged;
  judged.gate = gate;
  judged.target = target;
  judged.value = judged.lo = judged.hi = 0;
  bool unknown = streams.empty();
  // Of the absolute drifts: the largest value, and limits for the largest.
  for (const DriftResult* drift : streams) {
    const double level =
        1 - (1 - options.audit.level) / static_cast<double>(streams.size());
    const StreamSetup setup = SetupOfDrift(*drift, options, result, windows);
    const double range = result.streams[drift->metric].range();
    const Interval interval = DriftAt(drift->stream, setup, level);
    if (std::isnan(interval.lo) || std::isnan(interval.hi)) {
      unknown = true;
      continue;
    }
    const double least =
        std::max({0.0, interval.lo * range, -interval.hi * range});
    const double most = std::max(-interval.lo, interval.hi) * range;
    judged.value = std::max(judged.value, std::abs(interval.value) * range);
    judged.lo = std::max(judged.lo, least);
    judged.hi = std::max(judged.hi, most);
  }
  judged.outcome = judged.lo > gate.limit ? GateOutcome::kFailed
                   : unknown || judged.hi > gate.limit
                       ? GateOutcome::kCannotTell
                       : GateOutcome::kMet;
  const char* words = judged.outcome == GateOutcome::kMet      ? "met"
                      : judged.outcome == GateOutcome::kFailed ? "failed"
                                                               : "cannot be "
                                                                 "told";
  judged.sentence = fmt::format(
      "{}: {}; largest drift {:.4g}, interval {:.4g} to {:.4g}{}.", gate.text,
      words, judged.value, judged.lo, judged.hi,
      unknown ? "; a group is too small to be judged and could be worse" : "");
  return judged;
}

}  // namespace

StreamSetup SetupOfDrift(const DriftResult& drift,
                         const MonitorOptions& options,
                         const MonitorResult& result,
                         const std::vector<Window>& windows) {
  StreamSetup setup;
  setup.windows = &windows;
  setup.baseline = result.baseline;
  setup.expected = drift.has_expected ? drift.baseline.value : kNaN;
  setup.margin = options.drift_margin / result.streams[drift.metric].range();
  setup.level = options.audit.level;
  setup.minimum = options.audit.minimum;
  return setup;
}

void JudgeStreams(const MonitorOptions& options, MonitorResult* result) {
  const double alpha = 1 - options.audit.level;
  std::vector<double> log_e;
  for (const DriftResult& drift : result->drift) {
    result->family += IsTested(drift);
    log_e.push_back(IsTested(drift) ? LogENow(drift) : kNaN);
  }
  const double log_family = std::log(
      std::max<double>(1, static_cast<double>(result->family)) / alpha);
  const bool is_ebh =
      options.correction == DriftCorrection::kEBenjaminiHochberg;
  const std::vector<bool> rejected = EBenjaminiHochberg(log_e, alpha);
  result->log_e_needed =
      is_ebh ? LogENeededByEBh(rejected, log_family) : log_family;
  for (size_t i = 0; i < result->drift.size(); ++i) {
    DriftResult& drift = result->drift[i];
    drift.log_e_needed = result->log_e_needed;
    if (IsTested(drift)) {
      const bool crossed =
          !drift.stream.records.empty() &&
          drift.stream.records.back().second >= drift.log_e_needed;
      drift.reported = is_ebh ? rejected[i] : crossed;
      if (drift.reported) drift.alarm = FindAlarm(drift, *result);
    }
    drift.outcome =
        OutcomeOf(drift, result->streams[drift.metric], options.audit.margin);
    drift.reason = drift.stream.reason != nullptr   ? drift.stream.reason
                   : drift.stream.later.size() == 0 ? "no_data"
                                                    : nullptr;
  }
}

namespace {

// |b + c| > |b| for every gap b of the baseline and change c within the limits:
// upwards c > 0 and b > -c / 2, downwards the mirror of it.
bool IsWider(const DriftResult& own, const DriftResult& other, double range,
             const Interval& change) {
  const auto limit = [](const Interval& baseline, double of) {
    return std::isnan(of) ? baseline.value : of;  // an expected value has none
  };
  const double lo = (limit(own.baseline, own.baseline.lo) -
                     limit(other.baseline, other.baseline.hi)) *
                    range;
  const double hi = (limit(own.baseline, own.baseline.hi) -
                     limit(other.baseline, other.baseline.lo)) *
                    range;
  return (change.lo > 0 && lo > -change.lo / 2) ||
         (change.hi < 0 && hi < -change.hi / 2);
}

}  // namespace

void JudgeGapDrift(const MonitorInput& input, const MonitorOptions& options,
                   const std::vector<int>& reference,
                   const std::vector<Window>& windows, MonitorResult* result) {
  const GroupIndex& groups = input.audit.groups;
  std::map<std::tuple<int, int, int>, const DriftResult*> usable;
  for (const DriftResult& drift : result->drift) {
    if (IsTested(drift)) {
      usable[{drift.target, drift.metric, drift.group}] = &drift;
    }
  }
  std::vector<std::pair<const DriftResult*, const DriftResult*>> pairs;
  // Also those without data yet: else the first gaps would have been judged at
  // a level that is lost when others join.
  int family = 0;
  for (const DriftResult& drift : result->drift) {
    const int of = reference[groups.groups[drift.group].grouping];
    if (of < 0 || of == drift.group) continue;
    const auto own = usable.find({drift.target, drift.metric, drift.group});
    const auto other = usable.find({drift.target, drift.metric, of});
    if (own == usable.end() || other == usable.end()) continue;
    ++family;
    if (own->second->stream.later.size() > 0 &&
        other->second->stream.later.size() > 0) {
      pairs.emplace_back(own->second, other->second);
    }
  }
  const double alpha = 1 - options.audit.level;
  const double level = 1 - alpha / std::max(1, family);
  result->gap_drift.resize(pairs.size());
  ParallelFor(
      static_cast<int64_t>(pairs.size()), options.audit.threads,
      [&](int64_t i) {
        // Not a structured binding: clang 14 captures none in a lambda.
        const auto* drift = pairs[i].first;
        const auto* other = pairs[i].second;
        const StreamMetric& metric = result->streams[drift->metric];
        const StreamSetup setup =
            SetupOfDrift(*drift, options, *result, windows);
        // Each of the two intervals may be wrong with half of the chance.
        const auto change = [&](double at) {
          const Interval a = DriftAt(drift->stream, setup, (1 + at) / 2);
          const Interval b = DriftAt(other->stream, setup, (1 + at) / 2);
          return Interval{(a.value - b.value) * metric.range(),
                          (a.lo - b.hi) * metric.range(),
                          (a.hi - b.lo) * metric.range()};
        };
        GapDriftResult& gap = result->gap_drift[i];
        gap.target = drift->target;
        gap.group = drift->group;
        gap.reference = other->group;
        gap.grouping = groups.groups[drift->group].grouping;
        gap.metric = drift->metric;
        gap.baseline =
            (drift->baseline.value - other->baseline.value) * metric.range();
        gap.later = (drift->stream.later.mean() - other->stream.later.mean()) *
                    metric.range();
        gap.change = change(level);
        gap.level = level;
        gap.widened = IsWider(*drift, *other, metric.range(), gap.change);
        gap.outcome =
            gap.change.lo > 0 || gap.change.hi < 0 ? "shown"
            : IsWithin(change(options.audit.level), options.audit.margin)
                ? "none_above_margin"
                : "insufficient";
      });
}

Gate ParseDriftGate(const std::string& text,
                    const std::vector<std::string>& streams,
                    const std::vector<std::string>& attributes) {
  const std::string word = " drift ";
  const size_t at = text.find(word);
  if (at == std::string::npos) {
    throw Error(ErrorCode::kUsage, "gate `{}`: \"drift\" is missing. {}", text,
                kGateForm);
  }
  // The rest of the grammar is that of a gap.
  std::string as_gap = text;
  as_gap.replace(at, word.size(), " gap ");
  Gate gate;
  try {
    gate = ParseGate(as_gap, streams, attributes);
  } catch (const Error& error) {
    const std::string what = error.what();
    const size_t begin = what.find("`: ");
    const size_t end = what.rfind(" A gate is: ");
    if (begin == std::string::npos || end == std::string::npos) throw;
    throw Error(ErrorCode::kUsage, "gate `{}`: {} {}", text,
                what.substr(begin + 3, end - begin - 3), kGateForm);
  }
  if (gate.relation != GateRelation::kAtMost || gate.kind != GateKind::kGap) {
    throw Error(ErrorCode::kUsage, "gate `{}`: expected <=. {}", text,
                kGateForm);
  }
  gate.text = text;
  return gate;
}

void JudgeDriftGates(const MonitorInput& input, const MonitorOptions& options,
                     const std::vector<Window>& windows,
                     MonitorResult* result) {
  std::vector<std::string> targets;
  for (const TargetResult& target : result->targets) {
    targets.push_back(target.name);
  }
  for (const Gate& gate : options.gates) {
    if (!gate.target.empty() && std::find(targets.begin(), targets.end(),
                                          gate.target) == targets.end()) {
      throw Error(ErrorCode::kUsage,
                  "gate `{}`: there is no target \"{}\"{}; targets: {}",
                  gate.text, gate.target, DidYouMean(gate.target, targets),
                  JoinWords(targets));
    }
    if (!HasGrouping(input.audit.groups, gate.by)) {
      throw Error(ErrorCode::kUsage,
                  "gate `{}`: there are no groups by {}; name every attribute "
                  "in --by and set --cross to at least {}",
                  gate.text, JoinWords(gate.by), gate.by.size());
    }
    for (size_t t = 0; t < targets.size(); ++t) {
      if (gate.target.empty() || gate.target == targets[t]) {
        result->gates.push_back(JudgeOneGate(gate, static_cast<int>(t), input,
                                             options, windows, *result));
      }
    }
  }
}

void JudgeDrift(const MonitorInput& input, const MonitorOptions& options,
                const std::vector<int>& reference,
                const std::vector<Window>& windows, MonitorResult* result) {
  JudgeStreams(options, result);
  JudgeGapDrift(input, options, reference, windows, result);
  JudgeDriftGates(input, options, windows, result);
  AddDriftFindings(input, options, result);
}

}  // namespace plumbline
