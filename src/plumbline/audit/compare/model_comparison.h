// Two models on the same rows: where the second is better or worse than the
// first, group by group and gap by gap.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "plumbline/audit/compare/compare_input.h"
#include "plumbline/audit/compare/compare_margin.h"
#include "plumbline/audit/compare/compare_requirement.h"
#include "plumbline/audit/metrics.h"
#include "plumbline/audit/options.h"
#include "plumbline/audit/result.h"

namespace plumbline {

struct CompareOptions {
  // Metrics (empty: DefaultCompareMetrics()), thresholds, replicates, level,
  // margin (of gaps, and of groups without a rule of their own), minimum,
  // references, seed, threads. `gaps`, `interval` and `gates` have no meaning.
  AuditOptions audit;
  std::vector<MarginRule> margins;
  std::vector<Requirement> requirements;
};

// What the change of a metric says of the challenger.
enum class Direction { kBetter, kWorse, kSame, kNone };

// Is the challenger no worse than the baseline by more than the margin? Harm is
// challenger - baseline, with its sign turned where higher is better.
//   kNonInferior  the one-sided upper bound of the harm (at the level of the
//                 options) lies below the margin
//   kInferior     the whole two-sided interval of the harm lies above it
enum class NonInferiority { kNonInferior, kInferior, kCannotTell };

// challenger - baseline of one metric in one group. NaN: not there, and
// `reason` says why (the reasons of Estimate, audit/estimates.h, and
// `no_variance`: the models agree, and nothing bounds how far they might not).
struct PairedDifference {
  double value = 0;
  double lo = 0;
  double hi = 0;
  // One-sided bounds at the level; each may be used alone.
  double lower_bound = 0;
  double upper_bound = 0;
  double standard_error = 0;
  // Two-sided at 1 - (1 - level) / groups of the grouping: what a requirement
  // in all of them fails on. Only where a requirement asks for it, else NaN.
  double family_lo = 0;
  double family_hi = 0;
  double p = 0;  // two-sided, of no difference; NaN: no test
  // Holm within metric x number of attributes, over targets and groups.
  double p_adjusted = 0;
  int64_t n = 0;  // rows in the smaller of the two denominators
  int64_t subjects = 0;
  // Of a rate: rows that only one of the models gets as an event; else -1.
  int64_t baseline_only = -1;
  int64_t challenger_only = -1;
  double design_effect = 1;  // NaN: not known
  const char* method = "none";
  const char* reason = nullptr;

  double margin = 0;
  Direction direction = Direction::kNone;  // of the value, shown or not
  // shown (adjusted p <= 1 - level), none_above_margin (whole interval within
  // +- margin), insufficient.
  const char* outcome = "insufficient";
  bool has_verdict = false;  // false: the metric has no worse end
  NonInferiority verdict = NonInferiority::kCannotTell;
  double smallest_detectable = 0;  // with power 0.8, two-sided
  // Subjects with which non-inferiority would be concluded in 4 of 5 studies if
  // the models are equally good; NaN: not known.
  double subjects_needed = 0;
};

// One metric of one group: each model alone, and the difference.
struct ComparedMetric {
  std::array<Estimate, 2> models;
  PairedDifference difference;
};

struct ComparedGroup {
  int target = 0;
  int group = 0;
  int64_t n = 0;
  int64_t subjects = 0;
  int64_t events = 0;
  std::vector<ComparedMetric>
      metrics;  // in the order of CompareResult::metrics
};

// One gap of each model.
struct ModelGap {
  double value = 0;
  double lo = 0;
  double hi = 0;
  double null_expected = 0;  // NaN for a pair
  int worst = -1;            // of max_min
  int best = -1;
};

// How one gap changes from the baseline to the challenger.
struct GapChange {
  int target = 0;
  int grouping = 0;
  std::string metric;
  std::string measure;  // difference_reference, max_min
  int group = -1;       // of difference_reference
  int reference = -1;
  std::array<ModelGap, 2> models;
  // challenger - baseline of the gap as it stands (with its sign for a pair).
  double value = 0;
  double lo = 0;
  double hi = 0;
  double p = 0;
  double p_adjusted = 0;  // Holm within metric x measure x number of attributes
  // Mean of the replicates minus the value, for max_min: how far the change of
  // an extreme is pulled by chance.
  double bias = 0;
  double margin = 0;
  int groups_used = 0;
  const char* method = "none";
  const char* reason = nullptr;
  // widened, narrowed, reversed, shifted, no_change_above_margin, cannot_tell.
  // The first four: a change is shown. Which of them it is the two values say,
  // but where they lie on different sides of 0 it is reversed if both intervals
  // do, widened if the larger gap is the challenger's and its interval lies off
  // 0, else shifted: that there is a gap after it, or was before, is not shown.
  const char* outcome = "cannot_tell";
};

struct RequirementResult {
  Requirement requirement;
  int target = 0;
  GateOutcome outcome = GateOutcome::kCannotTell;
  std::string sentence;
};

struct ComparedTarget {
  std::string name;
  int64_t rows = 0;
  int64_t positives = 0;
  int64_t missing_labels = 0;
  int64_t missing_scores = 0;  // of both models
  std::array<FittedThreshold, 2> thresholds;
};

struct CompareResult {
  std::vector<std::string> metrics;
  std::vector<ComparedTarget> targets;
  std::vector<ComparedGroup> groups;
  std::vector<GapChange> gaps;
  std::vector<RequirementResult> requirements;
  std::vector<Finding> findings;
  std::vector<Limitation> limitations;
  std::string verdict;  // one or two sentences
  int64_t subjects = 0;
  bool clustered = false;
  int64_t max_rows_per_subject = 1;
};

// Names of the metrics that can be compared: all of the audit but n,
// prevalence (which does not depend on the model) and the calibration
// regressions.
std::vector<std::string> ComparableMetrics();
std::vector<std::string> DefaultCompareMetrics();

// Deterministic in (input, options.audit.seed); the same for any number of
// threads.
//
// Throws Error(kUsage) as Audit does, and for a requirement or margin that
// speaks of a target or group that does not exist; Error(kInvalidInput) if a
// target has no row that both models have scored.
CompareResult CompareModels(const CompareInput& input,
                            const CompareOptions& options);

// The document of docs/compare.md, schema plumbline.compare/1.
nlohmann::ordered_json ToJson(const CompareResult& result,
                              const CompareInput& input,
                              const CompareOptions& options);

}  // namespace plumbline
