#include "plumbline/report/case_mix_document.h"

#include <algorithm>
#include <iterator>
#include <string_view>

#include "plumbline/report/json_place.h"

namespace plumbline::report {
namespace {

CaseMixEstimate ReadEstimate(const JsonPlace& place) {
  return {place.Number("value"), place.Number("lo"), place.Number("hi"),
          place.Number("p_adjusted"), place.TextOr("reason", "")};
}

CaseMixComparison ReadComparison(const JsonPlace& place) {
  CaseMixComparison comparison;
  comparison.metric = place.Text("metric");
  comparison.group = place.TextOr("group", "");
  comparison.reference = place.TextOr("reference", "");
  comparison.denominator = place.Text("denominator");
  comparison.n = place.Count("n");
  comparison.subjects = place.Count("subjects");
  comparison.crude = ReadEstimate(place.At("crude"));
  comparison.direct = ReadEstimate(place.At("direct"));
  comparison.weighted = ReadEstimate(place.At("ipw"));
  comparison.explained = ReadEstimate(place.At("explained"));
  comparison.outcome = place.Text("outcome");
  if (place.Has("shapley")) {
    place.ForEach("shapley", [&](const JsonPlace& share) {
      comparison.shares.push_back({share.Text("covariate"),
                                   share.Number("value"), share.Number("lo"),
                                   share.Number("hi")});
    });
  }
  return comparison;
}

CaseMixSupport ReadSupport(const JsonPlace& place) {
  CaseMixSupport support;
  support.denominator = place.Text("denominator");
  support.group = place.TextOr("group", "");
  support.reference = place.TextOr("reference", "");
  support.coverage = place.Number("coverage");
  support.direct_reason = place.TextOr("direct_reason", "");
  support.weights_reason = place.TextOr("weights_reason", "");
  support.covariate = place.TextOr("separating_covariate", "");
  support.level = place.TextOr("separating_level", "");
  place.ForEach("groups", [&](const JsonPlace& group) {
    support.groups.push_back(
        {group.Text("group"), group.Count("n"),
         group.Number("effective_sample_size"), group.Number("largest_share"),
         group.Number("imbalance_before"), group.Number("imbalance_after")});
  });
  return support;
}

CaseMixEntry ReadEntry(const JsonPlace& place) {
  CaseMixEntry entry;
  entry.target = place.Text("target");
  place.ForEach("by", [&](const JsonPlace& name) { entry.by = name.AsText(); });
  place.ForEach("covariates", [&](const JsonPlace& name) {
    entry.covariates.push_back(name.AsText());
  });
  entry.adjust_to = place.Text("adjust_to");
  place.ForEach("comparisons", [&](const JsonPlace& comparison) {
    entry.comparisons.push_back(ReadComparison(comparison));
  });
  place.ForEach("supports", [&](const JsonPlace& support) {
    entry.supports.push_back(ReadSupport(support));
  });
  place.ForEach("balance", [&](const JsonPlace& row) {
    entry.balance.push_back({row.Text("group"), row.Text("reference"),
                             row.Text("covariate"), row.TextOr("level", ""),
                             row.Number("before"), row.Number("after")});
  });
  return entry;
}

// Lower is more urgent: turned gaps, then by metric.
int Urgency(const CaseMixComparison& comparison) {
  static constexpr std::string_view kOutcomes[] = {"reversed", "appears",
                                                   "explained", "remains"};
  static constexpr std::string_view kMetrics[] = {
      "fnr", "auroc",    "fpr",  "ppv", "selection_rate",
      "npv", "accuracy", "brier"};
  const auto place = [](const auto& list, const std::string& name) {
    return static_cast<int>(std::find(std::begin(list), std::end(list), name) -
                            std::begin(list));
  };
  return 100 * place(kOutcomes, comparison.outcome) +
         place(kMetrics, comparison.metric);
}

}  // namespace

std::vector<CaseMixEntry> ReadCaseMix(const JsonPlace& root) {
  std::vector<CaseMixEntry> entries;
  if (!root.Has("case_mix")) return entries;
  const JsonPlace case_mix = root.At("case_mix");
  case_mix.ForEach("results", [&](const JsonPlace& entry) {
    entries.push_back(ReadEntry(entry));
  });
  return entries;
}

std::string CaseMixOutcomeWords(const std::string& outcome) {
  if (outcome == "explained") return "explained by case mix";
  if (outcome == "remains") return "remains";
  if (outcome == "reversed") return "reverses";
  if (outcome == "appears") return "appears";
  if (outcome == "none_above_margin") return "none above the margin";
  return "cannot tell";
}

std::string CaseMixReasonWords(const std::string& reason) {
  if (reason == "below_minimum") return "too few";
  if (reason == "no_overlap") return "no overlap";
  if (reason == "separation") return "weights refused";
  if (reason == "no_variation") return "no variation";
  if (reason == "too_many_groups") return "too many groups";
  if (reason == "needs_scores") return "needs scores";
  if (reason == "several_groups") return "several groups";
  if (reason == "too_many_parameters") return "too many levels";
  return reason == "not_converged" ? "no fit" : reason;
}

std::string CaseMixReasonWords(const CaseMixSupport& support) {
  std::string text;
  if (!support.weights_reason.empty()) {
    text = "weights refused: ";
    if (!support.level.empty()) {
      text += "not every group has " + support.covariate + "=" + support.level;
    } else if (!support.covariate.empty()) {
      text += "the ranges of " + support.covariate + " do not meet";
    } else if (support.weights_reason == "separation") {
      text += "the covariates tell the groups apart";
    } else {
      text += CaseMixReasonWords(support.weights_reason);
    }
  }
  if (!support.direct_reason.empty()) {
    text += text.empty() ? "" : "; ";
    text += "not standardised: too few strata in common";
  }
  return text;
}

std::string CaseMixRowsWords(const std::string& denominator) {
  if (denominator == "positives") return "with the finding";
  if (denominator == "negatives") return "without the finding";
  if (denominator == "flagged") return "flagged";
  if (denominator == "not_flagged") return "not flagged";
  return denominator == "both_classes" ? "both classes" : "all rows";
}

std::vector<const CaseMixComparison*> CaseMixToShow(const CaseMixEntry& entry,
                                                    size_t most) {
  std::vector<const CaseMixComparison*> shown;
  for (const CaseMixComparison& comparison : entry.comparisons) {
    const std::string& metric = comparison.metric;
    // Told by FNR, FPR, PPV and NPV; prevalence is no property of the model.
    if (comparison.reference.empty() || metric == "sensitivity" ||
        metric == "specificity" || metric == "fdr" || metric == "for" ||
        metric == "prevalence" || metric == "log_loss") {
      continue;
    }
    shown.push_back(&comparison);
  }
  std::stable_sort(shown.begin(), shown.end(),
                   [](const CaseMixComparison* a, const CaseMixComparison* b) {
                     return Urgency(*a) < Urgency(*b);
                   });
  if (shown.size() > most) shown.resize(most);
  return shown;
}

}  // namespace plumbline::report
