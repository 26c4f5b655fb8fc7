#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "plumbline/stats/proportion.h"
#include "plumbline/survey/survey_for_test.h"

namespace plumbline::survey {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

// Newcombe 1998b, table II, contrast (a): 56/70 - 48/80.
TEST(Prevalence, EqualsThePublishedIntervalOfADifference) {
  const SurveyResult result = SurveyOf(
      Csv("sex,y", {{56, "F,1"}, {14, "F,0"}, {48, "M,1"}, {32, "M,0"}}),
      Roles({"sex"}, {"y"}));
  const Prevalence f = OfGroup(result.prevalence, "F");
  EXPECT_NEAR(f.rate.value, 0.8, 1e-12);
  EXPECT_EQ(f.rate.events, 56);
  EXPECT_NEAR(f.difference.value, 0.2, 1e-12);
  EXPECT_NEAR(f.difference.lo, 0.0524, 5e-5);
  EXPECT_NEAR(f.difference.hi, 0.3339, 5e-5);
  const double spread = std::sqrt((0.8 * 0.2 + 0.6 * 0.4) / 2);
  EXPECT_NEAR(f.smd.value, 0.2 / spread, 1e-12);
  EXPECT_NEAR(f.smd.lo, f.difference.lo / spread, 1e-12);
  const double pooled = 104.0 / 150;
  const double z =
      0.2 / std::sqrt(pooled * (1 - pooled) * (1 / 70.0 + 1 / 80.0));
  EXPECT_NEAR(f.smd.p, std::erfc(z / std::sqrt(2.0)), 1e-12);
  EXPECT_EQ(f.smd.p_adjusted, f.smd.p);
  EXPECT_EQ(f.difference.p_adjusted, f.smd.p);
  EXPECT_TRUE(std::isnan(OfGroup(result.prevalence, "M").difference.value));
  EXPECT_THAT(TextsOf(result, "SV104"),
              ElementsAre("y is labelled in 80.0 % of sex=F and 60.0 % of the "
                          "reference group: +20.0 pp."));
  EXPECT_EQ(FindingsOf(result, "SV104")[0].severity, Severity::kMedium);
}

TEST(Prevalence, IsAFindingWhereAllHaveItAndNone) {
  const SurveyResult result =
      SurveyOf(Csv("sex,y", {{30, "F,1"}, {40, "M,0"}}), Roles({"sex"}, {"y"}));
  EXPECT_STREQ(OfGroup(result.prevalence, "F").smd.reason, "no_spread");
  EXPECT_THAT(TextsOf(result, "SV104"),
              ElementsAre("y is labelled in 100.0 % of sex=F and 0.0 % of the "
                          "reference group: +100.0 pp."));
  EXPECT_EQ(FindingsOf(result, "SV104")[0].severity, Severity::kHigh);
}

TEST(Prevalence, ComparesWithTheGroupThatWasAskedFor) {
  SurveyOptions options = Fast();
  options.references["sex"] = "F";
  const SurveyResult result = SurveyOf(
      Csv("sex,y", {{56, "F,1"}, {14, "F,0"}, {48, "M,1"}, {32, "M,0"}}),
      Roles({"sex"}, {"y"}), options);
  EXPECT_EQ(result.attributes[0].reference_group, "F");
  EXPECT_NEAR(OfGroup(result.prevalence, "M").difference.value, -0.2, 1e-12);
}

// Nobody of six where half have it: a variance from the six alone is 0.
TEST(Prevalence, DoesNotTakeNoneOfSixForCertain) {
  const SurveyResult result =
      SurveyOf(Csv("race,y", {{6, "B,0"}, {300, "A,1"}, {300, "A,0"}}),
               Roles({"race"}, {"y"}));
  const Prevalence b = OfGroup(result.prevalence, "B");
  EXPECT_EQ(b.rate.value, 0);
  EXPECT_GT(b.rate.hi, 0.3);
  EXPECT_NEAR(b.smd.p, FisherExactP(0, 6, 300, 600), 1e-12);
  EXPECT_NEAR(b.smd.p, 0.03, 0.01);
  EXPECT_THAT(result.findings, ::testing::Each(::testing::Field(
                                   &Finding::group, ::testing::Ne("B"))));
}

// Five images of each person that agree are one observation.
TEST(Prevalence, CountsPeopleNotImages) {
  std::string csv = "id,sex,y\n";
  for (int s = 0; s < 60; ++s) {
    const bool f = s < 20;
    for (int i = 0; i < 5; ++i) {
      csv += fmt::format("{},{},{}\n", s, f ? "F" : "M", f ? s < 12 : s < 32);
    }
  }
  const SurveyResult result = SurveyOf(csv, Roles({"sex"}, {"y"}));
  const Prevalence f = OfGroup(result.prevalence, "F");
  EXPECT_EQ(f.rate.n, 100);
  EXPECT_EQ(f.rate.subjects, 20);
  EXPECT_NEAR(f.design_effect, 5 * 20.0 / 19, 1e-12);
  EXPECT_EQ(f.icc, 1);
  // 12 of 20 against 12 of 40, within the S / (S - 1) of the variance.
  const Interval people = WilsonInterval(12, 20);
  EXPECT_NEAR(f.rate.lo, people.lo, 0.01);
  EXPECT_NEAR(f.rate.hi, people.hi, 0.01);
  EXPECT_GT(f.smd.p, 0.01);
  EXPECT_THAT(TextsOf(result, "SV104"), IsEmpty());
  const Clustering clustering = OfGroup(result.clustering, "F");
  EXPECT_EQ(clustering.images_per_subject, 5);
  EXPECT_EQ(clustering.largest, 5);
  EXPECT_EQ(clustering.icc, 1);
  EXPECT_EQ(clustering.design_effect, f.design_effect);
  EXPECT_EQ(clustering.label, "y");
}

TEST(Missing, ComesInThreeKindsWithRatiosAndBands) {
  CohortRoles roles = Roles({"sex"}, {"y"});
  roles.not_mentioned = {"NM"};
  const SurveyResult result = SurveyOf(Csv("sex,y", {{20, "F,"},
                                                     {10, "F,-1"},
                                                     {10, "F,NM"},
                                                     {30, "F,1"},
                                                     {30, "F,0"},
                                                     {10, "M,"},
                                                     {10, "M,NM"},
                                                     {90, "M,1"},
                                                     {90, "M,0"}}),
                                       roles);
  const Missingness f = OfGroup(result.missingness, "F");
  EXPECT_NEAR(f.blank.value, 0.2, 1e-12);
  EXPECT_NEAR(f.uncertain.value, 0.1, 1e-12);
  EXPECT_NEAR(f.unmentioned.value, 0.1, 1e-12);
  EXPECT_NEAR(f.missing.value, 0.4, 1e-12);
  EXPECT_NEAR(f.ratio.value, 4, 1e-12);
  const Interval koopman = KoopmanRatio(40, 100, 20, 200);
  EXPECT_NEAR(f.ratio.lo, koopman.lo, 1e-9);
  EXPECT_NEAR(f.ratio.hi, koopman.hi, 1e-9);
  EXPECT_THAT(TextsOf(result, "SV105"),
              ElementsAre("y is missing, uncertain or not mentioned in 40.0 % "
                          "of sex=F, more often than in the reference group "
                          "(4.00 times)."));
  ASSERT_EQ(result.recodings.size(), 1u);
  const Recoding& r = result.recodings[0];
  EXPECT_NEAR(r.excluded, 0, 1e-12);
  EXPECT_NEAR(r.as_negative, 0.30 - 0.45, 1e-12);
  EXPECT_NEAR(r.as_positive, 0.70 - 0.55, 1e-12);
  EXPECT_NEAR(r.lowest, 0.30 - 0.55, 1e-12);
  EXPECT_NEAR(r.highest, 0.70 - 0.45, 1e-12);
  ASSERT_EQ(result.missing_association.size(), 1u);
  EXPECT_EQ(result.missing_association[0].p, 1 / 200.0);
  EXPECT_GT(result.missing_association[0].information, 0.05);
  // Rates of the label are those of the rows that have one.
  EXPECT_NEAR(OfGroup(result.prevalence, "F").rate.value, 0.5, 1e-12);
  EXPECT_EQ(OfGroup(result.prevalence, "F").rate.n, 60);
}

TEST(Missing, IsAFindingWhereTheReferenceLacksNone) {
  const SurveyResult result =
      SurveyOf(Csv("sex,y", {{30, "F,"}, {70, "F,1"}, {200, "M,0"}}),
               Roles({"sex"}, {"y"}));
  const Missingness f = OfGroup(result.missingness, "F");
  EXPECT_TRUE(std::isnan(f.ratio.value));
  EXPECT_STREQ(f.ratio.reason, "no_events");
  EXPECT_THAT(TextsOf(result, "SV105"),
              ElementsAre("y is missing, uncertain or not mentioned in 30.0 % "
                          "of sex=F, more often than in the reference group."));
}

TEST(Missing, OfOneAmongSixIsNoFinding) {
  const SurveyResult result = SurveyOf(
      Csv("race,y",
          {{1, "B,"}, {5, "B,0"}, {5, "A,"}, {500, "A,0"}, {500, "A,1"}}),
      Roles({"race"}, {"y"}));
  EXPECT_GT(OfGroup(result.missingness, "B").ratio.value, 10);
  EXPECT_THAT(TextsOf(result, "SV105"), IsEmpty());
}

TEST(Missing, IsSilentWhereEveryRowHasALabel) {
  const SurveyResult result =
      SurveyOf(Csv("sex,y", {{30, "F,1"}, {30, "M,0"}}), Roles({"sex"}, {"y"}));
  EXPECT_THAT(result.missingness, IsEmpty());
  EXPECT_THAT(result.recodings, IsEmpty());
}

TEST(Little, SeesThatOneLabelIsMissingWithTheOther) {
  const CohortRoles roles = Roles({"sex"}, {"y", "z"});
  const LittleResult with = SurveyOf(Csv("sex,y,z", {{60, "F,1,"},
                                                     {20, "F,1,0"},
                                                     {20, "F,1,1"},
                                                     {10, "F,0,"},
                                                     {45, "F,0,0"},
                                                     {45, "F,0,1"}}),
                                     roles)
                                .little;
  ASSERT_EQ(with.reason, "");
  EXPECT_THAT(with.columns, ElementsAre("y", "z"));
  EXPECT_EQ(with.patterns, 2);
  EXPECT_EQ(with.degrees, 1);
  // y is known of all: 70 rows without z have a mean of 60/70, 130 one of
  // 40/130, about 1/2 with a variance of 1/4.
  EXPECT_NEAR(with.chi_squared,
              4 * (70 * std::pow(60 / 70.0 - 0.5, 2) +
                   130 * std::pow(40 / 130.0 - 0.5, 2)),
              1e-5);
  EXPECT_LT(with.p, 1e-10);
  const LittleResult without = SurveyOf(Csv("sex,y,z", {{30, "F,1,"},
                                                        {35, "F,1,0"},
                                                        {35, "F,1,1"},
                                                        {30, "F,0,"},
                                                        {35, "F,0,0"},
                                                        {35, "F,0,1"}}),
                                        roles)
                                   .little;
  EXPECT_NEAR(without.chi_squared, 0, 1e-9);
  EXPECT_NEAR(without.p, 1, 1e-4);
}

// 60 %, with at least 0.8 of the cases found and 0.95 of the others cleared.
TEST(LabelBounds, AreTheCornersOfTheDeclaredErrors) {
  const std::string csv =
      Csv("sex,y", {{60, "F,1"}, {40, "F,0"}, {2, "M,1"}, {98, "M,0"}});
  const SurveyResult result = SurveyOf(csv, Roles({"sex"}, {"y"}));
  const LabelBounds f = OfGroup(result.bounds, "F");
  EXPECT_NEAR(f.lowest, (0.6 - 0.05) / 0.95, 1e-12);
  EXPECT_NEAR(f.highest, 0.6 / 0.8, 1e-12);
  // Fewer than the false alarms of such labels alone: maybe none at all.
  EXPECT_EQ(OfGroup(result.bounds, "M").lowest, 0);
  EXPECT_NEAR(OfGroup(result.bounds, "M").highest, 0.02 / 0.8, 1e-12);
  SurveyOptions options = Fast();
  options.sensitivity = options.specificity = 1;
  const SurveyResult perfect = SurveyOf(csv, Roles({"sex"}, {"y"}), options);
  EXPECT_NEAR(OfGroup(perfect.bounds, "F").lowest, 0.6, 1e-12);
  EXPECT_NEAR(OfGroup(perfect.bounds, "F").highest, 0.6, 1e-12);
}

}  // namespace
}  // namespace plumbline::survey
