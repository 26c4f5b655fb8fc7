#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "plumbline/survey/survey_for_test.h"

namespace plumbline::survey {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

AttributeModel ModelOf(const SurveyResult& result, const std::string& group,
                       const std::string& features) {
  for (const AttributeModel& model : result.models) {
    if (model.group == group && model.features == features) return model;
  }
  return {};
}

TEST(AttributeModels, TellAGroupThatHasADeviceOfItsOwn) {
  const SurveyResult result =
      SurveyOf(Csv("sex,device", {{103, "F,D1"}, {97, "M,D2"}}),
               Roles({"sex"}, {}, {"device"}));
  ASSERT_EQ(result.models.size(), 1u);  // where one of two is told, both are
  EXPECT_EQ(result.models[0].target, "sex");
  EXPECT_EQ(result.models[0].group, "M");
  EXPECT_EQ(result.models[0].auroc.value, 1);
  EXPECT_EQ(result.models[0].auroc.events, 97);
  EXPECT_LT(result.models[0].auroc.p, 1e-20);
  EXPECT_THAT(TextsOf(result, "SV306"),
              ElementsAre("sex=M can be told from how the images were made, "
                          "with an AUROC of 1.00 on people who were not used "
                          "for fitting."));
  EXPECT_EQ(FindingsOf(result, "SV306")[0].severity, Severity::kHigh);
}

// A number that lies apart: the scores of five models must not be mixed up.
TEST(AttributeModels, TellAllByANumberThatLiesApart) {
  People people;
  for (int i = 0; i < 37; ++i) {
    people.emplace_back(1, fmt::format("F,{}", 100 + i));
  }
  for (int i = 0; i < 81; ++i) {
    people.emplace_back(1, fmt::format("M,{}", i));
  }
  const SurveyResult result =
      SurveyOf(Csv("sex,exposure", people), Roles({"sex"}, {}, {"exposure"}));
  EXPECT_GT(ModelOf(result, "F", "acquisition").auroc.value, 0.99);
}

TEST(AttributeModels, DoNotTellWhatIsAlike) {
  const SurveyResult result = SurveyOf(
      Csv("sex,device,y",
          {{50, "F,D1,0"}, {50, "F,D2,1"}, {50, "M,D1,0"}, {50, "M,D2,1"}}),
      Roles({"sex"}, {"y"}, {"device"}));
  ASSERT_EQ(result.models.size(), 2u);
  for (const AttributeModel& model : result.models) {
    EXPECT_LT(model.auroc.value, 0.6) << model.features;
    EXPECT_GT(model.auroc.p, 0.1);
  }
  EXPECT_THAT(TextsOf(result, "SV306"), IsEmpty());
  EXPECT_THAT(TextsOf(result, "SV316"), IsEmpty());
}

TEST(AttributeModels, TellAGroupFromItsLabels) {
  const SurveyResult result = SurveyOf(Csv("race,y", {{90, "A,0"},
                                                      {10, "A,1"},
                                                      {20, "B,0"},
                                                      {70, "B,1"},
                                                      {45, "C,0"},
                                                      {45, "C,1"}}),
                                       Roles({"race"}, {"y"}));
  EXPECT_EQ(result.models.size(), 3u);
  // Of the two values of a score: half of 1 + sensitivity - false alarms.
  EXPECT_NEAR(ModelOf(result, "A", "labels").auroc.value,
              (1 + 0.9 - 65 / 180.0) / 2, 0.02);
  EXPECT_EQ(FindingsOf(result, "SV316").size(), 2u);  // not C
}

TEST(AttributeModels, NeedTwentyPeopleOnEachSide) {
  EXPECT_THAT(SurveyOf(Csv("sex,device", {{19, "F,D1"}, {97, "M,D2"}}),
                       Roles({"sex"}, {}, {"device"}))
                  .models,
              IsEmpty());
}

SurveyResult AtEqualLabels(const People& people) {
  return SurveyOf(Csv("sex,y,view", people), Roles({"sex"}, {"y"}, {"view"}));
}

// The label drives both: nothing is left at equal labels.
TEST(ConditionalInformation, GoesWhereTheLabelSaysItAll) {
  const ConditionalRow through = AtEqualLabels({{81, "F,1,AP"},
                                                {9, "F,1,PA"},
                                                {9, "M,1,AP"},
                                                {1, "M,1,PA"},
                                                {1, "F,0,AP"},
                                                {9, "F,0,PA"},
                                                {9, "M,0,AP"},
                                                {81, "M,0,PA"}})
                                     .conditional.at(0);
  EXPECT_EQ(through.association.n, 200);
  EXPECT_NEAR(through.association.information, 0, 1e-12);
  EXPECT_GT(through.p_adjusted, 0.5);
  const ConditionalRow beside = AtEqualLabels({{45, "F,1,AP"},
                                               {5, "F,1,PA"},
                                               {5, "M,1,AP"},
                                               {45, "M,1,PA"},
                                               {45, "F,0,AP"},
                                               {5, "F,0,PA"},
                                               {5, "M,0,AP"},
                                               {45, "M,0,PA"}})
                                    .conditional.at(0);
  EXPECT_GT(beside.association.information, 0.4);
  EXPECT_EQ(beside.p_adjusted, 1 / 200.0);
}

}  // namespace
}  // namespace plumbline::survey
