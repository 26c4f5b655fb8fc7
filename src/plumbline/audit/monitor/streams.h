// What one group contributes to one rate as time goes by, and the evidence that
// this adds up to.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "plumbline/audit/input.h"
#include "plumbline/audit/metrics.h"
#include "plumbline/audit/monitor/windows.h"
#include "plumbline/stats/betting.h"
#include "plumbline/table/dates.h"

namespace plumbline {

// What to do with a subject that comes back in a later window.
enum class SubjectVisits {
  // Counted in the first window in which it has a row in the denominator.
  kOnce,
  // Counted in every window anew. Valid only if, given all that came before, a
  // subject that comes back has the same expected contribution as any other.
  kEvery,
};

// A rate that can be followed: any metric of MetricFamily::kRate, and
// "observed_minus_expected", the mean of label minus score.
struct StreamMetric {
  std::string name;
  std::string label;
  MetricId id = MetricId::kN;
  bool is_calibration = false;
  MetricDirection direction = MetricDirection::kNone;

  // Contributions lie in [0, 1]; a value of the metric is lowest + x * range.
  double lowest() const { return is_calibration ? -1 : 0; }
  double range() const { return is_calibration ? 2 : 1; }
};

// Those among `metrics` that can be followed, in their order; observed_expected
// stands for observed_minus_expected.
std::vector<StreamMetric> StreamMetrics(
    const std::vector<std::string>& metrics);

// Rows in time: by window, then subject, then day. Rows without a date are
// left out.
struct TimedRows {
  std::vector<int64_t> order;
  std::vector<Day> days;           // of rows
  std::vector<int32_t> window_of;  // of rows; -1: no date
};
TimedRows OrderInTime(const AuditInput& input, const std::vector<Day>& days,
                      const std::vector<int32_t>& window_of);

// One subject in one window: the mean over its rows in the metric's
// denominator, on the first day on which it has one.
struct Contribution {
  uint32_t group = 0;
  Day day = 0;
  double x = 0;  // in [0, 1]
};

// All contributions to a metric in the groups of one grouping, sorted by group,
// then day. Without subjects each row is one. A subject that has rows in two
// groups in a window contributes to both.
std::vector<Contribution> Contributions(const AuditInput& input,
                                        const TimedRows& rows, int target,
                                        double threshold, int grouping,
                                        const StreamMetric& metric,
                                        SubjectVisits visits);

struct StreamSetup {
  const std::vector<Window>* windows = nullptr;
  // What comes later is monitored; last = -1: everything is.
  WindowRange baseline;
  double expected = 0;  // in [0, 1]; NaN: the baseline's own mean
  double margin = 0;    // in units of x
  double level = 0.95;
  int64_t minimum = 10;  // contributions that a baseline needs
};

// Where a stream stands at the end of a window; x in [0, 1].
struct StreamPoint {
  int window = 0;
  int64_t n = 0;  // contributions since the baseline
  Interval rate{};
  Interval drift{};
  double log_e = 0;          // natural logarithm, at the end of the window
  double log_e_largest = 0;  // so far, looked at on every day
};

struct StreamResult {
  BoundedSample baseline;
  BoundedSample later;
  Interval baseline_rate{};
  const char* reason = nullptr;     // why it is not tested: below_minimum
  std::vector<StreamPoint> points;  // one for each monitored window
  // Each day on which the e-value was larger than ever before.
  std::vector<std::pair<Day, double>> records;
};

// Follows one stream. Looks at the end of each day; nothing that comes later
// has any part in an earlier number.
StreamResult Follow(std::span<const Contribution> contributions,
                    const StreamSetup& setup);

// The interval of the drift at another level.
Interval DriftAt(const StreamResult& stream, const StreamSetup& setup,
                 double level);

}  // namespace plumbline
