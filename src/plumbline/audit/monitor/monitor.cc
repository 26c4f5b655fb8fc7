#include "plumbline/audit/monitor/monitor.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "plumbline/audit/gap_engine.h"
#include "plumbline/audit/monitor/judge.h"
#include "plumbline/audit/monitor/window_audits.h"
#include "plumbline/base/error.h"
#include "plumbline/base/progress.h"
#include "plumbline/base/text.h"
#include "plumbline/base/thread_pool.h"

namespace plumbline {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

std::vector<std::string> StreamNames(const std::vector<StreamMetric>& streams) {
  std::vector<std::string> names;
  for (const StreamMetric& stream : streams) names.push_back(stream.name);
  return names;
}

void CheckExpected(const MonitorOptions& options,
                   const std::vector<StreamMetric>& streams) {
  const std::vector<std::string> names = StreamNames(streams);
  for (const auto& [name, value] : options.expected) {
    const auto found = std::find(names.begin(), names.end(), name);
    if (found == names.end()) {
      const std::string nearest = DidYouMean(name, names);
      throw Error(ErrorCode::kUsage,
                  "--expected {}={:g}: \"{}\" is not followed over time{} "
                  "Followed are {}",
                  name, value, name, nearest.empty() ? "." : nearest,
                  JoinWords(names));
    }
    const StreamMetric& stream = streams[found - names.begin()];
    const double lowest = stream.lowest();
    if (!(value > lowest && value < 1)) {
      throw Error(ErrorCode::kUsage,
                  "--expected {}={:g}: expected a number above {:g} and below "
                  "1",
                  name, value, lowest);
    }
  }
}

bool NeedsBaseline(const MonitorOptions& options,
                   const std::vector<StreamMetric>& streams) {
  return options.has_baseline ||
         std::any_of(streams.begin(), streams.end(), [&](const auto& stream) {
           return !options.expected.contains(stream.name);
         });
}

// Rows and subjects of each window, and subjects that come back.
void CountWindows(const AuditInput& input, const TimedRows& rows,
                  MonitorResult* result) {
  std::vector<int32_t> windows_of(input.subjects.empty() ? 0
                                                         : input.subject_count);
  int64_t last_subject = -1;
  int32_t last_window = -1;
  for (const int64_t row : rows.order) {
    WindowResult& window = result->windows[rows.window_of[row]];
    ++window.rows;
    if (input.subjects.empty()) {
      ++window.subjects;
      ++result->subjects;
      continue;
    }
    const uint32_t subject = input.subjects[row];
    if (subject != last_subject || rows.window_of[row] != last_window) {
      ++window.subjects;
      ++windows_of[subject];
    }
    last_subject = subject;
    last_window = rows.window_of[row];
  }
  for (const int32_t count : windows_of) {
    result->subjects += count > 0;
    result->subjects_in_several_windows += count > 1;
  }
}

void DescribeTime(const MonitorInput& input, const MonitorOptions& options,
                  MonitorResult* result) {
  const std::vector<Window> windows = CutWindows(input.days, options.window);
  if (windows.empty()) {
    throw Error(ErrorCode::kInvalidInput,
                "no row has a date: column \"{}\" is empty in all {} rows",
                input.date_column, input.audit.rows);
  }
  result->first_day = std::numeric_limits<Day>::max();
  result->last_day = kNoDay;
  for (const Day day : input.days) {
    result->rows_without_date += day == kNoDay;
    if (day == kNoDay) continue;
    result->first_day = std::min(result->first_day, day);
    result->last_day = std::max(result->last_day, day);
  }
  for (const Window& window : windows) result->windows.push_back({window});
  if (NeedsBaseline(options, result->streams)) {
    result->baseline = FindBaseline(options.baseline, windows);
  }
  for (int w = 0; w <= result->baseline.last; ++w) {
    result->windows[w].part =
        w < result->baseline.first ? "before" : "baseline";
  }
}

void DescribeTargets(const AuditInput& input,
                     const std::vector<int32_t>& window_of,
                     const std::vector<FittedThreshold>& thresholds,
                     MonitorResult* result) {
  for (size_t t = 0; t < input.targets.size(); ++t) {
    const AuditTarget& target = input.targets[t];
    TargetResult description;
    description.name = target.name;
    description.threshold = thresholds[t];
    for (size_t row = 0; row < window_of.size(); ++row) {
      if (window_of[row] < 0) continue;
      const bool no_label = target.labels[row] == kMissingLabel;
      const bool no_score = std::isnan(target.scores[row]);
      description.missing_labels += no_label;
      description.missing_scores += !no_label && no_score;
      description.rows += !no_label && !no_score;
      description.positives += target.labels[row] == 1 && !no_score;
    }
    if (description.rows == 0) {
      throw Error(ErrorCode::kInvalidInput,
                  "target {}: no row with a date has both a label (column "
                  "\"{}\") and a score (column \"{}\"); there is nothing to "
                  "monitor",
                  target.name, target.label_column, target.score_column);
    }
    result->targets.push_back(std::move(description));
  }
}

StreamSetup SetupOf(const MonitorOptions& options, const StreamMetric& metric,
                    const std::vector<Window>& windows,
                    const WindowRange& baseline) {
  StreamSetup setup;
  setup.windows = &windows;
  setup.baseline = baseline;
  const auto expected = options.expected.find(metric.name);
  setup.expected = expected == options.expected.end()
                       ? kNaN
                       : (expected->second - metric.lowest()) / metric.range();
  setup.margin = options.drift_margin / metric.range();
  setup.level = options.audit.level;
  setup.minimum = options.audit.minimum;
  return setup;
}

// All streams of a target, grouping and metric.
std::vector<DriftResult> FollowGroups(const MonitorInput& input,
                                      const MonitorOptions& options,
                                      const MonitorResult& result,
                                      const TimedRows& rows, int target,
                                      int grouping, int metric,
                                      const std::vector<Window>& windows) {
  const StreamMetric& stream = result.streams[metric];
  const StreamSetup setup = SetupOf(options, stream, windows, result.baseline);
  const std::vector<Contribution> all = Contributions(
      input.audit, rows, target, result.targets[target].threshold.value,
      grouping, stream, options.visits);
  const Grouping& of = input.audit.groups.groupings[grouping];
  std::vector<DriftResult> drifts;
  size_t begin = 0;
  for (int g = of.first_group; g < of.first_group + of.group_count; ++g) {
    size_t end = begin;
    while (end < all.size() && all[end].group == static_cast<uint32_t>(g)) {
      ++end;
    }
    DriftResult drift;
    drift.target = target;
    drift.group = g;
    drift.metric = metric;
    drift.has_expected = !std::isnan(setup.expected);
    drift.stream = Follow({all.data() + begin, end - begin}, setup);
    drift.baseline = drift.has_expected ? Interval{setup.expected, kNaN, kNaN}
                                        : drift.stream.baseline_rate;
    drifts.push_back(std::move(drift));
    begin = end;
  }
  return drifts;
}

void FollowAll(const MonitorInput& input, const MonitorOptions& options,
               const TimedRows& rows, const std::vector<Window>& windows,
               MonitorResult* result) {
  const auto metrics = static_cast<int64_t>(result->streams.size());
  const auto groupings =
      static_cast<int64_t>(input.audit.groups.groupings.size());
  const auto targets = static_cast<int64_t>(input.audit.targets.size());
  const int64_t pieces = targets * groupings * metrics;
  std::vector<std::vector<DriftResult>> drifts(pieces);
  Progress progress("following rates", pieces, "rates");
  ParallelFor(pieces, options.audit.threads, [&](int64_t piece) {
    const auto target = static_cast<int>(piece / (groupings * metrics));
    const auto grouping = static_cast<int>(piece / metrics % groupings);
    const auto metric = static_cast<int>(piece % metrics);
    // A score that is a decision has no mean to compare with the labels.
    if (!result->streams[metric].is_calibration ||
        !input.audit.targets[target].hard_decisions) {
      drifts[piece] = FollowGroups(input, options, *result, rows, target,
                                   grouping, metric, windows);
    }
    progress.Advance(1);
  });
  for (auto& some : drifts) {
    std::move(some.begin(), some.end(), std::back_inserter(result->drift));
  }
}

void CheckInput(const MonitorInput& input, const MonitorOptions& options) {
  if (!input.audit.tuning_rows.empty() ||
      input.days.size() != static_cast<size_t>(input.audit.rows)) {
    throw Error(ErrorCode::kInternal,
                "monitoring needs a day for each row and no tuning rows");
  }
  if (!(options.drift_margin >= 0 && options.drift_margin < 1)) {
    throw Error(ErrorCode::kUsage,
                "--drift-margin must be at least 0 and below 1, found {}",
                options.drift_margin);
  }
}

}  // namespace

