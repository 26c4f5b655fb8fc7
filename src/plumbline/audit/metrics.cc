#include "plumbline/audit/metrics.h"

#include <cmath>
#include <limits>
#include <utility>

#include "plumbline/stats/normal.h"

namespace plumbline {
namespace {

using enum MetricDirection;
using enum MetricFamily;

constexpr Metric kMetrics[] = {
    {MetricId::kN, "n", "Images (n)", "How many images the group has.", kNone,
     kSize, false},
    {MetricId::kPrevalence, "prevalence", "Prevalence",
     "The share of images that have the finding, by the labels.", kNone, kRate,
     false},
    {MetricId::kSelectionRate, "selection_rate", "Selection rate",
     "The share of images that the model flags.", kNone, kRate, false},
    {MetricId::kSensitivity, "sensitivity", "Sensitivity (TPR)",
     "Of the images with the finding, the share that the model flags.",
     kHigherIsBetter, kRate, false},
    {MetricId::kSpecificity, "specificity", "Specificity (TNR)",
     "Of the images without the finding, the share that the model leaves "
     "unflagged.",
     kHigherIsBetter, kRate, false},
    {MetricId::kFnr, "fnr", "False-negative rate (FNR)",
     "Of the images with the finding, the share that the model misses: "
     "underdiagnosis.",
     kLowerIsBetter, kRate, false},
    {MetricId::kFpr, "fpr", "False-positive rate (FPR)",
     "Of the images without the finding, the share that the model flags: false "
     "alarms.",
     kLowerIsBetter, kRate, false},
    {MetricId::kPpv, "ppv", "Positive predictive value (PPV)",
     "Of the flagged images, the share that have the finding.", kHigherIsBetter,
     kRate, false},
    {MetricId::kNpv, "npv", "Negative predictive value (NPV)",
     "Of the unflagged images, the share that do not have the finding.",
     kHigherIsBetter, kRate, false},
    {MetricId::kFor, "for", "False-omission rate (FOR)",
     "Of the unflagged images, the share that have the finding.",
     kLowerIsBetter, kRate, false},
    {MetricId::kFdr, "fdr", "False-discovery rate (FDR)",
     "Of the flagged images, the share that do not have the finding.",
     kLowerIsBetter, kRate, false},
    {MetricId::kAccuracy, "accuracy", "Accuracy",
     "The share of images that the model gets right.", kHigherIsBetter, kRate,
     false},
    {MetricId::kBalancedAccuracy, "balanced_accuracy", "Balanced accuracy",
     "The mean of sensitivity and specificity.", kHigherIsBetter, kCounts,
     false},
    {MetricId::kF1, "f1", "F1 score",
     "The harmonic mean of sensitivity and positive predictive value.",
     kHigherIsBetter, kCounts, false},
    {MetricId::kYoudenJ, "youden_j", "Youden's J",
     "Sensitivity plus specificity minus one.", kHigherIsBetter, kCounts,
     false},
    {MetricId::kAuroc, "auroc", "AUROC",
     "The chance that an image with the finding gets a higher score than one "
     "without.",
     kHigherIsBetter, kRanking, true},
    {MetricId::kAuprc, "auprc", "AUPRC (average precision)",
     "Precision averaged over recall; depends on the prevalence.",
     kHigherIsBetter, kRanking, true},
    {MetricId::kBrier, "brier", "Brier score",
     "Mean squared distance between probability and label.", kLowerIsBetter,
     kSums, true},
    {MetricId::kLogLoss, "log_loss", "Log loss",
     "Mean surprise of the labels under the probabilities.", kLowerIsBetter,
     kSums, true},
    {MetricId::kEce, "ece", "Expected calibration error (ECE)",
     "Mean distance between probability and observed rate over bins; above "
     "zero by chance alone.",
     kLowerIsBetter, kBinned, true},
    {MetricId::kCalibrationSlope, "calibration_slope", "Calibration slope",
     "One if the spread of the probabilities is right; below one, they are too "
     "extreme.",
     kOneIsBest, kRegression, true},
    {MetricId::kCalibrationIntercept, "calibration_intercept",
     "Calibration intercept",
     "Zero if the probabilities are right on average; above zero, they are too "
     "low.",
     kZeroIsBest, kRegression, true},
    {MetricId::kObservedExpected, "observed_expected", "Observed / expected",
     "Findings that occurred for each one that the probabilities promised.",
     kOneIsBest, kSums, true},
    {MetricId::kDPrime, "d_prime", "d' (signal detection)",
     "How well the decisions tell the two classes apart, in standard "
     "deviations.",
     kHigherIsBetter, kCounts, false},
    {MetricId::kCriterionC, "criterion_c", "Criterion c (signal detection)",
     "Where the decisions are cut: above zero, the model is reluctant to flag.",
     kNone, kCounts, false},
    {MetricId::kNetBenefit, "net_benefit", "Net benefit",
     "True positives minus false positives weighted by the odds of the "
     "threshold, per image.",
     kHigherIsBetter, kCounts, false},
};

// What other tools call them.
constexpr std::pair<std::string_view, std::string_view> kAliases[] = {
    {"tpr", "sensitivity"}, {"recall", "sensitivity"},
    {"tnr", "specificity"}, {"precision", "ppv"},
    {"auc", "auroc"},       {"average_precision", "auprc"},
};

double Ratio(double numerator, double denominator) {
  return denominator > 0 ? numerator / denominator
                         : std::numeric_limits<double>::quiet_NaN();
}

// z of a rate with the log-linear correction.
double CorrectedZ(double events, double trials) {
  return NormalQuantile((events + 0.5) / (trials + 1));
}

}  // namespace

std::span<const Metric> MetricRegistry() { return kMetrics; }

const Metric* FindMetric(std::string_view name) {
  for (const auto& [alias, metric] : kAliases) {
    if (name == alias) name = metric;
  }
  for (const Metric& metric : kMetrics) {
    if (name == metric.name) return &metric;
  }
  return nullptr;
}

bool HasReplicates(const Metric& metric) {
  return metric.family == kRate || metric.family == kCounts ||
         metric.family == kRanking || metric.family == kBinned;
}

RateParts PartsOfRate(MetricId id, const Confusion& c) {
  const double unflagged = c.fn + c.tn;
  switch (id) {
    case MetricId::kPrevalence:
      return {c.positives(), c.all()};
    case MetricId::kSelectionRate:
      return {c.flagged(), c.all()};
    case MetricId::kSensitivity:
      return {c.tp, c.positives()};
    case MetricId::kSpecificity:
      return {c.tn, c.negatives()};
    case MetricId::kFnr:
      return {c.fn, c.positives()};
    case MetricId::kFpr:
      return {c.fp, c.negatives()};
    case MetricId::kPpv:
      return {c.tp, c.flagged()};
    case MetricId::kNpv:
      return {c.tn, unflagged};
    case MetricId::kFor:
      return {c.fn, unflagged};
    case MetricId::kFdr:
      return {c.fp, c.flagged()};
    case MetricId::kAccuracy:
      return {c.tp + c.tn, c.all()};
    default:
      return {0, 0};
  }
}

double CountMetric(MetricId id, const Confusion& c, double threshold_odds) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  switch (id) {
    case MetricId::kBalancedAccuracy:
      return (Ratio(c.tp, c.positives()) + Ratio(c.tn, c.negatives())) / 2;
    case MetricId::kYoudenJ:
      return Ratio(c.tp, c.positives()) - Ratio(c.fp, c.negatives());
    case MetricId::kF1:
      return Ratio(2 * c.tp, 2 * c.tp + c.fp + c.fn);
    case MetricId::kDPrime:
    case MetricId::kCriterionC: {
      if (c.positives() <= 0 || c.negatives() <= 0) return nan;
      const double z_tpr = CorrectedZ(c.tp, c.positives());
      const double z_fpr = CorrectedZ(c.fp, c.negatives());
      return id == MetricId::kDPrime ? z_tpr - z_fpr : -(z_tpr + z_fpr) / 2;
    }
    case MetricId::kNetBenefit:
      // At a threshold of 1 the odds are infinite: only TP could count.
      if (!std::isfinite(threshold_odds)) return nan;
      return Ratio(c.tp - c.fp * threshold_odds, c.all());
    default: {
      const RateParts parts = PartsOfRate(id, c);
      return Ratio(parts.numerator, parts.denominator);
    }
  }
}

}  // namespace plumbline
