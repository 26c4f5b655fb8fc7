#include "plumbline/table/table.h"

#include <gtest/gtest.h>

#include <functional>

namespace plumbline {
namespace {

Table TwoFiles() {
  Table table;
  table.set_header({"y", "score", "sex"});
  table.set_rows(3);
  table.set_sources({{"a.csv", 0, 2, ""}, {"b.csv", 2, 1, ""}});
  table.Add(NumericColumn{"score", {0.1, 0.2, 0.3}, 0});
  const std::vector<uint32_t> codes = {0, 1, 0};
  table.Add(CategoricalColumn{
      "sex", {"F", "M"}, {0, 1}, CodeVector::Pack(codes, 2), 0});
  return table;
}

std::string MessageOf(const std::function<void()>& work, ErrorCode code) {
  try {
    work();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), code);
    return error.what();
  }
  return "no error";
}

TEST(Table, FindsColumnsByNameAndKind) {
  const Table table = TwoFiles();
  EXPECT_EQ(table.Numeric("score").values[1], 0.2);
  EXPECT_EQ(table.Categorical("sex").codes[1], 1u);
  EXPECT_TRUE(table.HasNumeric("score"));
  EXPECT_FALSE(table.HasCategorical("score"));
  EXPECT_FALSE(table.HasNumeric("y"));
}

TEST(Table, GivesItsValuesAwayOnce) {
  Table table = TwoFiles();
  EXPECT_EQ(table.TakeNumeric("score").values.size(), 3u);
  EXPECT_EQ(table.TakeCategorical("sex").levels.size(), 2u);
  EXPECT_TRUE(table.Numeric("score").values.empty());
  EXPECT_EQ(table.Categorical("sex").codes.size(), 0u);
  EXPECT_THROW(table.TakeNumeric("sex"), Error);
}

TEST(Table, SaysWhatAMisspeltColumnMightHaveMeant) {
  EXPECT_EQ(
      MessageOf([] { TwoFiles().Numeric("scor"); }, ErrorCode::kInvalidInput),
      "a.csv has no column \"scor\"; did you mean \"score\"? "
      "Its columns: y, score, sex.");
}

TEST(Table, ListsTheColumnsWhenNoneIsNear) {
  EXPECT_EQ(MessageOf([] { TwoFiles().Categorical("hospital"); },
                      ErrorCode::kInvalidInput),
            "a.csv has no column \"hospital\". Its columns: y, score, sex.");
}

TEST(Table, ListsTheFirstFortyOfManyColumns) {
  std::vector<std::string> header;
  for (int i = 0; i < 41; ++i) header.push_back(std::to_string(i));
  const std::string message =
      MessageOf([&] { ThrowNoSuchColumn("wide.csv", "hospital", header); },
                ErrorCode::kInvalidInput);
  EXPECT_TRUE(message.ends_with("38, 39, ... (41 in all).")) << message;
}

TEST(Table, HoldsItAMistakeToUseAColumnThatWasNotRead) {
  EXPECT_EQ(MessageOf([] { TwoFiles().Numeric("y"); }, ErrorCode::kInternal),
            "column \"y\" was not read as numbers");
}

TEST(Table, RefusesAColumnOfAnotherLength) {
  EXPECT_EQ(MessageOf(
                [] {
                  Table table = TwoFiles();
                  table.Add(NumericColumn{"age", {1}, 0});
                },
                ErrorCode::kInternal),
            "column \"age\" has 1 rows of 3");
}

TEST(Table, CountsRowsAsASpreadsheetOfTheirFileDoes) {
  const Table table = TwoFiles();
  EXPECT_EQ(ToString(table.Where(0, "sex")), "a.csv, row 2, column \"sex\"");
  EXPECT_EQ(ToString(table.Where(1, "sex")), "a.csv, row 3, column \"sex\"");
  EXPECT_EQ(ToString(table.Where(2, "")), "b.csv, row 2");
}

TEST(Table, KnowsNothingOfDuplicatesUnlessTheyWereCounted) {
  Table table = TwoFiles();
  EXPECT_EQ(table.duplicate_rows(), -1);
  table.set_duplicates(1, 2, 0);
  EXPECT_EQ(table.duplicate_rows(), 1);
  EXPECT_EQ(table.first_duplicate(), 2);
  EXPECT_EQ(table.first_duplicate_of(), 0);
}

}  // namespace
}  // namespace plumbline