const std::vector<std::string>& DefaultMonitorMetrics() {
  static const std::vector<std::string> metrics = {
      "prevalence", "selection_rate",   "fnr", "fpr", "ppv",
      "auroc",      "observed_expected"};
  return metrics;
}

MonitorResult Monitor(const MonitorInput& input,
                      const MonitorOptions& options) {
  CheckInput(input, options);
  MonitorResult result;
  const std::vector<std::string>& wanted = options.audit.metrics.empty()
                                               ? DefaultMonitorMetrics()
                                               : options.audit.metrics;
  for (const Metric& metric : MetricRegistry()) {
    const bool is_wanted = std::any_of(
        wanted.begin(), wanted.end(),
        [&](const auto& name) { return FindMetric(name) == &metric; });
    // n stands beside every estimate and is none itself.
    if (is_wanted && metric.family != MetricFamily::kSize) {
      result.metrics.emplace_back(metric.name);
    }
  }
  if (result.metrics.empty()) {
    throw Error(ErrorCode::kUsage,
                "--metrics: n stands beside every estimate; name another "
                "metric to follow");
  }
  result.streams = StreamMetrics(result.metrics);
  CheckExpected(options, result.streams);
  DescribeTime(input, options, &result);
  std::vector<Window> windows;
  for (const WindowResult& window : result.windows) {
    windows.push_back(window.window);
  }
  const std::vector<int32_t> window_of = WindowOfDays(input.days, windows);
  const auto thresholds =
      FrozenThresholds(input.audit, options.audit, window_of, result.baseline);
  DescribeTargets(input.audit, window_of, thresholds, &result);
  const AuditOptions of_windows = OptionsOfWindows(
      input, options, result.metrics, thresholds, window_of, result.baseline);
  const TimedRows rows = OrderInTime(input.audit, input.days, window_of);
  CountWindows(input.audit, rows, &result);
  result.audits = AuditWindows(input.audit, of_windows, window_of,
                               static_cast<int>(windows.size()));
  FollowAll(input, options, rows, windows, &result);
  JudgeDrift(input, options, ReferenceGroups(input.audit, of_windows), windows,
             &result);
  return result;
}

}  // namespace plumbline
