// What an audit finds. Numbers only; docs/audit-json.md says how they are
// written.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "plumbline/audit/case_mix/case_mix.h"
#include "plumbline/audit/input.h"
#include "plumbline/audit/options.h"
#include "plumbline/audit/slices/slice_search.h"
#include "plumbline/stats/gate.h"

namespace plumbline {

// A metric of one group. NaN: not there, and `reason` says why.
struct Estimate {
  double value = 0;
  double lo = 0;
  double hi = 0;
  double standard_error = 0;
  double design_effect = 1;  // NaN: not known for this metric
  int64_t n = 0;             // rows in the denominator
  bool weighted = false;     // the rows have sampling weights
  double weight = 0;         // of these rows; n where there are no weights
  int64_t subjects = 0;      // distinct subjects among them
  int64_t events = -1;       // rows in the numerator; -1: the metric has none
  double null_expected = 0;  // of ece; NaN for other metrics
  const char* method = "none";
  const char* reason = nullptr;
};

struct GroupResult {
  int target = 0;
  int group = 0;  // index into AuditInput::groups.groups
  int64_t n = 0;
  int64_t subjects = 0;
  int64_t events = 0;
  double prevalence = 0;   // weighted; NaN without rows
  double weight_sum = 0;   // n where there are no weights
  double effective_n = 0;  // Kish: (sum w)^2 / sum w^2; n without weights
  std::vector<Estimate> metrics;  // in the order of AuditResult::metrics
};

// One disparity. Groups are indices into AuditInput::groups.groups, -1: none.
struct GapResult {
  int target = 0;
  int grouping = 0;
  std::string metric;
  std::string measure;
  int group = -1;
  int reference = -1;
  double value = 0;
  double lo = 0;
  double hi = 0;
  int64_t n = 0;
  int64_t subjects = 0;
  const char* method = "none";
  double p = 0;           // NaN: no test
  double p_adjusted = 0;  // within metric x measure x number of attributes
  double null_expected = 0;
  double null_p95 = 0;
  double smallest_detectable = 0;
  double margin = 0;
  // Of the finding that speaks of gaps in this metric; "" where another audited
  // metric says the same (sensitivity beside FNR).
  const char* code = "";
  const char* outcome = nullptr;  // shown, none_above_margin, insufficient
  const char* reason = nullptr;
  int worst = -1;
  double worst_probability = 0;
  int best = -1;
  int groups_used = 0;
  std::vector<std::pair<int, const char*>> groups_left_out;  // group, reason
};

struct FittedThreshold {
  ThresholdRule rule;
  double value = 0;
  const char* fitted_on = "given";  // given, tuning_rows, audited_rows
  int64_t rows = 0;                 // on which it was fitted
};

struct TargetResult {
  std::string name;
  int64_t rows = 0;  // audited: label and score both there
  int64_t positives = 0;
  double prevalence = 0;  // weighted
  int64_t missing_labels = 0;
  int64_t missing_scores = 0;
  FittedThreshold threshold;
};

struct CalibrationPoint {
  double score = 0;  // mean in the bin
  double observed = 0;
  double lo = 0;
  double hi = 0;
  int64_t n = 0;
};

struct NetBenefitPoint {
  double threshold = 0;
  double model = 0;
  double lo = 0;
  double hi = 0;
  double treat_all = 0;
};

struct CurveResult {
  int target = 0;
  int group = 0;
  double auroc = 0;
  std::vector<std::pair<double, double>> roc;  // FPR, TPR
  std::vector<CalibrationPoint> calibration;
  std::vector<NetBenefitPoint> net_benefit;
};

struct AttributeSummary {
  std::string name;
  struct Level {
    uint32_t level = 0;  // kMissingCode: missing
    int64_t rows = 0;
    int64_t subjects = 0;
  };
  std::vector<Level> levels;
  int64_t missing_rows = 0;
  int64_t missing_subjects = 0;
  int64_t subjects_in_several_groups = 0;
  std::string reference;
};

struct MissingnessBound {
  std::string metric;
  double max_min = 0;  // among known groups
  double lowest = 0;
  double highest = 0;
};

struct MissingnessResult {
  int target = 0;
  std::string attribute;
  int64_t rows = 0;
  double share = 0;
  Estimate error_rate_missing;
  Estimate error_rate_known;
  double p = 0;
  std::vector<MissingnessBound> bounds;
};

// The slices of one target on which one error rate is higher.
struct SliceResult {
  int target = 0;
  std::string metric;  // "fnr" or "fpr"
  SliceSearchResult search;
};

struct GateResult {
  Gate gate;
  int target = 0;
  double value = 0;
  double lo = 0;
  double hi = 0;
  GateOutcome outcome = GateOutcome::kCannotTell;
  std::string sentence;
};

// Several classes together, in one group.
struct MulticlassGroup {
  int group = 0;
  int64_t n = 0;  // rows with a label and all scores
  int64_t subjects = 0;
  int classes_present = 0;
  std::vector<Estimate> metrics;  // in the order of MulticlassMetrics()
  std::vector<Estimate> recall;   // a class
  // Label x decision, row-major, weights summed; empty for intersections.
  std::vector<double> confusion;
};

struct MulticlassResult {
  int model = 0;     // index into AuditInput::multiclass
  int64_t rows = 0;  // audited
  int64_t missing_labels = 0;
  int64_t missing_scores = 0;
  int64_t rows_not_summing_to_one = 0;
  std::vector<int64_t> class_rows;
  std::vector<int64_t> class_subjects;
  std::vector<MulticlassGroup> groups;
  std::vector<GapResult> gaps;  // `target` is the model
};

// Gaps by one attribute of one target, standardised. Groups in `mix` and
// adjust_to are counted within the grouping.
struct CaseMixResult {
  int target = 0;
  int grouping = 0;
  std::vector<std::string> covariates;
  int adjust_to = -1;  // group; -1: those compared, together
  MixResult mix;
};

struct Finding {
  std::string code;      // PB101
  std::string severity;  // high, medium, low, info
  int target = -1;
  std::string sentence;
  std::string action;
  std::vector<std::pair<std::string, double>> numbers;
};

struct Limitation {
  std::string code;
  std::string text;
};

struct AuditResult {
  std::vector<std::string> metrics;  // names, in registry order
  std::vector<TargetResult> targets;
  std::vector<AttributeSummary> attributes;
  std::vector<GroupResult> groups;
  std::vector<GapResult> gaps;
  std::vector<CurveResult> curves;
  std::vector<MissingnessResult> missingness;
  std::vector<CaseMixResult> case_mix;  // empty unless asked for
  std::vector<GateResult> gates;
  std::vector<MulticlassResult> multiclass;
  std::vector<SliceResult> slices;  // empty: not searched
  std::vector<Finding> findings;
  std::vector<Limitation> limitations;
  int64_t subjects = 0;
  bool clustered = false;
  int64_t max_rows_per_subject = 1;
};

// The document of docs/audit-json.md.
nlohmann::ordered_json ToJson(const AuditResult& result,
                              const AuditInput& input,
                              const AuditOptions& options);

}  // namespace plumbline
