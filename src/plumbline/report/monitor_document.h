// The JSON of `plumbline monitor`, read and checked, for the text and the page.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "plumbline/base/json.h"
#include "plumbline/report/audit_document.h"
#include "plumbline/report/number_text.h"

namespace plumbline::report {

struct MonitorInterval {
  std::optional<double> value;
  std::optional<double> lo;
  std::optional<double> hi;
};

struct MonitorMetric {
  std::string name;
  std::string label;
  NumberKind kind = NumberKind::kPercent;
  bool followed = false;
};

struct MonitorWindow {
  std::string name;
  std::string part;  // before, baseline, monitored
  std::optional<int64_t> rows;
  std::optional<int64_t> subjects;
};

// A group's estimate in a window; absent where no row was audited.
struct MonitorEstimate {
  MonitorInterval interval;
  std::optional<int64_t> n;
  std::string reason;
};

struct MonitorGroup {
  std::string target;
  std::string name;
  // By window, then by metric of the document; an entry without estimates: the
  // window has no audited row.
  std::vector<std::vector<MonitorEstimate>> windows;
};

struct MonitorPoint {
  int window = 0;
  std::optional<int64_t> n;
  MonitorInterval rate;
  MonitorInterval change;
  std::optional<double> log10_e;
};

struct MonitorDrift {
  std::string target;
  std::string name;  // of the group
  bool is_everyone = false;
  int metric = 0;
  bool expected = false;
  MonitorInterval baseline;
  std::optional<int64_t> baseline_n;
  double log10_e_needed = 0;
  std::string alarm_day;  // "" : none
  int alarm_window = -1;
  std::optional<double> alarm_log10_e;
  std::string outcome;
  std::string reason;
  std::vector<MonitorPoint> points;
};

struct MonitorGapDrift {
  std::string target;
  int metric = 0;
  std::string group;
  std::string reference;
  std::optional<double> baseline;
  std::optional<double> later;
  MonitorInterval change;
  double level = 0;
  std::string outcome;
};

struct MonitorDocument {
  std::string version;
  std::string title;
  std::vector<AuditInput::File> files;
  std::optional<int64_t> rows;
  std::optional<int64_t> subjects;
  bool clustered = false;
  std::string first_day;
  std::string last_day;
  std::vector<std::string> by;
  std::string window;
  std::string baseline;  // "2024-01 to 2024-06", "" : none
  double level = 0.95;
  double margin = 0;
  double drift_margin = 0;
  std::string correction;
  std::string subject_visits;
  int64_t tested = 0;
  std::optional<int64_t> streams;
  double log10_e_needed = 0;
  struct Target {
    std::string name;
    // "at or above 0.412 (fpr=0.2, fitted on the baseline and kept)", "never".
    std::string flagged;
  };
  std::vector<Target> targets;
  std::vector<MonitorMetric> metrics;
  std::vector<MonitorWindow> windows;
  std::vector<MonitorGroup> groups;
  std::vector<MonitorDrift> drift;
  std::vector<MonitorGapDrift> gap_drift;
  std::vector<AuditGate> gates;
  std::vector<AuditFinding> findings;
  std::vector<AuditLimitation> limitations;
  AuditPolicy policy;

  // Streams with this outcome.
  int64_t CountOutcome(const std::string& outcome) const;
  // Null if the group is not in the document.
  const MonitorGroup* FindGroup(const std::string& target,
                                const std::string& name) const;
};

// Throws Error(kInvalidInput) that names the place, as JsonPlace does.
MonitorDocument ReadMonitorDocument(const Json& monitor);

// "FNR" of "False-negative rate (FNR)".
std::string MonitorShortLabel(const MonitorMetric& metric);
// "drift shown", "none above the margin", "cannot tell".
std::string DriftOutcomeWords(const std::string& outcome);
// One sentence on what is shown, what is not and what cannot be told.
std::string MonitorVerdict(const MonitorDocument& document);
// "20", "3.2e7": an e-value from its logarithm.
std::string EValueText(std::optional<double> log10_e);
// "31.0 % (28.1 to 34.0)"; `as_change`: with a sign and in points.
std::string MonitorIntervalText(const MonitorInterval& interval,
                                NumberKind kind, bool as_change);

}  // namespace plumbline::report
