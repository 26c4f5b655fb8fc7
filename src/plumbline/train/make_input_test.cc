#include "plumbline/train/make_input.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "plumbline/table/csv.h"
#include "plumbline/train/train_for_test.h"

namespace plumbline::train {
namespace {

using testing::HasSubstr;

class MakeInputTest : public testing::Test {
 protected:
  Cohort CohortOf(const std::string& csv, const std::string& split) {
    CohortRoles roles;
    roles.image = "image";
    roles.subject = "who";
    roles.labels = {"y"};
    roles.attributes = {"sex"};
    roles.covariates = {"view", "kvp"};
    roles.split = split;
    std::vector<ColumnRequest> columns;
    for (const char* name :
         {"image", "who", "y", "sex", "view", "kvp", "part"}) {
      columns.push_back({.name = name});
    }
    return MakeCohort(ReadCsvText(csv, "t.csv", columns), roles, {});
  }

  TemporaryFolder folder_;
  std::shared_ptr<const PackedCohort> images_ = SquarePictures(folder_, 8);
  const std::string csv_ =
      "image,who,y,sex,view,kvp,part\n"
      "p0.png,a,1,F,PA,80,train\n"
      "p1.png,a,0,F,AP,100,train\n"
      "p2.png,b,-1,M,AP,120,train\n"
      "p3.png,c,,unknown,PA,,tune\n"
      "gone.png,d,1,F,PA,90,train\n"
      "p4.png,e,1,M,PA,90,test\n";
};

TEST_F(MakeInputTest, TakesTargetsGroupsAndParts) {
  InputOptions options;
  options.classes = {"view", "sex"};
  const MadeInput made =
      MakeTrainInput(CohortOf(csv_, "part"), images_, options);
  const TrainInput& input = made.input;
  EXPECT_FALSE(made.own_split);
  EXPECT_EQ(input.image_of_row, (std::vector<int64_t>{0, 1, 2, 3, -1, 4}));
  EXPECT_EQ(input.parts[3], Part::kTune);
  EXPECT_EQ(input.parts[5], Part::kOther);
  ASSERT_EQ(input.targets.size(), 3U);
  EXPECT_EQ(input.targets[0].values[0], 1);
  EXPECT_TRUE(std::isnan(input.targets[0].values[2]));
  EXPECT_TRUE(std::isnan(input.targets[0].values[3]));
  EXPECT_EQ(input.targets[1].target.levels,
            (std::vector<std::string>{"AP", "PA"}));
  EXPECT_TRUE(std::isnan(input.targets[2].values[3]));
  EXPECT_EQ(input.groups[0].codes[3], -1);
  EXPECT_EQ(input.table_rows[2], 4);
  EXPECT_GT(input.preprocessing.mean.at(0), 0.2);
}

TEST_F(MakeInputTest, StandardisesNumbersByTheTrainingPart) {
  std::string csv = "image,who,y,sex,view,kvp,part\n";
  for (int i = 0; i < 20; ++i) {
    csv += fmt::format("{},{},1,F,PA,{},{}\n",
                       i == 19 ? "gone.png" : fmt::format("p{}.png", i % 8), i,
                       i == 3 ? "" : fmt::format("{}", 60 + i),
                       i < 16 ? "tune" : "train");
  }
  InputOptions options;
  options.regress = {"kvp"};
  const MadeInput made =
      MakeTrainInput(CohortOf(csv, "part"), images_, options);
  // Of 76, 77 and 78: the row without an image does not count.
  const TargetValues& kvp = made.input.targets.at(1);
  EXPECT_EQ(kvp.target.offset, 77);
  EXPECT_NEAR(kvp.target.scale, std::sqrt(2.0 / 3), 1e-9);
  EXPECT_EQ(kvp.values[0], 60);
  EXPECT_TRUE(std::isnan(kvp.values[3]));
  options.regress.clear();
  options.classes = {"kvp"};
  EXPECT_THAT(ErrorText([&] {
                MakeTrainInput(CohortOf(csv, "part"), images_, options);
              }),
              HasSubstr("is a column of numbers; use --regress kvp"));
}

TEST_F(MakeInputTest, CountsLabelsAsItIsTold) {
  InputOptions options;
  options.uncertain = LabelPolicy::kPositive;
  options.unmentioned = LabelPolicy::kNegative;
  const MadeInput made =
      MakeTrainInput(CohortOf(csv_, "part"), images_, options);
  EXPECT_EQ(made.input.targets[0].values[2], 1);
  EXPECT_EQ(made.input.targets[0].values[3], 0);
}

TEST_F(MakeInputTest, DividesPeopleWhereThereIsNoSplit) {
  const Cohort cohort = CohortOf(csv_, "");
  InputOptions options;
  options.parts = {{"train", 0.5}, {"tune", 0.5}};
  const MadeInput made = MakeTrainInput(cohort, images_, options);
  EXPECT_TRUE(made.own_split);
  EXPECT_EQ(made.parts[0], made.parts[1]);
  const std::string csv = SplitCsv(cohort, made.parts);
  EXPECT_THAT(csv, HasSubstr("who,split\na," + made.parts[0] + "\nb,"));
}

TEST_F(MakeInputTest, RefusesToDivideRowsOfUnknownPeople) {
  Cohort cohort = CohortOf(csv_, "");
  cohort.has_subjects = false;
  EXPECT_THAT(ErrorText([&] { MakeTrainInput(cohort, images_, {}); }),
              HasSubstr("2: who is on a row is not known"));
}

TEST_F(MakeInputTest, RefusesOneTargetTwice) {
  InputOptions options;
  options.classes = {"view", "view"};
  EXPECT_THAT(ErrorText([&] {
                MakeTrainInput(CohortOf(csv_, "part"), images_, options);
              }),
              HasSubstr("2: \"view\" is to be learnt twice"));
}

TEST_F(MakeInputTest, RefusesPeopleInSeveralParts) {
  std::string csv = csv_;
  csv.replace(csv.find("p1.png,a,0,F,AP,100,train"), 25,
              "p1.png,a,0,F,AP,100,tune");
  EXPECT_THAT(
      ErrorText([&] { MakeTrainInput(CohortOf(csv, "part"), images_, {}); }),
      HasSubstr("3: 1 people are in several parts of the split"));
}

TEST_F(MakeInputTest, SaysWhichPartsAndColumnsThereAre) {
  InputOptions options;
  options.tune_part = "valid";
  const Cohort cohort = CohortOf(csv_, "part");
  EXPECT_EQ(ErrorText([&] { MakeTrainInput(cohort, images_, options); }),
            "2: --tune-part valid: the split has no such part; it has test, "
            "train and tune; --tune-part none does without");
  options = {};
  options.classes = {"vieew"};
  EXPECT_THAT(ErrorText([&] { MakeTrainInput(cohort, images_, options); }),
              HasSubstr("--classes vieew: is none of the attributes and "
                        "covariates; did you mean \"view\"?"));
  options = {};
  options.regress = {"view"};
  EXPECT_THAT(ErrorText([&] { MakeTrainInput(cohort, images_, options); }),
              HasSubstr("is a column of words, or of so few numbers that they "
                        "are taken as words; use --classes view"));
}

}  // namespace
}  // namespace plumbline::train
