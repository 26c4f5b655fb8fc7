// C9: what a model's audit on this cohort will be able to show.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "plumbline/stats/power.h"
#include "plumbline/stats/roc.h"
#include "plumbline/survey/checks.h"

namespace plumbline::survey {
namespace {

constexpr double kAssumedFnr = 0.2;
constexpr double kAssumedAuroc = 0.8;
constexpr size_t kMostPlanned = 60;

struct Counts {
  int64_t positives = 0, negatives = 0, positive_subjects = 0, subjects = 0;
};

Counts CountGroup(const Cohort& cohort, const CohortLabel& label,
                  const CohortAttribute& attribute, int32_t level) {
  Counts counts;
  std::vector<uint8_t> seen(cohort.subject_count, 0);
  for (int64_t row = 0; row < cohort.rows; ++row) {
    if (attribute.codes[row] != level || label.values[row] < 0) continue;
    uint8_t& bits = seen[cohort.subjects[row]];
    if ((bits & 1) == 0) ++counts.subjects;
    bits |= 1;
    if (label.values[row] == kLabelPositive) {
      ++counts.positives;
      if ((bits & 2) == 0) ++counts.positive_subjects;
      bits |= 2;
    } else {
      ++counts.negatives;
    }
  }
  return counts;
}

// What a declared contrast names and the cohort does not have.
std::string AbsentOf(const Cohort& cohort, const Contrast& contrast) {
  const int index = cohort.AttributeIndex(contrast.attribute);
  if (index < 0) return fmt::format("attribute \"{}\"", contrast.attribute);
  const CohortAttribute& attribute = cohort.attributes[index];
  for (const std::string& group : {contrast.group, contrast.reference}) {
    if (std::find(attribute.levels.begin(), attribute.levels.end(), group) ==
        attribute.levels.end()) {
      return fmt::format("group \"{}={}\"", contrast.attribute, group);
    }
  }
  for (const CohortLabel& label : cohort.labels) {
    if (label.name == contrast.label) return "";
  }
  return fmt::format("label \"{}\"", contrast.label);
}

PlannedContrast Plan(const Context& context, const Contrast& contrast,
                     bool declared) {
  const Cohort& cohort = context.cohort();
  PlannedContrast plan;
  plan.contrast = contrast;
  plan.declared = declared;
  plan.absent = AbsentOf(cohort, contrast);
  if (!plan.absent.empty()) return plan;
  const CohortAttribute& attribute =
      cohort.attributes[cohort.AttributeIndex(contrast.attribute)];
  const auto level_of = [&](const std::string& group) {
    return static_cast<int32_t>(
        std::find(attribute.levels.begin(), attribute.levels.end(), group) -
        attribute.levels.begin());
  };
  const CohortLabel* label = nullptr;
  for (const CohortLabel& other : cohort.labels) {
    if (other.name == contrast.label) label = &other;
  }
  const Counts a =
      CountGroup(cohort, *label, attribute, level_of(contrast.group));
  const Counts b =
      CountGroup(cohort, *label, attribute, level_of(contrast.reference));
  plan.positives_a = a.positives;
  plan.positives_b = b.positives;
  plan.subjects_a = a.positive_subjects;
  plan.subjects_b = b.positive_subjects;
  plan.negatives_a = a.negatives;
  plan.negatives_b = b.negatives;
  // As if the errors on one person's images were all alike.
  const int64_t positives = a.positives + b.positives;
  const int64_t people = a.positive_subjects + b.positive_subjects;
  plan.design_effect =
      people > 0 ? static_cast<double>(positives) / static_cast<double>(people)
                 : 1;
  if (a.positives < 2 || b.positives < 2) return plan;
  if (contrast.metric == "fnr") {
    plan.detectable = SmallestDetectableDifference(
        kAssumedFnr, static_cast<double>(b.positives),
        static_cast<double>(a.positives), true,
        {.design_effect = plan.design_effect});
  } else if (a.negatives >= 2 && b.negatives >= 2) {
    const double variance =
        HanleyMcNeilVariance(kAssumedAuroc, static_cast<double>(a.positives),
                             static_cast<double>(a.negatives)) +
        HanleyMcNeilVariance(kAssumedAuroc, static_cast<double>(b.positives),
                             static_cast<double>(b.negatives));
    plan.detectable =
        SmallestDetectableShift(std::sqrt(variance * plan.design_effect));
  }
  // Telling the groups apart: AUROC against 0.5, people as rows.
  plan.detectable_leak = SmallestDetectableShift(std::sqrt(HanleyMcNeilVariance(
      0.5, static_cast<double>(a.subjects), static_cast<double>(b.subjects))));
  plan.reached = plan.detectable <= contrast.margin;
  return plan;
}

}  // namespace

void PlanContrasts(Context* context) {
  const Cohort& cohort = context->cohort();
  for (const Contrast& contrast : cohort.roles.contrasts) {
    context->result->plan.push_back(Plan(*context, contrast, true));
  }
  // Nothing is declared: what could be.
  if (cohort.roles.contrasts.empty()) {
    for (const CohortLabel& label : cohort.labels) {
      ForEachGroup(*context, [&](size_t a, int32_t group, int32_t reference) {
        if (context->result->plan.size() >= kMostPlanned) return;
        const CohortAttribute& attribute = cohort.attributes[a];
        context->result->plan.push_back(
            Plan(*context,
                 {.attribute = attribute.name,
                  .group = attribute.levels[group],
                  .reference = attribute.levels[reference],
                  .label = label.name},
                 false));
      });
    }
  }
  for (const PlannedContrast& plan : context->result->plan) {
    if (!plan.declared || plan.reached) continue;
    Estimate effect;
    effect.value = plan.detectable;
    effect.n = plan.positives_a + plan.positives_b;
    effect.subjects = plan.subjects_a + plan.subjects_b;
    effect.method = "power_0.8";
    if (std::isnan(plan.detectable)) effect.reason = "too_few_positives";
    const Contrast& c = plan.contrast;
    AddFinding(
        context,
        {.code = "SV309",
         .chapter = 3,
         .severity = Severity::kMedium,
         .text = std::isnan(plan.detectable)
                     ? fmt::format("The declared comparison of {} for {} "
                                   "between {}={} and {} cannot be made: {}.",
                                   c.metric, c.label, c.attribute, c.group,
                                   c.reference,
                                   plan.absent.empty()
                                       ? "too few cases"
                                       : "the cohort has no " + plan.absent)
                     : fmt::format(
                           "The declared comparison of {} for {} between {}={} "
                           "and {} shows no gap below {:.3f}; the margin is "
                           "{:.3f}.",
                           c.metric, c.label, c.attribute, c.group, c.reference,
                           plan.detectable, c.margin),
         .action = "Collect more cases (plumbline power says how many), or "
                   "declare a wider margin before the model exists.",
         .effect = effect,
         .measure = "detectable_difference",
         .attribute = c.attribute,
         .group = c.group,
         .label = c.label});
  }
}

}  // namespace plumbline::survey
