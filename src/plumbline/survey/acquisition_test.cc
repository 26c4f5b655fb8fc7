#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "plumbline/stats/proportion.h"
#include "plumbline/survey/survey_for_test.h"

namespace plumbline::survey {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

// 0 to 19 against 10 to 39: variances 35 and 77.5, of which the mean is 7.5^2.
TEST(Acquisition, ComparesNumbersInStandardDeviations) {
  People people;
  for (int i = 0; i < 20; ++i) people.emplace_back(1, fmt::format("F,{}", i));
  for (int i = 10; i < 40; ++i) people.emplace_back(1, fmt::format("M,{}", i));
  const SurveyResult result =
      SurveyOf(Csv("sex,exposure", people), Roles({"sex"}, {}, {"exposure"}));
  ASSERT_EQ(result.acquisition.size(), 1u);
  const Acquisition& a = result.acquisition[0];
  EXPECT_TRUE(a.numeric);
  EXPECT_EQ(a.group, "F");
  EXPECT_STREQ(a.source, "table");
  EXPECT_NEAR(a.mean, 9.5, 1e-12);
  EXPECT_NEAR(a.reference_mean, 24.5, 1e-12);
  EXPECT_NEAR(a.smd.value, -2, 1e-12);
  // sqrt(50 / 600 + 4 / 100) times t of 47.987 degrees of freedom (scipy).
  EXPECT_NEAR(a.smd.hi, -2 + 2.0106487 * std::sqrt(50 / 600.0 + 0.04), 1e-7);
  // scipy.stats.ttest_ind(range(20), range(10, 40), equal_var=False).
  EXPECT_NEAR(a.smd.p / 3.564068091e-09, 1, 1e-8);
  EXPECT_THAT(TextsOf(result, "SV107"),
              ElementsAre("exposure differs for sex=F: mean 9.5, in the "
                          "reference group 24.5 (-2.00 standard "
                          "deviations)."));
}

TEST(Acquisition, ComparesWordsAndNamesTheLevel) {
  const SurveyResult result =
      SurveyOf(Csv("sex,view",
                   {{60, "F,AP"}, {40, "F,PA"}, {40, "M,AP"}, {160, "M,PA"}}),
               Roles({"sex"}, {}, {"view"}));
  ASSERT_EQ(result.acquisition.size(), 1u);
  const Acquisition& a = result.acquisition[0];
  EXPECT_NEAR(a.smd.value, 0.4 / std::sqrt((0.24 + 0.16) / 2), 1e-12);
  EXPECT_EQ(a.most_different, "AP");
  EXPECT_NEAR(a.share, 0.6, 1e-12);
  EXPECT_NEAR(a.reference_share, 0.2, 1e-12);
  // chi^2 = 300 (60 * 160 - 40 * 40)^2 / (100 * 200 * 100 * 200) = 48.
  EXPECT_NEAR(a.smd.p / std::erfc(std::sqrt(24.0)), 1, 1e-9);
  EXPECT_THAT(TextsOf(result, "SV107"),
              ElementsAre("view differs for sex=F: AP in 60.0 %, in the "
                          "reference group 20.0 %."));
  EXPECT_EQ(FindingsOf(result, "SV107")[0].severity, Severity::kHigh);
}

TEST(Acquisition, TakesMissingForALevel) {
  const SurveyResult result = SurveyOf(
      Csv("sex,view", {{50, "F,PA"}, {50, "F,"}, {190, "M,PA"}, {10, "M,"}}),
      Roles({"sex"}, {}, {"view"}));
  EXPECT_EQ(result.acquisition[0].most_different, "missing");
  EXPECT_EQ(FindingsOf(result, "SV107").size(), 1u);
}

// One of six on a device that five of a thousand are on.
TEST(Acquisition, DoesNotMakeAFindingOfOnePerson) {
  const SurveyResult result = SurveyOf(
      Csv("race,device", {{1, "B,Z"}, {5, "B,P"}, {5, "A,Z"}, {995, "A,P"}}),
      Roles({"race"}, {}, {"device"}));
  const Acquisition& a = result.acquisition[0];
  EXPECT_GT(a.smd.value, 0.5);
  EXPECT_NEAR(a.smd.p, FisherExactP(1, 6, 5, 1000), 1e-12);
  EXPECT_THAT(TextsOf(result, "SV107"), IsEmpty());
}

// All of a small group on a device of their own.
TEST(Acquisition, SeesARareLevelThatIsAGroupsOwn) {
  const SurveyResult result = SurveyOf(
      Csv("race,device", {{20, "B,Z"}, {500, "A,P"}, {497, "A,Q"}, {3, "A,R"}}),
      Roles({"race"}, {}, {"device"}));
  EXPECT_THAT(TextsOf(result, "SV107"),
              ElementsAre("device differs for race=B: Z in 100.0 %, in the "
                          "reference group 0.0 %."));
}

TEST(Acquisition, SaysWhyThereIsNoDifference) {
  People people = {{1, "F,3"}};
  for (int i = 0; i < 20; ++i) people.emplace_back(1, fmt::format("M,{}", i));
  const SurveyResult result =
      SurveyOf(Csv("sex,exposure", people), Roles({"sex"}, {}, {"exposure"}));
  EXPECT_TRUE(std::isnan(result.acquisition[0].smd.value));
  EXPECT_STREQ(result.acquisition[0].smd.reason, "too_few_subjects");
}

}  // namespace
}  // namespace plumbline::survey
