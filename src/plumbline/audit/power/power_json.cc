#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "plumbline/audit/power/power_plan.h"
#include "plumbline/base/json.h"
#include "plumbline/base/version.h"

namespace plumbline {
namespace {

const char* DenominatorWords(PowerDenominator denominator) {
  switch (denominator) {
    case PowerDenominator::kPositives:
      return "rows with the finding";
    case PowerDenominator::kNegatives:
      return "rows without the finding";
    case PowerDenominator::kFlagged:
      return "flagged rows";
    case PowerDenominator::kUnflagged:
      return "rows not flagged";
    case PowerDenominator::kRows:
    case PowerDenominator::kBoth:
      return "rows";
  }
  return "rows";
}

Json Need(const PowerNeed& need) {
  return {{"trials", need.trials},
          {"rows", need.rows},
          {"subjects", need.subjects}};
}

Json Points(const std::vector<PowerPoint>& points) {
  Json list = Json::array();
  for (const PowerPoint& point : points) {
    list.push_back({{"subjects", Number(point.subjects)},
                    {"trials", Number(point.trials)},
                    {"margin", Number(point.margin)},
                    {"power", Number(point.power)}});
  }
  return list;
}

std::string GoalSentence(const PowerPlan& plan,
                         const PowerPlanOptions& options) {
  const double points = 100 * plan.margin;
  switch (options.goal) {
    case PowerGoal::kDifference:
      return fmt::format(
          "A group that is truly worse than the reference by {:.4g} "
          "percentage points is shown to be different.",
          points);
    case PowerGoal::kEquivalence:
      return fmt::format(
          "Groups with the expected values are shown to differ by less than "
          "{:.4g} percentage points (two one-sided tests).",
          points);
    case PowerGoal::kNonInferiority:
      return fmt::format(
          "Groups with the expected values are shown not to be worse than the "
          "reference by {:.4g} percentage points or more (one-sided test).",
          points);
    case PowerGoal::kPrecision:
      return fmt::format(
          "Every group's interval reaches at most {:.4g} percentage points to "
          "either side.",
          points);
  }
  return "";
}

Json Assumptions(const PowerPlan& plan, const PowerPlanOptions& options) {
  Json list = Json::array();
  list.push_back(GoalSentence(plan, options));
  if (options.goal != PowerGoal::kPrecision) {
    list.push_back(fmt::format(
        "Power {:g} for each comparison with the reference on its own, not for "
        "all of them together.",
        options.power));
  }
  if (plan.comparisons > 1) {
    list.push_back(fmt::format(
        "The level is shared among {} comparisons ({}): intervals reach {:.3f} "
        "standard errors.",
        plan.comparisons,
        options.comparisons > 0 ? "Bonferroni, the first step of Holm"
                                : "studentised range of all groups",
        plan.z));
  }
  const bool from_pilot =
      std::any_of(options.groups.begin(), options.groups.end(),
                  [](const PowerGroup& g) { return g.design_effect > 0; });
  if (from_pilot) {
    list.push_back(fmt::format(
        "Groups, expected values and design effects are those of the pilot, "
        "with {:.3g} rows per subject on average.",
        options.rows_per_subject));
  } else if (options.rows_per_subject > 1 || options.icc > 0) {
    list.push_back(fmt::format(
        "{:g} rows per subject on average, coefficient of variation {:g}, "
        "correlation {:g} within a subject; all rows of a subject are taken to "
        "have the same label, which asks for more subjects rather than fewer.",
        options.rows_per_subject, options.size_cv, options.icc));
  }
  if (options.missing > 0) {
    list.push_back(fmt::format("{:g} % of the subjects give no usable row.",
                               100 * options.missing));
  }
  list.push_back(
      std::string(plan.method) == "exact"
          ? "Power is exact: summed over all outcomes, judged by Newcombe's "
            "interval."
          : "Power by the large-sample formula (AUROC: Hanley and McNeil).");
  list.push_back(
      "Expected values and prevalences are taken as known. If they are "
      "guesses, plan for the least favourable that is plausible.");
  return list;
}

}  // namespace

Json ToJson(const PowerPlan& plan, const PowerPlanOptions& options) {
  const PowerMetric& metric = *FindPowerMetric(options.metric);
  Json groups = Json::array();
  for (size_t g = 0; g < options.groups.size(); ++g) {
    const PowerGroup& group = options.groups[g];
    groups.push_back(
        {{"name", group.name},
         {"share", Number(group.share)},
         {"expected", Number(group.expected)},
         {"prevalence",
          group.prevalence > 0 ? Number(group.prevalence) : Json()},
         {"flagged", group.flagged > 0 ? Number(group.flagged) : Json()},
         {"design_effect", Number(plan.design_effects[g])},
         {"equal_sizes", Need(plan.needs[g])},
         {"at_shares", plan.needs_at_shares.empty()
                           ? Json()
                           : Need(plan.needs_at_shares[g])}});
  }
  return {
      {"schema", "plumbline.power/1"},
      {"plumbline", kVersion},
      {"title", ""},
      {"metric", metric.name},
      {"label", metric.label},
      {"denominator", DenominatorWords(metric.denominator)},
      {"goal", PowerGoalName(options.goal)},
      {"asked", options.subjects > 0 ? "margin" : "subjects"},
      {"margin", Number(plan.margin)},
      {"power", options.power},
      {"power_reached",
       options.goal == PowerGoal::kPrecision ? Json() : Number(plan.power)},
      {"level", options.level},
      {"comparisons", plan.comparisons},
      {"z", Number(plan.z)},
      {"rows_per_subject", Number(options.rows_per_subject)},
      {"rows_cv", Number(options.size_cv)},
      {"icc", Number(options.icc)},
      {"missing_share", Number(options.missing)},
      {"method", plan.method},
      {"formula_trials", Number(plan.formula_trials)},
      {"subjects", plan.subjects},
      {"subjects_at_shares",
       plan.needs_at_shares.empty() ? Json() : Json(plan.subjects_at_shares)},
      {"limiting_group", plan.limiting.empty() ? Json() : Json(plan.limiting)},
      {"groups", std::move(groups)},
      {"margin_by_size", Points(plan.margin_by_size)},
      {"power_by_margin", Points(plan.power_by_margin)},
      {"assumptions", Assumptions(plan, options)}};
}

}  // namespace plumbline
