// Gaps between groups as they are, and after standardising every group to one
// distribution of covariates: a gap that is only age is seen as such.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "plumbline/audit/case_mix/balance.h"
#include "plumbline/audit/case_mix/covariates.h"

namespace plumbline {

// The rows over which a metric is a mean. Each has a target distribution of its
// own: an FNR is standardised to the covariates of those with the finding.
enum class MixDenominator {
  kAll,
  kPositives,
  kNegatives,
  kFlagged,
  kNotFlagged,
  kBothClasses,  // auroc: positives and negatives, each to their own
};
const char* MixDenominatorName(MixDenominator denominator);

// Metrics that can be standardised, in the order of results.
struct MixMetric {
  const char* name;
  MixDenominator denominator;
  bool needs_scores;
};
const std::vector<MixMetric>& MixMetrics();

// One target: rows with label and score, in the order of their subjects (rows
// of one subject are neighbours).
struct MixRows {
  std::vector<double> scores;
  std::vector<uint8_t> positive;
  std::vector<uint8_t> flagged;
  std::vector<uint32_t> subject;   // empty: every row stands alone
  std::vector<uint32_t> by_score;  // positions, lowest score first; for auroc
  bool hard_decisions = false;
};

// The groups of one attribute, and the covariates to standardise.
struct MixGroups {
  size_t groups = 0;
  std::vector<uint32_t> group;    // of each row of MixRows
  std::vector<uint32_t> pattern;  // of each row of MixRows
  int reference = -1;             // group that the others are compared with
  int target =
      -1;  // group whose distribution is the target; -1: those compared
  const std::vector<const Covariate*>* covariates = nullptr;
  const CovariatePatterns* patterns = nullptr;
};

struct MixOptions {
  std::vector<std::string> metrics;  // names of MixMetrics(); empty: all
  double level = 0.95;
  double margin = 0.05;
  // Rows in the denominator under which a group takes no part.
  int64_t minimum = 10;
  uint64_t seed = 1;
  uint64_t stream = 0;  // a number of its own for each call
};

// A gap. NaN: not there, and `reason` says why: below_minimum, no_overlap,
// separation, not_converged, too_many_parameters, no_variation (no interval:
// nothing varies, or the AUROC of a group is 0 or 1),
// too_many_groups, several_groups (no interval: the largest of several
// differences is not linear), needs_scores.
struct MixEstimate {
  double value;
  double lo;
  double hi;
  double standard_error;
  double p;
  double p_adjusted;
  const char* method = "none";
  const char* reason = nullptr;
  std::vector<double> of_group;  // the metric in each compared group

  MixEstimate();
};

struct MixShare {
  std::string covariate;
  double value;
  double lo;
  double hi;
};

struct MixComparison {
  std::string metric;
  MixDenominator denominator = MixDenominator::kAll;
  const char* measure = "max_min";  // or difference_reference
  std::vector<uint32_t> groups;     // compared: of MixGroups
  int group = -1;                   // of difference_reference
  int reference = -1;
  int64_t n = 0;
  int64_t subjects = 0;
  MixEstimate crude;
  MixEstimate direct;     // stratified
  MixEstimate weighted;   // inverse probability
  MixEstimate explained;  // crude minus the one that is judged
  // explained, remains, reversed, appears, none_above_margin, insufficient
  const char* outcome = "insufficient";
  const char* judged_by = "none";       // direct, else ipw
  std::vector<MixShare> shares;         // of difference_reference
  const char* shares_reason = nullptr;  // too_many_covariates,
                                        // too_many_cells, not_decomposed
};

// What the weights of one comparison within one denominator rest on.
struct MixSupport {
  MixDenominator denominator = MixDenominator::kAll;
  const char* measure = "max_min";
  int group = -1;
  int reference = -1;
  double coverage = 0;  // share of the target that all groups cover
  size_t strata = 0;
  size_t covered = 0;
  const char* direct_reason = nullptr;
  const char* weights_reason = nullptr;
  std::string covariate;  // that separates
  std::string level;
  struct OfGroup {
    uint32_t group = 0;
    int64_t n = 0;
    double effective = 0;      // Kish; NaN without weights
    double largest_share = 0;  // of one row in the group's weight
    // Against the reference (the first group where it is not compared).
    double imbalance_before = 0;
    double imbalance_after = 0;
    std::string worst_covariate;
    std::string worst_level;
  };
  std::vector<OfGroup> groups;
};

struct MixBalance {
  uint32_t group = 0;
  uint32_t reference = 0;
  BalanceRow row;
};

struct MixResult {
  std::vector<MixComparison> comparisons;
  std::vector<MixSupport> supports;
  std::vector<MixBalance>
      balance;  // all rows, each group against the reference
};

// One row holds more than this share of its group's weight: flagged.
inline constexpr double kExtremeShare = 0.05;

// With more groups than this only differences to the reference are given.
inline constexpr size_t kMostGroupsAtOnce = 20;

// Every metric, the largest difference and each group against the reference.
// Variances are linearised and summed over subjects, with the factor
// m / (m - 1) for m subjects, and are not below what few outcomes allow to say
// (few_outcomes.h); differences of two groups have Wald intervals,
// the largest of several an interval and a p-value from the range of normal
// errors with the estimates' covariance (10000 draws).
// p_adjusted, outcome and judged_by are left to JudgeMix.
MixResult AnalyseCaseMix(const MixRows& rows, const MixGroups& groups,
                         const MixOptions& options);

// Adjusts p by Holm's method within each metric and measure over all results,
// crude and standardised ones apart, and sets the outcomes.
// - reversed: both shown (adjusted p at most 1 - level), with opposite signs
// - remains: both shown, same sign (of several: the highest crude group still
//   above the lowest)
// - appears: only the standardised one shown, and the change is shown
// - explained: crude shown, the standardised one not and its whole interval
//   within the margin, and the change is shown
//   (the largest of several differences has no test of its change and goes
//   without)
// - none_above_margin: neither shown, both intervals within the margin
// - insufficient: everything else
void JudgeMix(const std::vector<MixResult*>& results,
              const MixOptions& options);

}  // namespace plumbline
