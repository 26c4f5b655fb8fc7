#include "plumbline/audit/case_mix/mix_metrics.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace plumbline {
namespace {

// As scikit-learn's log_loss: probabilities stay this far from 0 and 1.
constexpr double kClip = std::numeric_limits<double>::epsilon();

}  // namespace

const char* MixDenominatorName(MixDenominator denominator) {
  switch (denominator) {
    case MixDenominator::kAll:
      return "all";
    case MixDenominator::kPositives:
      return "positives";
    case MixDenominator::kNegatives:
      return "negatives";
    case MixDenominator::kFlagged:
      return "flagged";
    case MixDenominator::kNotFlagged:
      return "not_flagged";
    case MixDenominator::kBothClasses:
      return "both_classes";
  }
  return "all";
}

const std::vector<MixMetric>& MixMetrics() {
  using enum MixDenominator;
  static const std::vector<MixMetric> metrics = {
      {"prevalence", kAll, false},
      {"selection_rate", kAll, false},
      {"sensitivity", kPositives, false},
      {"specificity", kNegatives, false},
      {"fnr", kPositives, false},
      {"fpr", kNegatives, false},
      {"ppv", kFlagged, false},
      {"npv", kNotFlagged, false},
      {"for", kNotFlagged, false},
      {"fdr", kFlagged, false},
      {"accuracy", kAll, false},
      {"auroc", kBothClasses, true},
      {"brier", kAll, true},
      {"log_loss", kAll, true}};
  return metrics;
}

bool IsIn(const MixRows& rows, size_t i, MixDenominator denominator) {
  switch (denominator) {
    case MixDenominator::kPositives:
      return rows.positive[i];
    case MixDenominator::kNegatives:
      return !rows.positive[i];
    case MixDenominator::kFlagged:
      return rows.flagged[i];
    case MixDenominator::kNotFlagged:
      return !rows.flagged[i];
    default:
      return true;
  }
}

bool NeedsScores(std::string_view metric) {
  return std::any_of(
      MixMetrics().begin(), MixMetrics().end(),
      [&](const MixMetric& m) { return m.name == metric && m.needs_scores; });
}

std::vector<double> MixOutcomes(std::string_view metric, const MixRows& rows) {
  std::vector<double> outcomes(rows.positive.size());
  const auto fill = [&](auto&& outcome) {
    for (size_t i = 0; i < outcomes.size(); ++i) {
      outcomes[i] =
          outcome(rows.scores[i], rows.positive[i] != 0, rows.flagged[i] != 0);
    }
  };
  if (metric == "prevalence" || metric == "ppv" || metric == "for") {
    fill([](double, bool positive, bool) { return positive; });
  } else if (metric == "fdr" || metric == "npv") {
    fill([](double, bool positive, bool) { return !positive; });
  } else if (metric == "fnr" || metric == "specificity") {
    fill([](double, bool, bool flagged) { return !flagged; });
  } else if (metric == "accuracy") {
    fill([](double, bool positive, bool flagged) {
      return positive == flagged;
    });
  } else if (metric == "brier") {
    fill([](double score, bool positive, bool) {
      return (score - positive) * (score - positive);
    });
  } else if (metric == "log_loss") {
    fill([](double score, bool positive, bool) {
      const double p = std::clamp(score, kClip, 1 - kClip);
      return -(positive ? std::log(p) : std::log1p(-p));
    });
  } else {  // selection_rate, sensitivity, fpr
    fill([](double, bool, bool flagged) { return flagged; });
  }
  return outcomes;
}

}  // namespace plumbline
