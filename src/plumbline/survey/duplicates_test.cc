#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "plumbline/survey/survey_for_test.h"

namespace plumbline::survey {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

// Four people with an image each; images 0 and 1 are one picture.
struct Album {
  Cohort cohort;
  SurveyInput input;

  Album(const std::string& csv, const std::vector<std::string>& labels,
        bool has_split) {
    CohortRoles roles = Roles({"sex"}, labels);
    if (has_split) roles.split = "part";
    cohort = ReadCohort(csv, roles);
    input = MakeSurveyInput(cohort, nullptr, {});
    for (int64_t row = 0; row < cohort.rows; ++row) {
      input.image_of_row.push_back(row);
      input.paths.push_back(fmt::format("{}.png", row));
    }
    input.images = cohort.rows;
    input.pairs = {{0, 1, true}};
  }
};

TEST(Duplicates, CrossTheSplit) {
  Album album(
      "id,sex,part,y\n1,F,train,1\n2,F,test,0\n3,M,test,0\n4,M,train,0\n",
      {"y"}, true);
  const SurveyResult result = Survey(album.input, Fast());
  const Duplicates& d = result.duplicates;
  EXPECT_TRUE(d.looked);
  EXPECT_EQ(d.exact_groups, 1);
  EXPECT_EQ(d.exact_images, 2);
  EXPECT_EQ(d.different_people, 1);
  EXPECT_EQ(d.label_conflicts, 1);
  EXPECT_EQ(d.crossing, 1);
  EXPECT_EQ(d.test_rows, 2);
  EXPECT_EQ(d.test_with_neighbour.value, 0.5);
  ASSERT_EQ(d.groups.size(), 1u);
  EXPECT_THAT(d.groups[0].paths, ElementsAre("0.png", "1.png"));
  EXPECT_EQ(d.groups[0].how, "the same pixels");
  EXPECT_EQ(FindingsOf(result, "SV328").size(), 1u);
  EXPECT_EQ(FindingsOf(result, "SV328")[0].severity, Severity::kHigh);
  EXPECT_THAT(TextsOf(result, "SV338"), IsEmpty());
  EXPECT_THAT(TextsOf(result, "SV348"),
              ElementsAre("1 pictures are filed under several people."));
  EXPECT_EQ(TextsOf(result, "SV358").size(), 1u);
}

// Of one person, with one label, on one side: counted twice, no more.
TEST(Duplicates, OfOnePersonAreNoContradiction) {
  Album album("id,sex,part,y\n1,F,train,1\n1,F,train,1\n3,M,test,0\n", {"y"},
              true);
  const SurveyResult result = Survey(album.input, Fast());
  EXPECT_THAT(TextsOf(result, "SV338"),
              ElementsAre("1 pictures are there several times: 1 with the same "
                          "pixels, 0 changed."));
  for (const char* code : {"SV328", "SV348", "SV358", "SV308"}) {
    EXPECT_THAT(TextsOf(result, code), IsEmpty()) << code;
  }
  EXPECT_EQ(result.duplicates.test_with_neighbour.value, 0);
}

// A is B and B is C: one picture.
TEST(Duplicates, AreJoinedAcrossPairs) {
  Album album("id,sex\n1,F\n2,F\n3,M\n4,M\n", {}, false);
  album.input.pairs.push_back({1, 2, false, 0, 0, 0.97});
  const SurveyResult result = Survey(album.input, Fast());
  ASSERT_EQ(result.duplicates.groups.size(), 1u);
  const DuplicateGroup& group = result.duplicates.groups[0];
  EXPECT_EQ(group.paths.size(), 3u);
  EXPECT_EQ(group.subjects, 3);
  EXPECT_FALSE(group.exact);
  EXPECT_EQ(group.how, "nearly the same pixels");
  EXPECT_EQ(group.correlation, 0.97);
  EXPECT_EQ(result.duplicates.near_pairs, 1);
}

TEST(Duplicates, SayHowManyImagesCannotBeRead) {
  Album album("id,sex\n1,F\n2,F\n", {}, false);
  album.input.pairs.clear();
  album.input.failed_images = 1;
  EXPECT_THAT(TextsOf(Survey(album.input, Fast()), "SV308"),
              ElementsAre("1 of 2 images are missing or damaged."));
}

TEST(Duplicates, WereNotLookedForWithoutImages) {
  const SurveyResult result =
      SurveyOf(Csv("sex", {{5, "F"}, {5, "M"}}), Roles({"sex"}));
  EXPECT_FALSE(result.duplicates.looked);
  EXPECT_THAT(result.limitations,
              ::testing::Contains(::testing::HasSubstr("No images were read")));
}

}  // namespace
}  // namespace plumbline::survey
