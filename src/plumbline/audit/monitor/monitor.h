// The audit over time: what each group's rates are in each window, and whether
// they drifted away from a baseline, judged so that one may look at any time.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "plumbline/audit/input.h"
#include "plumbline/audit/monitor/streams.h"
#include "plumbline/audit/monitor/windows.h"
#include "plumbline/audit/options.h"
#include "plumbline/audit/result.h"

namespace plumbline {

struct MonitorInput {
  AuditInput audit;       // no tuning rows
  std::vector<Day> days;  // of rows; kNoDay: not audited, counted
  std::string date_column;
};

// How the family of all streams (target, group, rate) is corrected.
enum class DriftCorrection {
  // An alarm needs e >= m / alpha of m streams, at any time: the chance of any
  // false alarm, ever, is at most alpha.
  kBonferroni,
  // e-BH on the e-values at the end of the data: of what is reported, at most
  // the share alpha is false on average (Wang and Ramdas 2022).
  kEBenjaminiHochberg,
};

struct MonitorOptions {
  // Of these, monitoring uses metrics (empty: DefaultMonitorMetrics()),
  // threshold and threshold_of_target, level (alpha = 1 - level), margin,
  // minimum, reference, replicates, interval, seed and threads. A rule that
  // needs fitting is fitted on the baseline's rows and then kept.
  AuditOptions audit;
  WindowRule window;
  BaselineRule baseline;
  // Values that hold from the start, by name of a stream, for every group. If
  // every stream has one and `has_baseline` is false there is no baseline, and
  // every window is monitored.
  std::map<std::string, double> expected;
  bool has_baseline = false;  // `baseline` was asked for
  // The drift that is let pass: the hypothesis is "within this of the
  // baseline". In units of the metric.
  double drift_margin = 0;
  SubjectVisits visits = SubjectVisits::kOnce;
  DriftCorrection correction = DriftCorrection::kBonferroni;
  // From ParseDriftGate; kind and relation have no meaning.
  std::vector<Gate> gates;
};

const std::vector<std::string>& DefaultMonitorMetrics();

// METRIC drift [of TARGET] by A[xB] <= X: no group by A drifted by more than X
// either way. Throws Error(kUsage) that shows the form.
Gate ParseDriftGate(const std::string& text,
                    const std::vector<std::string>& streams,
                    const std::vector<std::string>& attributes);

struct WindowResult {
  Window window;
  const char* part = "monitored";  // before, baseline, monitored
  int64_t rows = 0;                // with a date in it
  int64_t subjects = 0;
};

// The audit of one target in one window. Groups and gaps are empty if no row
// has both label and score.
struct WindowAudit {
  int target = 0;
  int window = 0;
  std::vector<GroupResult> groups;
  std::vector<GapResult> gaps;  // max_min and difference_reference
};

struct DriftAlarm {
  Day day = kNoDay;  // kNoDay: none
  int window = -1;
  double log_e = 0;
};

// One stream. All its numbers are of x in [0, 1] (StreamMetric).
struct DriftResult {
  int target = 0;
  int group = 0;
  int metric = 0;  // index into MonitorResult::streams
  bool has_expected = false;
  Interval baseline{};  // or the expected value, without limits
  StreamResult stream;
  double log_e_needed = 0;
  bool reported = false;
  DriftAlarm alarm;
  const char* outcome = "insufficient";  // shown, none_above_margin
  const char* reason = nullptr;
};

// How the difference to the reference group changed, in units of the metric.
struct GapDriftResult {
  int target = 0;
  int grouping = 0;
  int metric = 0;
  int group = 0;
  int reference = 0;
  double baseline = 0;  // group minus reference, then
  double later = 0;     // since
  Interval change{};    // at `level`, which is that of the whole family
  double level = 0;
  const char* outcome = "insufficient";
  // The gap is larger than it was, with the baseline's own uncertainty: else a
  // change that is shown may also have turned the gap round.
  bool widened = false;
};

struct MonitorResult {
  std::vector<std::string> metrics;  // of the windows
  std::vector<StreamMetric> streams;
  std::vector<TargetResult> targets;  // of the whole time
  std::vector<WindowResult> windows;
  WindowRange baseline;             // last = -1: none
  std::vector<WindowAudit> audits;  // by target, then window
  std::vector<DriftResult> drift;
  std::vector<GapDriftResult> gap_drift;
  std::vector<GateResult> gates;
  std::vector<Finding> findings;
  std::vector<Limitation> limitations;
  int64_t family = 0;       // streams that are tested
  double log_e_needed = 0;  // for an alarm (Bonferroni)
  int64_t rows_without_date = 0;
  int64_t subjects = 0;
  int64_t subjects_in_several_windows = 0;
  Day first_day = 0;
  Day last_day = 0;
};

// Deterministic in (input, options); the same for any number of threads. The
// numbers of a window do not change when later windows are added, except the
// size of the family where new groups arise.
//
// Throws like Audit, CutWindows and FindBaseline; Error(kInvalidInput) if no
// row has a date; Error(kUsage) for an expected value of what is not followed
// or outside its range, and if a threshold must be fitted without a baseline.
MonitorResult Monitor(const MonitorInput& input, const MonitorOptions& options);

// The document of docs/monitor.md.
nlohmann::ordered_json ToJson(const MonitorResult& result,
                              const MonitorInput& input,
                              const MonitorOptions& options);

}  // namespace plumbline
