#include "plumbline/survey/survey.h"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>

#include "plumbline/base/error.h"
#include "plumbline/base/interrupt.h"
#include "plumbline/base/text.h"
#include "plumbline/survey/checks.h"

namespace plumbline::survey {
namespace {

void ChooseReferences(Context* context) {
  const Cohort& cohort = context->cohort();
  for (const auto& [attribute, group] : context->options.references) {
    const int index = cohort.AttributeIndex(attribute);
    if (index < 0) {
      throw Error(ErrorCode::kUsage,
                  "--reference {}={}: there is no attribute \"{}\"{}",
                  attribute, group, attribute,
                  DidYouMean(attribute, cohort.roles.attributes));
    }
    // Nobody can be compared with those whose group is not known.
    std::vector<std::string> groups;
    for (size_t l = 0; l < cohort.attributes[index].levels.size(); ++l) {
      if (cohort.attributes[index].IsGroup(static_cast<int32_t>(l))) {
        groups.push_back(cohort.attributes[index].levels[l]);
      }
    }
    if (std::find(groups.begin(), groups.end(), group) == groups.end()) {
      throw Error(ErrorCode::kUsage,
                  "--reference {}={}: {} has no such group; "
                  "there are {}",
                  attribute, group, attribute, JoinWords(groups));
    }
  }
  for (const CohortAttribute& attribute : cohort.attributes) {
    const auto declared = context->options.references.find(attribute.name);
    int32_t best = -1;
    int64_t most = 0;
    for (size_t l = 0; l < attribute.levels.size(); ++l) {
      const auto level = static_cast<int32_t>(l);
      if (!attribute.IsGroup(level)) continue;
      if (declared != context->options.references.end()) {
        if (declared->second == attribute.levels[l]) best = level;
        continue;
      }
      const int64_t subjects = SubjectsIn(cohort, attribute, level);
      if (subjects > most) {
        most = subjects;
        best = level;
      }
    }
    context->reference.push_back(best);
  }
}

void AddLimitations(const SurveyInput& input, SurveyResult* result) {
  const Cohort& cohort = *input.cohort;
  if (!cohort.has_subjects) {
    result->limitations.emplace_back(
        "No column says whose image a row is: every row was taken for another "
        "person, and intervals are too narrow if people have several.");
  }
  if (cohort.labels.empty()) {
    result->limitations.emplace_back(
        "No column is a label: prevalence, missing labels and their drivers "
        "were not looked at.");
  }
  if (input.images == 0) {
    result->limitations.emplace_back(
        "No images were read: duplicates, image quality and facts of headers "
        "were not looked at.");
  }
  if (cohort.roles.references.empty()) {
    result->limitations.emplace_back(
        "No reference population was declared: whether a group is "
        "underrepresented cannot be told ([reference] in cohort.toml).");
  }
  if (cohort.roles.flow.empty()) {
    result->limitations.emplace_back(
        "No flow was declared: who was lost before this table was made cannot "
        "be told ([[flow]] in cohort.toml).");
  }
  if (!cohort.HasSplit()) {
    result->limitations.emplace_back(
        "No column is the split: leakage between training and test was not "
        "looked at.");
  }
  result->limitations.emplace_back(
      "Associations and decompositions describe this table. They do not say "
      "what causes what.");
}

}  // namespace

SurveyResult Survey(const SurveyInput& input, const SurveyOptions& options) {
  SurveyResult result;
  Context context{input, options, &result, {}, {}};
  const Cohort& cohort = context.cohort();
  if (cohort.attributes.empty()) {
    throw Error(ErrorCode::kInvalidInput,
                "the cohort has no attributes of people; name them with --by, "
                "such as --by sex,age, or as attributes in cohort.toml");
  }
  result.rows = cohort.rows;
  result.subjects = cohort.subject_count;
  result.images = input.images;
  result.has_subjects = cohort.has_subjects;
  ChooseReferences(&context);
  context.rates = RatesOfLabels(input, options.threads);
  for (void (*check)(Context*) :
       {&CheckFlow, &CheckRepresentation, &CheckPrevalence, &CheckMissingness,
        &CheckLabelReliability, &CheckAcquisition, &CheckIntersections,
        &CheckClustering, &CheckAssociations, &CheckDrivers,
        &CheckAttributeModels, &CheckMix, &CheckSplitOfCohort, &CheckDuplicates,
        &PlanContrasts}) {
    StopIfInterrupted();
    check(&context);
  }
  AddLimitations(input, &result);
  std::stable_sort(result.findings.begin(), result.findings.end(),
                   [](const Finding& a, const Finding& b) {
                     return a.severity > b.severity;
                   });
  return result;
}

const char* NameOf(Severity severity) {
  switch (severity) {
    case Severity::kNote:
      return "info";
    case Severity::kLow:
      return "low";
    case Severity::kMedium:
      return "medium";
    case Severity::kHigh:
      return "high";
  }
  return "";
}

}  // namespace plumbline::survey
