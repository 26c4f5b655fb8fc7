#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "plumbline/stats/power.h"
#include "plumbline/survey/survey_for_test.h"

namespace plumbline::survey {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::string Cases(int f, int m) {
  return Csv("sex,y", {{f, "F,1"}, {300, "F,0"}, {m, "M,1"}, {400, "M,0"}});
}

CohortRoles Declared(const Contrast& contrast) {
  CohortRoles roles = Roles({"sex"}, {"y"});
  roles.contrasts = {contrast};
  return roles;
}

TEST(Plan, SaysWhatCouldBeDeclared) {
  const SurveyResult result = SurveyOf(Cases(100, 120), Roles({"sex"}, {"y"}));
  ASSERT_EQ(result.plan.size(), 1u);
  const PlannedContrast& plan = result.plan[0];
  EXPECT_FALSE(plan.declared);
  EXPECT_EQ(plan.contrast.group, "F");
  EXPECT_EQ(plan.contrast.reference, "M");
  EXPECT_EQ(plan.positives_a, 100);
  EXPECT_EQ(plan.negatives_b, 400);
  EXPECT_EQ(plan.design_effect, 1);
  // A gap of that size is found with the power that was asked for.
  EXPECT_NEAR(PowerOfProportions(0.2, 0.2 + plan.detectable, 120, 100), 0.8,
              1e-6);
  EXPECT_THAT(TextsOf(result, "SV309"), IsEmpty());
}

TEST(Plan, NamesTheComparisonThatIsOutOfReach) {
  const SurveyResult few =
      SurveyOf(Cases(100, 120), Declared({"sex", "F", "M", "y", "fnr", 0.05}));
  ASSERT_EQ(few.plan.size(), 1u);
  EXPECT_TRUE(few.plan[0].declared);
  EXPECT_FALSE(few.plan[0].reached);
  EXPECT_THAT(
      TextsOf(few, "SV309"),
      ElementsAre(fmt::format("The declared comparison of fnr for y between "
                              "sex=F and M shows no gap below {:.3f}; the "
                              "margin is 0.050.",
                              few.plan[0].detectable)));
  const SurveyResult many = SurveyOf(
      Cases(3000, 3000), Declared({"sex", "F", "M", "y", "fnr", 0.05}));
  EXPECT_TRUE(many.plan[0].reached);
  EXPECT_THAT(TextsOf(many, "SV309"), IsEmpty());
}

// Twice the images of the same people are no more people.
TEST(Plan, CountsPeople) {
  std::string csv = "id,sex,y\n";
  for (int s = 0; s < 200; ++s) {
    for (int i = 0; i < 2; ++i) {
      csv += fmt::format("{},{},1\n{},{},0\n", s, s % 2 ? "F" : "M", 1000 + s,
                         s % 2 ? "F" : "M");
    }
  }
  const PlannedContrast twice = SurveyOf(csv, Roles({"sex"}, {"y"})).plan.at(0);
  EXPECT_EQ(twice.positives_a, 200);
  EXPECT_EQ(twice.subjects_a, 100);
  EXPECT_EQ(twice.design_effect, 2);
  const PlannedContrast once =
      SurveyOf(Cases(100, 100), Roles({"sex"}, {"y"})).plan.at(0);
  EXPECT_NEAR(twice.detectable, once.detectable, 1e-12);
}

TEST(Plan, SaysThatThereAreTooFewCases) {
  const SurveyResult result =
      SurveyOf(Cases(1, 120), Declared({"sex", "F", "M", "y", "fnr", 0.05}));
  EXPECT_TRUE(std::isnan(result.plan.at(0).detectable));
  EXPECT_THAT(TextsOf(result, "SV309"),
              ElementsAre("The declared comparison of fnr for y between sex=F "
                          "and M cannot be made: too few cases."));
}

TEST(Plan, SaysWhatTheCohortDoesNotHaveOfIt) {
  for (const auto& [contrast, absent] :
       {std::pair<Contrast, std::string>{{"race", "A", "B", "y"},
                                         "attribute \"race\""},
        {{"sex", "X", "M", "y"}, "group \"sex=X\""},
        {{"sex", "F", "N", "y"}, "group \"sex=N\""},
        {{"sex", "F", "M", "z"}, "label \"z\""}}) {
    const SurveyResult result = SurveyOf(Cases(100, 120), Declared(contrast));
    EXPECT_THAT(TextsOf(result, "SV309"),
                ElementsAre(::testing::EndsWith(
                    "cannot be made: the cohort has no " + absent + ".")));
  }
}

TEST(Plan, OfAnAurocTakesNegativesToo) {
  const PlannedContrast plan =
      SurveyOf(Cases(100, 120), Declared({"sex", "F", "M", "y", "auroc", 0.05}))
          .plan.at(0);
  // Hanley and McNeil 1982 at 0.8: Q1 = 2 / 3, Q2 = 8 / 9.
  const auto variance = [](double p, double n) {
    return (0.16 + (p - 1) * (2 / 3.0 - 0.64) +
            (n - 1) * (2 * 0.64 / 1.8 - 0.64)) /
           (p * n);
  };
  EXPECT_NEAR(plan.detectable,
              (1.959963985 + 0.841621234) *
                  std::sqrt(variance(100, 300) + variance(120, 400)),
              1e-8);
}

}  // namespace
}  // namespace plumbline::survey
