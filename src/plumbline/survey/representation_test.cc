#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "plumbline/stats/proportion.h"
#include "plumbline/survey/survey_for_test.h"

namespace plumbline::survey {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(Flow, NamesTheGroupThatIsLostMoreOften) {
  CohortRoles roles = Roles({"sex"});
  roles.flow = {ParseFlowStep("adults", "age >= 18")};
  const SurveyResult result = SurveyOf(
      Csv("sex,age", {{120, "F,30"}, {80, "F,9"}, {180, "M,30"}, {20, "M,9"}}),
      roles);
  ASSERT_EQ(result.flow.size(), 2u);
  EXPECT_EQ(result.flow[1].subjects, 300);
  EXPECT_EQ(result.subjects, 300);
  const Attrition f = OfGroup(result.attrition, "F");
  EXPECT_NEAR(f.kept.value, 0.6, 1e-12);
  EXPECT_NEAR(f.ratio.value, 0.6 / 0.9, 1e-12);
  const Interval koopman = KoopmanRatio(120, 200, 180, 200);
  EXPECT_NEAR(f.ratio.lo, koopman.lo, 1e-12);
  EXPECT_NEAR(f.ratio.hi, koopman.hi, 1e-12);
  // 0.3 / sqrt(0.75 * 0.25 * 2 / 200), two-sided.
  EXPECT_NEAR(f.ratio.p, std::erfc(0.3 / std::sqrt(0.001875) / std::sqrt(2.0)),
              1e-18);
  // Benjamini and Yekutieli with two equal p-values: (1 + 1 / 2) p.
  EXPECT_NEAR(f.ratio.p_adjusted, 1.5 * f.ratio.p, 1e-18);
  EXPECT_THAT(TextsOf(result, "SV101"),
              ElementsAre("The steps from the table to the cohort keep 60.0 % "
                          "of sex=F, 0.67 times as many as of all others."));
  EXPECT_EQ(FindingsOf(result, "SV101")[0].severity, Severity::kMedium);
}

// One of five is lost where one in a hundred is: that happens.
TEST(Flow, DoesNotMakeAFindingOfOnePerson) {
  CohortRoles roles = Roles({"race"});
  roles.flow = {ParseFlowStep("", "view = PA")};
  const SurveyResult result = SurveyOf(
      Csv("race,view", {{4, "B,PA"}, {1, "B,AP"}, {990, "A,PA"}, {10, "A,AP"}}),
      roles);
  const Attrition b = OfGroup(result.attrition, "B");
  EXPECT_NEAR(b.ratio.value, 0.8 / 0.99, 1e-12);
  // Of 11 lost among 1005 at least one is among five.
  double none = 1;
  for (int i = 0; i < 5; ++i) none *= (994.0 - i) / (1005.0 - i);
  EXPECT_NEAR(b.ratio.p, 1 - none, 1e-9);
  EXPECT_THAT(TextsOf(result, "SV101"), IsEmpty());
}

TEST(Flow, IsALimitationWhereNoneWasDeclared) {
  const SurveyResult result =
      SurveyOf(Csv("sex", {{5, "F"}, {5, "M"}}), Roles({"sex"}));
  EXPECT_THAT(result.attrition, IsEmpty());
  EXPECT_THAT(result.limitations,
              ::testing::Contains(::testing::HasSubstr("No flow")));
}

TEST(Representation, IsTheShareOverTheDeclaredOne) {
  CohortRoles roles = Roles({"sex"});
  roles.references = {{"sex", {{"F", 0.5}, {"M", 0.5}}, "census"}};
  const SurveyResult result =
      SurveyOf(Csv("sex", {{10, "F"}, {90, "M"}}), roles);
  const GroupCount f = OfGroup(result.groups, "F");
  EXPECT_EQ(f.subjects, 10);
  // Wilson's interval of 10 of 100.
  EXPECT_NEAR(f.share.lo, 0.05523, 5e-6);
  EXPECT_NEAR(f.share.hi, 0.17437, 5e-6);
  EXPECT_NEAR(f.ratio.value, 0.2, 1e-12);
  EXPECT_NEAR(f.ratio.lo, f.share.lo / 0.5, 1e-12);
  EXPECT_NEAR(f.ratio.hi, f.share.hi / 0.5, 1e-12);
  // (0.1 - 0.5) / sqrt(0.25 / 100) = -8.
  EXPECT_NEAR(f.ratio.p, std::erfc(8 / std::sqrt(2.0)), 1e-20);
  EXPECT_THAT(TextsOf(result, "SV102"),
              ElementsAre("sex=F is 10.0 % of the subjects and 50.0 % of the "
                          "population that was declared: 0.20 times its "
                          "share."));
  EXPECT_EQ(FindingsOf(result, "SV102")[0].severity, Severity::kHigh);
  const double q = 10.5 / 101, r = 90.5 / 101;
  EXPECT_NEAR(result.attributes[0].divergence,
              q * std::log(q / 0.5) + r * std::log(r / 0.5), 1e-12);
  EXPECT_EQ(result.attributes[0].reference_source, "census");
}

// They have no row, so that no level speaks for them.
TEST(Representation, NamesTheGroupThatIsNotThereAtAll) {
  CohortRoles roles = Roles({"race"});
  roles.references = {{"race", {{"A", 0.5}, {"B", 0.3}, {"C", 0.2}}, ""}};
  const SurveyResult result =
      SurveyOf(Csv("race", {{60, "A"}, {40, "B"}}), roles);
  ASSERT_EQ(result.groups.size(), 3u);
  const GroupCount c = OfGroup(result.groups, "C");
  EXPECT_EQ(c.subjects, 0);
  EXPECT_EQ(c.share.value, 0);
  EXPECT_EQ(c.ratio.value, 0);
  EXPECT_THAT(TextsOf(result, "SV102"),
              ElementsAre("race=C is 0.0 % of the subjects and 20.0 % of the "
                          "population that was declared: 0.00 times its "
                          "share."));
  const double n = 101.5;
  EXPECT_NEAR(result.attributes[0].divergence,
              60.5 / n * std::log(60.5 / 50.5) +
                  40.5 / n * std::log(40.5 / 30.5) +
                  0.5 / n * std::log(0.5 / 20.5),
              1e-12);
}

// Those whose group is not known are in no share of the population.
TEST(Representation, LeavesTheUnknownOut) {
  CohortRoles roles = Roles({"sex"});
  roles.references = {{"sex", {{"F", 0.5}, {"M", 0.5}}, ""}};
  const SurveyResult result =
      SurveyOf(Csv("sex", {{40, "F"}, {60, "M"}, {100, "unknown"}}), roles);
  EXPECT_NEAR(OfGroup(result.groups, "F").ratio.value, 0.8, 1e-12);
  EXPECT_NEAR(OfGroup(result.groups, "F").share.value, 0.2, 1e-12);
  EXPECT_TRUE(std::isnan(OfGroup(result.groups, "unknown").ratio.value));
  EXPECT_THAT(TextsOf(result, "SV102"), IsEmpty());
}

TEST(Unknown, KeepsEveryKindApartAndOutOfComparisons) {
  const SurveyResult result = SurveyOf(Csv("race,y", {{40, "A,1"},
                                                      {20, "B,0"},
                                                      {20, "unknown,1"},
                                                      {10, "declined,1"},
                                                      {10, ",1"}}),
                                       Roles({"race"}, {"y"}));
  EXPECT_EQ(OfGroup(result.groups, "unknown").kind, LevelKind::kUnknown);
  EXPECT_EQ(OfGroup(result.groups, "unknown").subjects, 20);
  EXPECT_EQ(OfGroup(result.groups, "declined").kind, LevelKind::kDeclined);
  EXPECT_EQ(OfGroup(result.groups, "missing").kind, LevelKind::kMissing);
  EXPECT_EQ(result.attributes[0].known, 60);
  EXPECT_EQ(result.attributes[0].unknown, 40);
  EXPECT_EQ(result.attributes[0].reference_group, "A");
  EXPECT_THAT(TextsOf(result, "SV103"),
              ElementsAre("race is not known for 40 of 100 subjects "
                          "(40.0 %)."));
  EXPECT_EQ(FindingsOf(result, "SV103")[0].severity, Severity::kHigh);
  // Their rates are given; a difference from the reference group is not.
  EXPECT_EQ(OfGroup(result.prevalence, "unknown").rate.value, 1);
  EXPECT_TRUE(
      std::isnan(OfGroup(result.prevalence, "unknown").difference.value));
  EXPECT_EQ(OfGroup(result.prevalence, "B").difference.value, -1);
}

// 6 of 100 may be 5 % or fewer in truth.
TEST(Unknown, MustBeClearlyAboveFivePercent) {
  EXPECT_THAT(
      TextsOf(SurveyOf(Csv("sex", {{94, "F"}, {6, "unknown"}}), Roles({"sex"})),
              "SV103"),
      IsEmpty());
  EXPECT_EQ(TextsOf(SurveyOf(Csv("sex", {{880, "F"}, {120, "unknown"}}),
                             Roles({"sex"})),
                    "SV103")
                .size(),
            1u);
}

std::string WithConflicts(int conflicts) {
  std::string csv = "id,sex\n";
  for (int i = 0; i < 100; ++i) {
    csv += fmt::format("{0},F\n{0},{1}\n", i, i < conflicts ? "M" : "F");
  }
  return csv;
}

TEST(Conflicts, AreNamedWithTheFirstAndTheRule) {
  const SurveyResult kept = SurveyOf(WithConflicts(10), Roles({"sex"}));
  EXPECT_EQ(kept.attributes[0].conflicting, 10);
  EXPECT_THAT(TextsOf(kept, "SV113"),
              ElementsAre("10 subjects have several values of sex (first: rows "
                          "2 and 3); the rule \"keep\" was applied."));
  EXPECT_EQ(FindingsOf(kept, "SV113")[0].severity, Severity::kMedium);
  EXPECT_THAT(TextsOf(SurveyOf(WithConflicts(4), Roles({"sex"})), "SV113"),
              IsEmpty());
}

// A level of their own, which is no group.
TEST(Conflicts, AreKeptApartWhereTheMappingSaysSo) {
  const SurveyResult result =
      SurveyOf(WithConflicts(10), Roles({"sex"}), Fast(),
               "[sex]\nconflict = \"conflicting\"\n[sex.groups]\n"
               "F = [\"F\"]\nM = [\"M\"]\n");
  EXPECT_EQ(OfGroup(result.groups, "conflicting").subjects, 10);
  EXPECT_EQ(OfGroup(result.groups, "conflicting").kind,
            LevelKind::kConflicting);
  EXPECT_EQ(OfGroup(result.groups, "M").subjects, 0);
  EXPECT_EQ(result.attributes[0].unknown, 10);
}

// Kish: of rows 1 and 3 as of 16 / 10 people.
TEST(Groups, CountPeopleByTheirRows) {
  const SurveyResult result =
      SurveyOf("id,sex\n1,F\n2,F\n2,F\n2,F\n", Roles({"sex"}));
  EXPECT_EQ(result.groups[0].rows, 4);
  EXPECT_EQ(result.groups[0].subjects, 2);
  EXPECT_NEAR(result.groups[0].effective, 1.6, 1e-12);
}

}  // namespace
}  // namespace plumbline::survey
