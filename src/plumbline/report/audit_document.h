// audit.json (docs/audit-json.md, schema plumbline.audit/1) as structs, so that
// whatever is drawn from it is checked once, here.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "plumbline/report/case_mix_document.h"
#include "plumbline/report/slices_document.h"

namespace plumbline::report {

class JsonPlace;

struct AuditEstimate {
  std::optional<double> value;
  std::optional<double> lo;
  std::optional<double> hi;
  std::optional<int64_t> n;
  std::optional<int64_t> subjects;
  std::optional<int64_t> events;
  std::optional<double> design_effect;
  std::optional<double> null_expected;  // ece
  std::string method;
  std::string reason;    // "": nothing is missing
  bool present = false;  // false: this group has no such metric
};

enum class MetricDirection { kLower, kHigher, kOne, kZero, kNone };

struct AuditMetric {
  std::string name;
  std::string label;
  std::string unit;
  std::string summary;
  MetricDirection direction = MetricDirection::kNone;
};

// Attribute and level, in order; an absent level is a missing value.
using AttributeValues =
    std::vector<std::pair<std::string, std::optional<std::string>>>;

struct AuditGroup {
  std::string name;
  AttributeValues attributes;
  std::optional<int64_t> n;
  std::optional<int64_t> subjects;
  std::optional<int64_t> events;
  std::optional<double> prevalence;
  // Of sampling weights; absent where rows have none.
  std::optional<double> weight_sum;
  std::optional<double> effective_n;
  // By the position of the metric in AuditDocument::metrics.
  std::vector<AuditEstimate> metrics;
};

enum class GapOutcome { kShown, kNoneAboveMargin, kCannotTell, kNotTested };

struct AuditGap {
  std::vector<std::string> by;
  std::string metric;
  std::string measure;
  AttributeValues group;
  AttributeValues reference;
  std::optional<double> value;
  std::optional<double> lo;
  std::optional<double> hi;
  std::optional<int64_t> n;
  std::optional<int64_t> subjects;
  std::optional<double> p;
  std::optional<double> p_adjusted;
  std::optional<double> null_expected;
  std::optional<double> null_p95;
  std::optional<double> smallest_detectable;
  std::optional<double> margin;
  std::optional<double> worst_probability;
  std::string adjustment;
  std::string method;
  std::string reason;
  std::string worst;  // name of a group, "" if none
  std::string best;
  int64_t groups_left_out = 0;
  GapOutcome outcome = GapOutcome::kNotTested;
};

struct AuditCurve {
  struct CalibrationBin {
    double score;
    double observed;
    std::optional<double> lo;
    std::optional<double> hi;
    std::optional<int64_t> n;
  };
  struct Benefit {
    double threshold;
    double model;
    std::optional<double> all;
  };
  std::string name;
  AttributeValues attributes;
  std::vector<std::pair<double, double>> roc;  // FPR, TPR
  std::optional<double> roc_area;
  std::vector<CalibrationBin> calibration;
  std::vector<Benefit> net_benefit;
};

struct AuditMissingness {
  struct Bound {
    std::string metric;
    std::optional<double> max_min;
    std::optional<double> lowest;
    std::optional<double> highest;
  };
  std::string attribute;
  std::optional<int64_t> rows;
  std::optional<double> share;
  AuditEstimate error_rate_missing;
  AuditEstimate error_rate_known;
  std::optional<double> p;
  std::vector<Bound> bounds;
};

struct AuditThreshold {
  std::string rule;
  std::optional<double> value;
  std::string fitted_on;
};

// One finding that the model looks for, by one score, and everything that was
// computed for it.
struct AuditTarget {
  std::string name;   // for people; with the score if the target has several
  std::string label;  // column
  std::string score;  // column
  std::string target;
  std::optional<int64_t> rows;
  std::optional<int64_t> positives;
  std::optional<double> prevalence;
  std::optional<int64_t> missing_labels;
  std::optional<int64_t> missing_scores;
  AuditThreshold threshold;
  std::optional<int64_t> threshold_rows;
  bool hard_decisions = false;
  std::vector<AuditGroup> groups;
  std::vector<AuditGap> gaps;
  std::vector<AuditCurve> curves;
  std::vector<AuditMissingness> missingness;
  std::vector<AuditSliceSearch> slices;
};

struct AuditAttribute {
  struct Level {
    std::optional<std::string> level;
    std::optional<int64_t> rows;
    std::optional<int64_t> subjects;
  };
  std::string name;
  std::vector<Level> levels;
  std::optional<int64_t> missing_rows;
  std::optional<int64_t> missing_subjects;
  std::optional<int64_t> subjects_in_several_groups;
  std::string reference;
};

struct AuditInput {
  struct File {
    std::string file;
    std::optional<int64_t> rows;
    std::string sha256;
  };
  std::vector<File> files;
  std::optional<int64_t> rows;
  std::optional<int64_t> subjects;
  std::string subject_column;
  std::string weight_column;
  bool clustered = false;
  std::optional<int64_t> max_rows_per_subject;
  std::optional<int64_t> duplicate_rows;
};

struct AuditOptionsUsed {
  std::vector<std::string> by;
  std::optional<int64_t> cross;
  std::string at;
  std::optional<int64_t> replicates;
  std::string interval;
  double level = 0.95;
  std::optional<double> margin;
  int64_t minimum = 0;
  std::string seed;  // as text: a seed may need 64 bits
};

struct AuditGate {
  std::string gate;
  std::string metric;
  std::string kind;
  std::string target;
  std::optional<double> value;
  std::optional<double> lo;
  std::optional<double> hi;
  std::string outcome;  // met, failed, cannot_tell
  std::string sentence;
};

struct AuditFinding {
  std::string code;
  std::string severity;
  std::string target;
  std::string sentence;
  std::string action;
};

// What was fixed before the audit; the file is "" if nothing was.
struct AuditPolicy {
  std::string file;
  std::string sha256;
  std::string name;
  std::string version;
  std::string owner;
  std::string approved;
  std::vector<std::string> settings;
  std::vector<std::string> gates;
};

struct AuditLimitation {
  std::string code;
  std::string text;
};

struct AuditDocument {
  std::string version;
  std::string title;
  AuditInput input;
  AuditOptionsUsed options;
  AuditSliceOptions slice_options;
  AuditThreshold threshold;
  std::vector<AuditTarget> targets;
  std::vector<AuditAttribute> attributes;
  std::vector<AuditMetric> metrics;
  std::vector<CaseMixEntry> case_mix;  // empty unless asked for
  std::vector<AuditGate> gates;
  std::vector<AuditFinding> findings;
  std::vector<AuditLimitation> limitations;
  AuditPolicy policy;
  std::string shared;  // what is hidden; "": this is the complete version

  // Position in `metrics`, or -1.
  int MetricIndex(const std::string& name) const;
};

// The `policy` of a document of any command; empty if it has none.
AuditPolicy ReadPolicy(const JsonPlace& document);

// All text in the result is cleaned (utf8.h); names keep their full length.
// Throws Error(kInvalidInput): see JsonPlace.
AuditDocument ReadAuditDocument(const nlohmann::ordered_json& audit);

}  // namespace plumbline::report
