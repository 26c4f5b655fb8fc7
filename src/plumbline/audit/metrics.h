// The metrics of an audit, by name.
#pragma once

#include <span>
#include <string_view>

namespace plumbline {

enum class MetricDirection {
  kLowerIsBetter,
  kHigherIsBetter,
  kOneIsBest,
  kZeroIsBest,
  kNone
};

// What a metric is computed from, which decides how it gets its interval.
enum class MetricFamily {
  kCounts,      // a smooth function of TP, FP, TN, FN
  kRanking,     // auroc, auprc
  kSums,        // brier, log_loss, observed_expected
  kBinned,      // ece
  kRegression,  // calibration_slope, calibration_intercept
  kSize,        // n: the group's rows, always given
};

struct Metric {
  const char* name;     // "fnr"
  const char* label;    // "False-negative rate (FNR)"
  const char* summary;  // one sentence for a reader who is no statistician
  MetricDirection direction;
  MetricFamily family;
  bool is_rate;       // a proportion of counts: Wilson, binomial null
  bool needs_scores;  // undefined for hard decisions
};

std::span<const Metric> MetricRegistry();

// Null if there is none.
const Metric* FindMetric(std::string_view name);

}  // namespace plumbline
