#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "plumbline/survey/survey_for_test.h"

namespace plumbline::survey {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(Mix, IsTheStabilityIndexOfASiteAgainstTheRest) {
  CohortRoles roles = Roles({"sex"});
  roles.site = "hospital";
  const SurveyResult result =
      SurveyOf(Csv("sex,hospital",
                   {{30, "F,S1"}, {70, "M,S1"}, {70, "F,S2"}, {30, "M,S2"}}),
               roles);
  ASSERT_EQ(result.mix.size(), 2u);
  EXPECT_EQ(result.mix[0].by, "site");
  EXPECT_EQ(result.mix[0].level, "S1");
  EXPECT_EQ(result.mix[0].subjects, 100);
  EXPECT_NEAR(
      result.mix[0].stability_index,
      (0.3 - 0.7) * std::log(0.3 / 0.7) + (0.7 - 0.3) * std::log(0.7 / 0.3),
      1e-12);
  EXPECT_THAT(TextsOf(result, "SV307"),
              ElementsAre("The mix of sex depends on site: site=S1 differs "
                          "most from the rest (stability index 0.68)."));
  EXPECT_EQ(FindingsOf(result, "SV307")[0].severity, Severity::kMedium);
}

// Fewer than 30 people are always another mix.
TEST(Mix, DoesNotSpeakOfAHandful) {
  CohortRoles roles = Roles({"sex"});
  roles.site = "hospital";
  EXPECT_THAT(
      TextsOf(SurveyOf(Csv("sex,hospital",
                           {{29, "F,S1"}, {100, "F,S2"}, {100, "M,S2"}}),
                       roles),
              "SV307"),
      ::testing::Not(::testing::Contains(::testing::HasSubstr("site=S1"))));
}

TEST(Mix, CutsYearsIntoFifths) {
  CohortRoles roles = Roles({"sex"});
  roles.time = "year";
  People people;
  for (int year = 2000; year < 2020; ++year) {
    people.emplace_back(10, fmt::format("F,{}", year));
    people.emplace_back(year < 2004 ? 30 : 5, fmt::format("M,{}", year));
  }
  const SurveyResult result = SurveyOf(Csv("sex,year", people), roles);
  EXPECT_EQ(result.mix.size(), 5u);
  EXPECT_EQ(result.mix[0].by, "time");
  EXPECT_THAT(TextsOf(result, "SV307"),
              ElementsAre(::testing::HasSubstr("time=1 of 5")));
}

CohortRoles WithSplit(const std::vector<std::string>& labels) {
  CohortRoles roles = Roles({"sex"}, labels);
  roles.split = "part";
  return roles;
}

TEST(Split, NamesPeopleOnBothSides) {
  const SurveyResult result = SurveyOf(
      "id,sex,part\n1,F,train\n1,F,test\n2,M,train\n2,M,train\n3,M,test\n"
      "4,F,test\n4,F,train\n",
      WithSplit({}));
  EXPECT_TRUE(result.has_split);
  EXPECT_EQ(result.split.crossing_subjects, 2);
  EXPECT_EQ(result.split.crossing_rows, 4);
  EXPECT_THAT(TextsOf(result, "SV318"),
              ElementsAre("2 subjects have rows in several parts of the split "
                          "(first: rows 2 and 3)."));
  EXPECT_EQ(FindingsOf(result, "SV318")[0].severity, Severity::kHigh);
}

TEST(Split, ComparesItsParts) {
  const SurveyResult result = SurveyOf(Csv("sex,part,y", {{50, "F,train,1"},
                                                          {150, "M,train,0"},
                                                          {80, "F,test,1"},
                                                          {20, "M,test,0"}}),
                                       WithSplit({"y"}));
  ASSERT_EQ(result.split_balance.size(), 2u);
  const SplitBalance& sex = result.split_balance[0];
  EXPECT_EQ(sex.what, "sex");
  EXPECT_EQ(sex.part_a, "test");
  EXPECT_EQ(sex.part_b, "train");
  EXPECT_NEAR(sex.smd.value, 0.55 / std::sqrt((0.25 * 0.75 + 0.8 * 0.2) / 2),
              1e-12);
  EXPECT_EQ(result.split_balance[1].what, "y");
  EXPECT_THAT(TextsOf(result, "SV317"),
              ElementsAre("sex is distributed otherwise in test than in train "
                          "(standardised difference 1.32).",
                          "y is distributed otherwise in test than in train "
                          "(standardised difference 1.32)."));
  EXPECT_THAT(TextsOf(result, "SV318"), IsEmpty());
}

TEST(Split, IsAFindingWhereThePartsHaveNothingInCommon) {
  EXPECT_THAT(
      TextsOf(SurveyOf(Csv("sex,part", {{40, "F,test"}, {60, "M,train"}}),
                       WithSplit({})),
              "SV317"),
      ElementsAre("sex is distributed otherwise in test than in train "
                  "(nothing in common)."));
}

TEST(Split, DoesNotMakeAFindingOfOnePerson) {
  const SurveyResult result = SurveyOf(Csv("sex,part,y", {{100, "F,train,0"},
                                                          {1, "F,train,1"},
                                                          {900, "M,train,0"},
                                                          {5, "F,test,0"},
                                                          {1, "F,test,1"},
                                                          {45, "M,test,0"}}),
                                       WithSplit({"y"}));
  EXPECT_GT(result.split_balance[1].smd.value, 0.1);
  EXPECT_GT(result.split_balance[1].smd.p, 0.05);
  EXPECT_THAT(TextsOf(result, "SV317"), IsEmpty());
}

TEST(Split, IsALimitationWhereThereIsNone) {
  const SurveyResult result =
      SurveyOf(Csv("sex", {{5, "F"}, {5, "M"}}), Roles({"sex"}));
  EXPECT_FALSE(result.has_split);
  EXPECT_THAT(
      result.limitations,
      ::testing::Contains(::testing::HasSubstr("No column is the split")));
}

}  // namespace
}  // namespace plumbline::survey
