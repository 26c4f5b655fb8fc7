#include "plumbline/audit/power/power_plan.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <string>

#include "plumbline/base/error.h"
#include "plumbline/base/file.h"
#include "plumbline/base/json.h"
#include "plumbline/stats/proportion.h"

namespace plumbline {
namespace {

Json Golden() {
  const std::string path =
      std::string(PLUMBLINE_SOURCE_DIR) + "/tests/golden/power.json";
  return ParseJson(ReadFile(path), path);
}

PowerGoal GoalOf(const std::string& name) {
  for (const PowerGoal goal :
       {PowerGoal::kEquivalence, PowerGoal::kNonInferiority}) {
    if (name == PowerGoalName(goal)) return goal;
  }
  return PowerGoal::kDifference;
}

TEST(ExactChance, EqualsScipyAndStatsmodels) {
  const Json golden = Golden();
  for (const Json& c : golden.at("exact")) {
    const PowerDecision decision{GoalOf(c["goal"]), c["margin"], c["z"]};
    EXPECT_NEAR(
        ExactChance({c["p_a"], c["n_a"]}, {c["p_b"], c["n_b"]}, decision),
        c["power"].get<double>(), 1e-9)
        << c.dump();
  }
}

TEST(NormalChance, EqualsStatsmodels) {
  const Json golden = Golden();
  for (const Json& c : golden.at("normal")) {
    const double a = c["p_a"];
    const double b = c["p_b"];
    const double se =
        std::sqrt((a * (1 - a) + b * (1 - b)) / c["n"].get<double>());
    EXPECT_NEAR(
        NormalChance(b - a, se,
                     {PowerGoal::kDifference, b - a, 1.6448536269514722}),
        c["power"].get<double>(), 1e-9);
  }
}

PowerPlanOptions TwoGroups(double expected = 0.33) {
  PowerPlanOptions options;
  options.groups = {{"A", 0.5, 0.088, 0, expected},
                    {"B", 0.5, 0.088, 0, expected}};
  return options;
}

// The specification's example: 0.33 against 0.38 with 80 % power.
TEST(PlanPower, Needs1434PositivesIn16300Rows) {
  const PowerPlan plan = PlanPower(TwoGroups());
  EXPECT_STREQ(plan.method, "normal");
  EXPECT_EQ(plan.needs[0].trials, 1434);
  EXPECT_EQ(plan.needs[0].rows, 16296);
  EXPECT_EQ(std::ceil(plan.formula_trials), 1434);
  EXPECT_EQ(plan.subjects, 2 * 16296);
}

TEST(PlanPower, GivesTheSameForSensitivityAndItsComplement) {
  PowerPlanOptions options = TwoGroups(0.67);
  options.metric = "sensitivity";
  EXPECT_EQ(PlanPower(options).needs[0].trials, 1434);
}

TEST(PlanPower, IsExactWhereTheFormulaIsOff) {
  PowerPlanOptions options = TwoGroups(0.01);
  options.margin = 0.09;
  const PowerPlan plan = PlanPower(options);
  EXPECT_STREQ(plan.method, "exact");
  EXPECT_GE(plan.power, 0.8);
  EXPECT_NE(plan.needs[0].trials, std::ceil(plan.formula_trials));
}

TEST(PlanPower, MarginIsTheInverseOfSubjects) {
  PowerPlanOptions options = TwoGroups();
  const PowerPlan forward = PlanPower(options);
  options.subjects = forward.needs[0].subjects;
  const PowerPlan back = PlanPower(options);
  EXPECT_NEAR(back.margin, 0.05, 2e-5);
  EXPECT_EQ(back.needs[0].subjects, forward.needs[0].subjects);
}

TEST(PlanPower, GrowsWithTheDesignEffectAndShrinksWithRowsPerSubject) {
  PowerPlanOptions options = TwoGroups();
  options.rows_per_subject = 2.5;
  options.icc = 0.2;
  const PowerPlan plan = PlanPower(options);
  EXPECT_NEAR(plan.design_effects[0], 1.3, 1e-12);
  EXPECT_EQ(plan.needs[0].trials,
            static_cast<int64_t>(std::ceil(1433.6 * 1.3)));
  EXPECT_LT(plan.needs[0].subjects, 16296);
}

// Eldridge 2006: equal sizes give 1 + (m - 1) icc.
TEST(PowerDesignEffect, TakesUnequalSizesIntoAccount) {
  EXPECT_NEAR(PowerDesignEffect(5, 0, 0.1), 1.4, 1e-12);
  EXPECT_NEAR(PowerDesignEffect(5, 0.6, 0.1), 1 + (1.36 * 5 - 1) * 0.1, 1e-12);
  EXPECT_EQ(PowerDesignEffect(1, 0, 0.5), 1);
}

TEST(PlanPower, SharesTheLevelAmongGroups) {
  PowerPlanOptions options = TwoGroups();
  options.groups = {{"A", 0.6, 0.1, 0, 0.3},
                    {"B", 0.3, 0.1, 0, 0.3},
                    {"C", 0.1, 0.1, 0, 0.3}};
  const PowerPlan plan = PlanPower(options);
  EXPECT_NEAR(plan.z, 2.3437, 1e-3);  // q(0.95; 3) / sqrt 2 = 3.3145 / 1.4142
  EXPECT_EQ(plan.limiting, "C");
  EXPECT_GT(plan.subjects_at_shares, plan.subjects);
  options.comparisons = 2;
  EXPECT_NEAR(PlanPower(options).z, 2.2414, 1e-4);
}

TEST(PlanPower, OfPrecisionHoldsToEitherSide) {
  PowerPlanOptions options = TwoGroups(0.02);
  options.goal = PowerGoal::kPrecision;
  const int64_t n = PlanPower(options).needs[0].trials;
  const auto reach = [](int64_t trials) {
    const auto size = static_cast<double>(trials);
    const Interval wilson = WilsonIntervalOfShare(0.02, size, 0.95);
    return std::max(wilson.hi - wilson.value, wilson.value - wilson.lo);
  };
  EXPECT_LE(reach(n), 0.05);
  EXPECT_GT(reach(n - 1), 0.05);
}

// The normal formula asks for 6171, of which 77.7 % of studies would succeed
// (simulated).
TEST(PlanPower, IsExactForRareEventsInLargeStudies) {
  PowerPlanOptions options = TwoGroups(0.002);
  options.goal = PowerGoal::kNonInferiority;
  options.margin = 0.002;
  const PowerPlan plan = PlanPower(options);
  EXPECT_STREQ(plan.method, "exact");
  const auto n = static_cast<double>(plan.needs[0].trials);
  EXPECT_GT(n, 6300);
  EXPECT_NEAR(ExactChance({0.002, n}, {0.002, n},
                          {PowerGoal::kNonInferiority, 0.002, plan.z}),
              plan.power, 1e-12);
  EXPECT_GE(plan.power, 0.8);
}

TEST(PlanPower, OfAurocUsesBothClasses) {
  PowerPlanOptions options = TwoGroups(0.85);
  options.metric = "auroc";
  const PowerPlan rare = PlanPower(options);
  for (PowerGroup& group : options.groups) group.prevalence = 0.5;
  EXPECT_GT(rare.needs[0].rows, 2 * PlanPower(options).needs[0].rows);
}

std::string MessageOf(const PowerPlanOptions& options) {
  try {
    PlanPower(options);
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kUsage);
    return error.what();
  }
  return "no error";
}

TEST(PlanPower, SaysWhatItFoundWhenItsOptionsAreImpossible) {
  PowerPlanOptions options = TwoGroups(0.97);
  EXPECT_EQ(MessageOf(options),
            "--margin 0.05: a fnr of 0.97 cannot be worse by that much; give a "
            "smaller margin or another --expected");
  options = TwoGroups();
  options.groups[0].share = 0.6;
  EXPECT_EQ(MessageOf(options),
            "the shares of the groups must add up to 1, found 1.1");
  options = TwoGroups();
  options.groups[1].expected = 0.5;
  options.goal = PowerGoal::kEquivalence;
  EXPECT_EQ(MessageOf(options),
            "no number of subjects reaches this goal: the expected values "
            "differ by the margin of 0.05 or more; give a larger --margin, or "
            "expected values that lie closer");
  options = TwoGroups();
  options.subjects = 10;
  EXPECT_EQ(MessageOf(options),
            "--subjects 10: too few to show any margin; a group would have "
            "about 0.9 rows in the denominator of fnr");
}

}  // namespace
}  // namespace plumbline
