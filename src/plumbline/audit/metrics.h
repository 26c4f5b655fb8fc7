// The metrics of an audit, by name.
#pragma once

#include <span>
#include <string_view>

namespace plumbline {

// In the order of the registry and of every table.
enum class MetricId {
  kN,
  kPrevalence,
  kSelectionRate,
  kSensitivity,
  kSpecificity,
  kFnr,
  kFpr,
  kPpv,
  kNpv,
  kFor,
  kFdr,
  kAccuracy,
  kBalancedAccuracy,
  kF1,
  kYoudenJ,
  kAuroc,
  kAuprc,
  kBrier,
  kLogLoss,
  kEce,
  kCalibrationSlope,
  kCalibrationIntercept,
  kObservedExpected,
  kDPrime,
  kCriterionC,
  kNetBenefit,
};

enum class MetricDirection {
  kLowerIsBetter,
  kHigherIsBetter,
  kOneIsBest,
  kZeroIsBest,
  kNone,
};

// What a metric is computed from, which decides how it gets its interval.
enum class MetricFamily {
  kSize,        // n: given for every group, not an estimate
  kRate,        // a proportion of two counts: Wilson, binomial null
  kCounts,      // another smooth function of TP, FP, TN, FN
  kRanking,     // auroc, auprc
  kSums,        // brier, log_loss, observed_expected
  kBinned,      // ece
  kRegression,  // calibration_slope, calibration_intercept
};

struct Metric {
  MetricId id;
  const char* name;     // "fnr"
  const char* label;    // "False-negative rate (FNR)"
  const char* summary;  // one sentence for a reader who is no statistician
  MetricDirection direction;
  MetricFamily family;
  bool needs_scores;  // undefined for hard decisions
};

std::span<const Metric> MetricRegistry();

// Also by what other tools call it (tpr, recall, tnr, precision, auc,
// average_precision). Null if there is none.
const Metric* FindMetric(std::string_view name);

// True if the metric has bootstrap replicates (is a function of what the sweep
// counts, see sweep.h).
bool HasReplicates(const Metric& metric);

// Confusion counts, possibly weighted.
struct Confusion {
  double tp = 0;
  double fp = 0;
  double fn = 0;
  double tn = 0;

  double positives() const { return tp + fn; }
  double negatives() const { return fp + tn; }
  double flagged() const { return tp + fp; }
  double all() const { return tp + fp + fn + tn; }
};

// Numerator and denominator of a kRate metric.
struct RateParts {
  double numerator = 0;
  double denominator = 0;
};
RateParts PartsOfRate(MetricId id, const Confusion& counts);

// The value of a kRate or kCounts metric, NaN where it is undefined.
// `threshold_odds` = t / (1 - t) of the decision threshold, for net_benefit
// (Vickers and Elkin 2006, Med. Decis. Making 26:565-574).
//
// d' = z(TPR) - z(FPR) and c = -(z(TPR) + z(FPR)) / 2 with the log-linear
// correction (count + 0.5) / (n + 1), so that they exist for rates of 0 and 1
// (Hautus 1995, Behav. Res. Meth. 27:46-51).
double CountMetric(MetricId id, const Confusion& counts, double threshold_odds);

}  // namespace plumbline
