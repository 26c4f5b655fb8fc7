// The checks of the survey, one function each, and what they share. Each fills
// its part of the result and adds its findings.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "plumbline/stats/association.h"
#include "plumbline/survey/input.h"
#include "plumbline/survey/label_rates.h"
#include "plumbline/survey/options.h"
#include "plumbline/survey/result.h"

namespace plumbline::survey {

struct Context {
  const SurveyInput& input;
  const SurveyOptions& options;
  SurveyResult* result;
  // Of each attribute: the level that others are compared with; -1 if it has
  // no group.
  std::vector<int32_t> reference;
  // By label, attribute and level.
  std::vector<std::vector<std::vector<LabelRates>>> rates;

  const Cohort& cohort() const { return *input.cohort; }
};

void CheckFlow(Context* context);              // A1
void CheckRepresentation(Context* context);    // A2, A3
void CheckPrevalence(Context* context);        // A4
void CheckMissingness(Context* context);       // A5
void CheckLabelReliability(Context* context);  // A6
void CheckAcquisition(Context* context);       // A7
void CheckIntersections(Context* context);     // B1, B2, B4
void CheckClustering(Context* context);        // B3
void CheckAssociations(Context* context);      // C1
void CheckDrivers(Context* context);           // C2 to C5
void CheckAttributeModels(Context* context);   // C6
void CheckMix(Context* context);               // C7
void CheckSplitOfCohort(Context* context);     // C7, C8
void CheckDuplicates(Context* context);        // C8
void PlanContrasts(Context* context);          // C9

// --- Shared ------------------------------------------------------------------

// Two rates, over effective rows. People with rows in both groups count in
// each, which makes the intervals wider, not narrower, where their rows
// resemble one another.
struct Comparison {
  Estimate difference;  // of the rates
  Estimate smd;
  Estimate ratio;
};
Comparison CompareRates(const ProportionSums& group,
                        const ProportionSums& reference, double level);

// Below this an expected count is too small for the normal and the chi-squared
// distribution (Cochran 1954, Biometrics 10:417-451).
inline constexpr double kLeastExpected = 5;

// That two rates, of so many effective rows, are one: the pooled z-test, or
// Fisher's exact test where fewer than 5 are expected in a cell, which an
// estimate of the variance from the few would call certain.
double SameRateP(double p_a, double n_a, double p_b, double n_b);

// The smallest expected count of a table, rows and columns without counts left
// out.
double SmallestExpected(const ContingencyTable& table);

// That the two rows of a table have one mix of columns: chi-squared, or, where
// fewer than 5 are expected in a cell, the smallest SameRateP of a column
// against all others, times their number (Bonferroni). 1 if there is nothing to
// compare.
double SameMixP(const ContingencyTable& table);

// Fills p_adjusted (Benjamini and Yekutieli) of a family.
void AdjustFamily(const std::vector<Estimate*>& family);

// Groups other than the reference, with what they are called.
void ForEachGroup(const Context& context,
                  const std::function<void(size_t attribute, int32_t group,
                                           int32_t reference)>& work);

// Effect times certainty times reach: each 1 or 2, where the effect is past
// `alarm`, p below 0.001, and a fifth of the subjects in the group. 1 and 2 are
// low, 4 medium, 8 high.
Severity Grade(const Context& context, double effect, double alarm,
               double p_adjusted, double share_of_subjects);

// Subjects with a row of the group.
int64_t SubjectsIn(const Cohort& cohort, const CohortAttribute& attribute,
                   int32_t level);

void AddFinding(Context* context, Finding finding);

// "sex=F".
std::string GroupName(const CohortAttribute& attribute, int32_t level);

// "12.3 %", "+3.1 pp".
std::string Percent(double share);
std::string Points(double difference);

}  // namespace plumbline::survey
