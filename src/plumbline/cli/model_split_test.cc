#include "plumbline/cli/model_split.h"

#include <gtest/gtest.h>

#include "plumbline/base/file.h"
#include "plumbline/base/test_support.h"
#include "plumbline/table/csv.h"

namespace plumbline {
namespace {

class ModelSplit : public testing::Test {
 protected:
  // Four rows of three people.
  static Cohort CohortOf(const std::string& subject) {
    CohortRoles roles;
    roles.subject = subject;
    roles.image = "image";
    return MakeCohort(
        ReadCsvText("image,who\na.png,7\nb.png,7\nc.png,8\nd.png,9\n", "t.csv",
                    {{.name = "image"}, {.name = "who"}}),
        roles, {});
  }
  std::string Split(const std::string& text) const {
    WriteFile(folder_ / "split.csv", text);
    return folder_ / "split.csv";
  }

  TemporaryFolder folder_;
  const std::vector<int64_t> all_ = {0, 1, 2, 3};
};

TEST_F(ModelSplit, GivesEveryRowThePartOfItsPerson) {
  const auto parts =
      ReadModelParts(Split("who,split\n7,train\n8,test\n"), CohortOf("who"));
  EXPECT_EQ(parts->of_row, (std::vector<int32_t>{0, 0, 1, -1}));
  EXPECT_EQ(RowsOfPart(*parts, "test"), (std::vector<int64_t>{2}));
  EXPECT_EQ(RowsSeen(*parts, nullptr, all_), 2);
  EXPECT_EQ(RowsSeen(*parts, nullptr, {1, 2}), 1);
}

TEST_F(ModelSplit, KnowsFromTheCardWhichPartsWereSeen) {
  const auto parts = ReadModelParts(Split("who,split\n7,dev\n8,sealed\n9,\n"),
                                    CohortOf("who"));
  EXPECT_EQ(parts->of_row, (std::vector<int32_t>{0, 0, 1, -1}));
  EXPECT_EQ(RowsSeen(*parts, {{"seen_parts", {"dev"}}}, all_), 2);
  EXPECT_EQ(RowsSeen(*parts, {{"epochs", 3}}, all_), 3);
}

TEST_F(ModelSplit, MayNameImagesWhereNobodyIsKnown) {
  const auto parts =
      ReadModelParts(Split("image,split\nb.png,train\n"), CohortOf(""));
  EXPECT_EQ(parts->of_row, (std::vector<int32_t>{-1, 0, -1, -1}));
  EXPECT_FALSE(ReadModelParts(Split("who,split\n7,train\n"), CohortOf("")));
}

TEST_F(ModelSplit, RefusesAPersonInTwoParts) {
  const std::string file = Split("who,split\n7,train\n7,\n");
  EXPECT_EQ(ErrorText([&] { ReadModelParts(file, CohortOf("who")); }),
            "3: " + file +
                ", row 3, column \"who\": \"7\" is in two parts, train and "
                "none");
}

}  // namespace
}  // namespace plumbline
