#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "plumbline/survey/survey_for_test.h"

namespace plumbline::survey {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

Cell CellOf(const SurveyResult& result,
            const std::vector<std::pair<std::string, std::string>>& levels) {
  for (const Cell& cell : result.intersections.cells) {
    if (cell.levels == levels) return cell;
  }
  return {};
}

TEST(Intersections, NameTheSmallestCombinationsWithoutAnybody) {
  const SurveyResult result =
      SurveyOf(Csv("sex,race,hand", {{5, "F,A,L"},
                                     {5, "F,B,R"},
                                     {5, "M,A,R"},
                                     {5, "M,B,L"},
                                     {5, "M,C,L"},
                                     {5, "unknown,C,R"}}),
               Roles({"sex", "race", "hand"}));
  const Intersections& in = result.intersections;
  EXPECT_EQ(in.order, 3);
  // 2 + 3 + 2 groups, 6 + 4 + 6 pairs, 12 triples.
  EXPECT_EQ(in.possible, 35);
  // Of the triples five are there; the others without F and C are as small as
  // they get, since every pair of theirs has somebody.
  EXPECT_THAT(
      in.uncovered,
      ElementsAre("sex=F and race=C", "sex=F, race=A and hand=R",
                  "sex=F, race=B and hand=L", "sex=M, race=A and hand=L",
                  "sex=M, race=B and hand=R", "sex=M, race=C and hand=R"));
  EXPECT_EQ(in.empty, 1 + 7);
  EXPECT_EQ(in.cells.size(), 27u);
  // Those of unknown sex are in race=C alone.
  EXPECT_EQ(CellOf(result, {{"race", "C"}}).subjects, 10);
  EXPECT_EQ(CellOf(result, {{"sex", "M"}, {"race", "C"}}).subjects, 5);
}

// z sqrt(0.2 * 0.8 * deff / n) with two images of each person.
TEST(Intersections, GiveTheHalfWidthOfAFalseNegativeRate) {
  std::string csv = "id,sex,y\n";
  for (int s = 0; s < 40; ++s) {
    csv += fmt::format("{0},F,{1}\n{0},F,0\n", s, s < 20 ? 1 : 0);
  }
  const Cell f = CellOf(SurveyOf(csv, Roles({"sex"}, {"y"})), {{"sex", "F"}});
  EXPECT_EQ(f.rows, 80);
  EXPECT_EQ(f.positive_rows, 20);
  EXPECT_NEAR(f.half_width, 1.959963985 * std::sqrt(0.2 * 0.8 * 2 / 20), 1e-9);
  EXPECT_FALSE(f.supports);
}

// (1.96 / 0.05)^2 * 0.16 = 245.9 cases.
TEST(Intersections, SupportAnEstimateFromTheCaseOnThatTheFormulaGives) {
  const SurveyResult result = SurveyOf(
      Csv("sex,y", {{246, "F,1"}, {4, "F,0"}, {245, "M,1"}, {5, "M,0"}}),
      Roles({"sex"}, {"y"}));
  EXPECT_TRUE(CellOf(result, {{"sex", "F"}}).supports);
  EXPECT_FALSE(CellOf(result, {{"sex", "M"}}).supports);
  EXPECT_EQ(result.intersections.unsupported, 1);
  EXPECT_THAT(TextsOf(result, "SV201"),
              ElementsAre("1 of 2 groups and intersections have too few cases "
                          "of y for a false-negative rate within 5 points; 0 "
                          "of 2 combinations have nobody."));
  EXPECT_EQ(FindingsOf(result, "SV201")[0].severity, Severity::kNote);
  SurveyOptions wide = Fast();
  wide.half_width = 0.06;
  EXPECT_THAT(TextsOf(SurveyOf(Csv("sex,y", {{246, "F,1"}, {245, "M,1"}}),
                               Roles({"sex"}, {"y"}), wide),
                      "SV201"),
              IsEmpty());
}

TEST(Intersections, CountCellsThatWouldGivePeopleAway) {
  const SurveyResult result =
      SurveyOf(Csv("race", {{9, "B"}, {10, "C"}, {50, "A"}}), Roles({"race"}));
  EXPECT_EQ(result.intersections.below_minimum, 1);
  EXPECT_EQ(result.intersections.smallest, 9);
  EXPECT_THAT(TextsOf(result, "SV204"),
              ElementsAre("1 groups and intersections have fewer than 10 "
                          "people; the smallest has 9."));
  // Fewest first.
  EXPECT_EQ(result.intersections.cells[0].subjects, 9);
}

SurveyResult Disadvantaged() {
  CohortRoles roles = Roles({"race"}, {"y"});
  roles.references = {{"race", {{"A", 0.5}, {"B", 0.5}}, ""}};
  roles.flow = {ParseFlowStep("", "quality = good")};
  return SurveyOf(Csv("race,quality,y", {{50, "B,good,"},
                                         {50, "B,good,0"},
                                         {100, "B,poor,0"},
                                         {30, "A,good,"},
                                         {570, "A,good,0"},
                                         {20, "A,poor,0"}}),
                  roles);
}

TEST(Intersections, SayWhereDisadvantagesMeet) {
  const SurveyResult result = Disadvantaged();
  EXPECT_THAT(CellOf(result, {{"race", "B"}}).signs,
              ElementsAre("labels missing", "underrepresented (race)",
                          "lost on the way (race)"));
  EXPECT_THAT(CellOf(result, {{"race", "A"}}).signs, IsEmpty());
  EXPECT_THAT(TextsOf(result, "SV202"),
              ElementsAre("Disadvantages meet in race=B: labels missing, "
                          "underrepresented (race) and lost on the way "
                          "(race)."));
  EXPECT_EQ(FindingsOf(result, "SV202")[0].severity, Severity::kHigh);
}

// A small cell is drawn towards the others.
TEST(Intersections, ShrinkTheRateOfMissingLabels) {
  const Cell b = CellOf(Disadvantaged(), {{"race", "B"}});
  EXPECT_NEAR(b.missing_rate, 0.5, 1e-12);
  EXPECT_LT(b.shrunken_missing_rate, 0.5);
  EXPECT_GT(b.shrunken_missing_rate, 0.4);
}

TEST(Intersections, DoNotMakeASignOfOnePerson) {
  const SurveyResult result =
      SurveyOf(Csv("race,y", {{1, "B,"}, {10, "A,"}, {990, "A,0"}}),
               Roles({"race"}, {"y"}));
  const Cell b = CellOf(result, {{"race", "B"}});
  EXPECT_EQ(b.missing_rate, 1);
  EXPECT_THAT(b.signs, IsEmpty());
}

// "All others" are those, too, of whom another attribute is not known.
TEST(Intersections, CompareWithEverybodyElse) {
  const SurveyResult result =
      SurveyOf(Csv("race,sex,y", {{20, "A,F,0"},
                                  {20, "A,M,0"},
                                  {100, "unknown,F,"},
                                  {100, "unknown,F,0"},
                                  {200, "unknown,M,0"}}),
               Roles({"race", "sex"}, {"y"}));
  EXPECT_THAT(CellOf(result, {{"sex", "F"}}).signs,
              ElementsAre("labels missing"));
  EXPECT_THAT(CellOf(result, {{"race", "A"}}).signs, IsEmpty());
}

TEST(Clustering, SaysHowManyRowsAPersonHas) {
  const SurveyResult result =
      SurveyOf("id,sex,y\n1,F,1\n1,F,0\n1,F,0\n2,F,1\n3,M,0\n4,M,1\n",
               Roles({"sex"}, {"y"}));
  const Clustering f = OfGroup(result.clustering, "F");
  EXPECT_EQ(f.images_per_subject, 2);
  EXPECT_EQ(f.largest, 3);
  const Clustering m = OfGroup(result.clustering, "M");
  EXPECT_EQ(m.images_per_subject, 1);
  EXPECT_EQ(m.design_effect, 1);
  EXPECT_EQ(m.icc, 0);
}

}  // namespace
}  // namespace plumbline::survey
