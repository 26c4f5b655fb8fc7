// Rules that turn scores into decisions.
#pragma once

#include <cstdint>
#include <span>
#include <string>

namespace plumbline {

enum class ThresholdRuleKind {
  kFixed,        // "0.5": flagged if score >= 0.5
  kFpr,          // "fpr=0.2": the lowest threshold with FPR <= 0.2
  kSensitivity,  // "sensitivity=0.9": the highest with sensitivity >= 0.9
  kYouden,       // "youden": largest sensitivity + specificity - 1
  kBestF1,       // "best-f1"
  kTopCount,     // "top=100": the 100 highest scores (ties at the cut: none of
                 // them, so never more than 100)
  kTopShare,     // "top=5%"
};

struct ThresholdRule {
  ThresholdRuleKind kind = ThresholdRuleKind::kFixed;
  double value = 0.5;
  std::string text = "0.5";
  bool needs_fitting() const { return kind != ThresholdRuleKind::kFixed; }
};

// Throws Error(kUsage): `--at fpr=2: a rate lies in [0, 1]`, and the list of
// rules for an unknown one.
ThresholdRule ParseThresholdRule(const std::string& text);

// The threshold on these rows: flagged means score >= result. May be +inf
// (nobody flagged). Among equally good thresholds the highest.
//
// With weights (above 0, one a row; empty: all 1) every count becomes a sum of
// weights, except that top=100 counts rows. Sums that differ by less than
// kWeightSlack of their size are equal.
//
// Throws Error(kInvalidInput) if the rule needs positives or negatives and
// there are none.
double FitThreshold(const ThresholdRule& rule, std::span<const double> scores,
                    std::span<const uint8_t> labels,
                    std::span<const double> weights = {});

// Sums of weights are rounded: 0.1 + 0.2 must not miss a limit of 0.3.
inline constexpr double kWeightSlack = 1e-11;

}  // namespace plumbline
