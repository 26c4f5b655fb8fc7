#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "plumbline/survey/survey_for_test.h"

namespace plumbline::survey {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

AssociationRow PairOf(const SurveyResult& result, const std::string& x,
                      const std::string& y) {
  for (const AssociationRow& row : result.associations) {
    if (row.x == x && row.y == y) return row;
  }
  return {};
}

// The table of association_test.cc, from scipy.
TEST(Associations, AreThoseOfTheTable) {
  const SurveyResult result = SurveyOf(Csv("sex,view", {{30, "F,A"},
                                                        {20, "F,B"},
                                                        {10, "F,C"},
                                                        {15, "M,A"},
                                                        {25, "M,B"},
                                                        {40, "M,C"}}),
                                       Roles({"sex"}, {}, {"view"}));
  const AssociationRow row = PairOf(result, "sex", "view");
  EXPECT_EQ(row.association.n, 140);
  EXPECT_NEAR(row.association.corrected_v.value, 0.3708461115, 1e-9);
  EXPECT_NEAR(row.p, 2.58082896e-05, 1e-12);
  EXPECT_EQ(row.p_adjusted, row.p);
}

// Chi-squared is not to be trusted with two people in a cell.
TEST(Associations, TakeThePermutationOfSmallTables) {
  const SurveyResult result = SurveyOf(
      Csv("sex,view", {{3, "F,A"}, {4, "F,B"}, {1, "M,A"}, {9, "M,B"}}),
      Roles({"sex"}, {}, {"view"}));
  const AssociationRow row = PairOf(result, "sex", "view");
  EXPECT_EQ(row.p, row.association.p);
  EXPECT_NE(row.p, row.association.p_chi_squared);
}

TEST(Associations, LeaveOutWhoIsNotKnown) {
  const SurveyResult result = SurveyOf(
      Csv("sex,view", {{20, "F,A"}, {20, "M,B"}, {20, "unknown,A"}, {9, "M,"}}),
      Roles({"sex"}, {}, {"view"}));
  EXPECT_EQ(PairOf(result, "sex", "view").association.n, 40);
}

// One row of each person: copies of a row say nothing new.
TEST(Associations, CountPeople) {
  std::string csv = "id,sex,view\n";
  for (int s = 0; s < 40; ++s) {
    for (int i = 0; i < 10; ++i) {
      csv += fmt::format("{},{},{}\n", s, s % 2 ? "F" : "M", s % 4 < 2 ? 1 : 2);
    }
  }
  const SurveyResult result = SurveyOf(csv, Roles({"sex"}, {}, {"view"}));
  EXPECT_EQ(PairOf(result, "sex", "view").association.n, 40);
}

TEST(Shortcuts, AreLabelsThatGoWithHowImagesWereMade) {
  const SurveyResult result =
      SurveyOf(Csv("sex,a,b,c,view", {{40, "F,1,1,1,AP"},
                                      {40, "M,1,1,0,AP"},
                                      {10, "F,0,0,1,AP"},
                                      {10, "M,0,0,0,AP"},
                                      {10, "F,1,0,1,PA"},
                                      {10, "M,1,1,0,PA"},
                                      {40, "F,0,0,1,PA"},
                                      {40, "M,0,0,0,PA"}}),
               Roles({"sex"}, {"a", "b", "c"}, {"view"}));
  // b has V 0.7, a 0.6, c nothing.
  EXPECT_THAT(TextsOf(result, "SV301"),
              ElementsAre("b and a go with view: a model can guess them from "
                          "how the image was made."));
  const Finding finding = FindingsOf(result, "SV301")[0];
  EXPECT_EQ(finding.severity, Severity::kHigh);
  EXPECT_EQ(finding.label, "b");
  EXPECT_EQ(finding.covariate, "view");
  EXPECT_EQ(finding.chapter, 3);
  EXPECT_NEAR(PairOf(result, "a", "view").association.cramers_v, 0.6, 1e-12);
  EXPECT_LT(PairOf(result, "c", "view").association.corrected_v.value, 0.05);
}

}  // namespace
}  // namespace plumbline::survey
