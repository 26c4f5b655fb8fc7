// Subjects for a wanted margin, and the margin for given subjects.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "plumbline/audit/power/power_chance.h"

namespace plumbline {

// What a metric divides by: which rows count as trials.
enum class PowerDenominator {
  kPositives,  // fnr, sensitivity
  kNegatives,  // fpr, specificity
  kFlagged,    // ppv
  kUnflagged,  // npv
  kRows,       // selection_rate, accuracy
  kBoth,       // auroc: positives and negatives
};

struct PowerMetric {
  const char* name;
  const char* label;
  PowerDenominator denominator;
  bool lower_is_worse;
};

std::span<const PowerMetric> PowerMetrics();
const PowerMetric* FindPowerMetric(const std::string& name);  // null: none

struct PowerGroup {
  std::string name;
  double share = 0;       // of the subjects; the shares add up to 1
  double prevalence = 0;  // of the finding among its rows, in (0, 1)
  double flagged = 0;     // share of its rows that the model flags (ppv, npv)
  double expected = 0;    // of the metric, in (0, 1)
  // Of the metric, from a pilot; 0: from icc and the rows of a subject.
  double design_effect = 0;
};

struct PowerPlanOptions {
  std::string metric = "fnr";
  PowerGoal goal = PowerGoal::kDifference;
  double margin = 0.05;  // in (0, 1)
  double power = 0.8;    // of each comparison, in (0, 1)
  // Coverage of intervals; 1 - level is also the level of tests: two-sided for
  // a difference, one-sided for equivalence and non-inferiority.
  double level = 0.95;
  // Tests among which the level is shared (Bonferroni, the first step of
  // Holm). 0: the studentised range of all groups for a difference. Claims of
  // equivalence need no correction: all of them must hold.
  int comparisons = 0;
  double rows_per_subject = 1;  // mean, >= 1
  double size_cv = 0;           // coefficient of variation of that number
  double icc = 0;               // correlation of two rows of one subject
  double missing = 0;           // share of subjects without usable rows
  // Subjects of each group; above 0: find the margin instead.
  int64_t subjects = 0;
  // At least two; the one with the largest share is the reference.
  std::vector<PowerGroup> groups;
};

struct PowerNeed {
  int64_t trials = 0;    // rows of the denominator
  int64_t rows = 0;      // images
  int64_t subjects = 0;  // people to enrol, missing ones included
};

struct PowerPoint {
  double subjects = 0;  // of the group that needs most
  double trials = 0;
  double margin = 0;
  double power = 0;
};

struct PowerPlan {
  double margin = 0;  // the given one, or the one found
  double z = 0;       // of the interval that decides
  int comparisons = 0;
  std::vector<double> design_effects;  // a group
  std::vector<PowerNeed> needs;        // a group, all with as many trials
  int64_t subjects = 0;                // their sum
  // Where groups come with their shares: subjects in all.
  std::vector<PowerNeed> needs_at_shares;
  int64_t subjects_at_shares = 0;
  std::string limiting;  // the group that decides subjects_at_shares
  double power = 0;      // of the weakest comparison with `needs`
  // (z_1 + z_2)^2 (p q + p q) / d^2 x design effect: textbook; NaN where the
  // goal or the metric has no such formula.
  double formula_trials = 0;
  const char* method = "";                  // exact or normal
  std::vector<PowerPoint> margin_by_size;   // at the wanted power
  std::vector<PowerPoint> power_by_margin;  // at the planned size
};

// 1 + ((cv^2 + 1) m - 1) icc, at least 1 (Eldridge, Ashby, Kerry 2006, Int. J.
// Epidemiol. 35:1292-1300, eq. 3).
double PowerDesignEffect(double rows_per_subject, double size_cv, double icc);

// Power is exact (ExactChance) where n p (1 - p) of n effective trials is at
// most 250 in both groups, so always up to 1000 trials; beyond normal, as for
// auroc. The smallest number of trials from which on the next ten reach the
// power too: exact power is a saw.
//
// Throws Error(kUsage) for a value out of its range, named as the option, and
// for an expected value from which the margin leads out of (0, 1).
PowerPlan PlanPower(const PowerPlanOptions& options);

// power.json (plumbline.power/1, docs/power.md).
nlohmann::ordered_json ToJson(const PowerPlan& plan,
                              const PowerPlanOptions& options);

const char* PowerGoalName(PowerGoal goal);

}  // namespace plumbline
