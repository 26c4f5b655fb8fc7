#include "plumbline/report/number_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <string_view>

#include "plumbline/base/text.h"

namespace plumbline::report {
namespace {

constexpr std::array<std::string_view, 13> kRates = {"selection_rate",
                                                     "sensitivity",
                                                     "specificity",
                                                     "fnr",
                                                     "fpr",
                                                     "ppv",
                                                     "npv",
                                                     "for",
                                                     "fdr",
                                                     "accuracy",
                                                     "prevalence",
                                                     "error_rate",
                                                     "balanced_accuracy"};

// Named disparity measures that are differences of rates whatever their
// "metric" says.
constexpr std::array<std::string_view, 6> kRateMeasures = {
    "demographic_parity", "equal_opportunity", "equalised_odds",
    "predictive_parity",  "underdiagnosis",    "amplification"};

template <size_t kCount>
bool IsIn(std::string_view name,
          const std::array<std::string_view, kCount>& names) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

// Digits without the unit. A value that rounds to zero has no sign.
std::string Digits(double value, NumberKind kind) {
  const bool hundredths =
      kind == NumberKind::kPercent || kind == NumberKind::kPoints;
  if (hundredths) value *= 100;
  const int digits = kind == NumberKind::kDecimal ? 3
                     : kind == NumberKind::kRatio ? 2
                                                  : 1;
  const double magnitude = std::abs(value);
  // Ratios to almost nothing: 12345678.00 would only push the table apart.
  if (magnitude >= 1e6) return fmt::format("{:.2g}", value);
  std::string text = fmt::format("{:.{}f}", value, digits);
  if (text[0] == '-' && text.find_first_of("123456789") == std::string::npos) {
    text.erase(0, 1);
  }
  return text;
}

}  // namespace

NumberKind KindOfMetric(const std::string& name, const std::string& unit) {
  if (unit == "rate" || (unit.empty() && IsIn(name, kRates))) {
    return NumberKind::kPercent;
  }
  if (name == "observed_expected" || name == "calibration_slope") {
    return NumberKind::kRatio;
  }
  return NumberKind::kDecimal;
}

NumberKind KindOfGap(const std::string& measure, const std::string& metric,
                     const std::string& unit) {
  if (measure == "heterogeneity") return NumberKind::kStatistic;
  if (measure == "gini" || measure == "theil") return NumberKind::kDecimal;
  if (measure == "max_ratio" || measure.starts_with("ratio_")) {
    return NumberKind::kRatio;
  }
  if (IsIn(measure, kRateMeasures)) return NumberKind::kPoints;
  const NumberKind kind = KindOfMetric(metric, unit);
  return kind == NumberKind::kPercent ? NumberKind::kPoints : kind;
}

std::string NumberText(double value, NumberKind kind) {
  std::string text = Digits(value, kind);
  if (kind == NumberKind::kPercent) text += " %";
  if (kind == NumberKind::kPoints) text += " pp";
  return text;
}

std::string RangeText(double lo, double hi, NumberKind kind) {
  return Digits(lo, kind) + " to " + Digits(hi, kind);
}

std::string ReasonText(const std::string& reason, std::optional<int64_t> n,
                       int64_t minimum) {
  if (reason == "below_minimum") {
    if (!n) return fmt::format("too few: {} needed", minimum);
    return fmt::format("too few: {} of {} needed", *n, minimum);
  }
  if (reason == "one_class") return "only one class";
  if (reason == "unstable") return "not stable enough";
  if (reason == "needs_scores") return "needs scores";
  if (reason == "not_requested") return "not asked for";
  if (reason == "suppressed") return "hidden (small cells)";
  return reason.empty() ? "not available" : reason;
}

std::string EstimateText(const AuditEstimate& estimate, NumberKind kind,
                         int64_t minimum) {
  if (!estimate.value) return ReasonText(estimate.reason, estimate.n, minimum);
  std::string text = NumberText(*estimate.value, kind);
  if (estimate.lo && estimate.hi) {
    return text + " (" + RangeText(*estimate.lo, *estimate.hi, kind) + ')';
  }
  if (estimate.reason.empty()) return text;
  if (estimate.reason == "not_requested") return text + " (no interval)";
  return text + " (" + ReasonText(estimate.reason, estimate.n, minimum) + ')';
}

std::string GapText(const AuditGap& gap, NumberKind kind) {
  if (!gap.value) {
    return gap.reason == "below_minimum" ? "too few in the groups"
                                         : ReasonText(gap.reason, gap.n, 0);
  }
  std::string text = NumberText(*gap.value, kind);
  if (gap.lo && gap.hi) {
    text += " (" + RangeText(*gap.lo, *gap.hi, kind) + ')';
  }
  return text;
}

std::string ProbabilityText(std::optional<double> p) {
  if (!p) return "-";
  if (*p < 0.001) return "<0.001";
  return fmt::format("{:.{}f}", *p, *p < 0.1 ? 3 : 2);
}

std::string CountText(std::optional<int64_t> count) {
  return count ? WithThousands(*count) : "-";
}

std::string OptionalText(std::optional<double> value, NumberKind kind) {
  return value ? NumberText(*value, kind) : "-";
}

}  // namespace plumbline::report
