#include "plumbline/audit/compare/compare_input.h"

#include <gtest/gtest.h>

#include <cmath>

#include "plumbline/base/error.h"

namespace plumbline {
namespace {

CompareColumns Columns() {
  CompareColumns columns;
  columns.common.labels = {"y"};
  columns.common.scores = {"s"};
  columns.challenger_scores = {"s"};
  columns.common.by = {"g"};
  columns.row_id = {"id"};
  return columns;
}

std::vector<std::string> HeaderOf(const std::string& text) {
  std::vector<std::string> header = {""};
  for (const char c : text.substr(0, text.find('\n'))) {
    if (c == ',') {
      header.emplace_back();
    } else {
      header.back() += c;
    }
  }
  return header;
}

Table Read(const std::string& text, const std::string& name, CompareTable which,
           const CompareColumns& columns) {
  return ReadCsvText(text, name,
                     RequestedColumns(columns, which, HeaderOf(text), name));
}

CompareInput Join(const std::string& old_text, const std::string& new_text,
                  const CompareColumns& columns) {
  return MakeCompareInput(
      Read(old_text, "old.csv", CompareTable::kBaseline, columns),
      Read(new_text, "new.csv", CompareTable::kChallenger, columns), columns);
}

std::string Message(const std::string& old_text, const std::string& new_text,
                    const CompareColumns& columns = Columns()) {
  try {
    Join(old_text, new_text, columns);
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kInvalidInput);
    return error.what();
  }
  return "";
}

constexpr const char* kOld =
    "id,y,g,s\na,1,F,0.9\nb,0,M,0.2\nc,1,M,0.6\nd,0,F,0.1\n";

TEST(MakeCompareInput, JoinsTwoTablesWhateverTheirOrder) {
  const CompareInput input =
      Join(kOld, "s,id,y\n0.3,d,0\n0.7,c,true\n0.4,b,0\n0.8,a,1\n", Columns());
  EXPECT_EQ(input.targets(), 1);
  EXPECT_EQ(input.target(0, kBaseline).scores,
            (std::vector<double>{0.9, 0.2, 0.6, 0.1}));
  EXPECT_EQ(input.target(0, kChallenger).scores,
            (std::vector<double>{0.8, 0.4, 0.7, 0.3}));
}

TEST(MakeCompareInput, CountsAndNamesRowsOfOneTableOnly) {
  EXPECT_EQ(
      Message(kOld, "id,y,s\na,1,0.8\nb,0,0.4\nx,1,0.7\n"),
      "old.csv and new.csv do not hold the same rows: 2 rows are only in "
      "old.csv (first: row 4, id \"c\"); 1 row is only in new.csv (first: row "
      "4, id \"x\"). Give both models the same rows, or add --common-rows to "
      "compare them on the 2 rows that both have and that agree");
}

TEST(MakeCompareInput, RefusesLabelsAndAttributesThatDiffer) {
  EXPECT_EQ(
      Message(kOld, "id,y,s\na,1,0.8\nb,1,0.4\nc,1,0.7\nd,1,0.1\n"),
      "old.csv and new.csv do not hold the same rows: 2 rows differ in what "
      "both tables say of them (first: old.csv, row 3, column \"y\", id "
      "\"b\"). Give both models the same rows, or add --common-rows to compare "
      "them on the 2 rows that both have and that agree");
  EXPECT_EQ(
      Message(kOld, "id,y,s,g\na,1,0.8,F\nb,0,0.4,\nc,1,0.7,M\nd,0,0.1,F\n"),
      "old.csv and new.csv do not hold the same rows: 1 row differs in what "
      "both tables say of it (first: old.csv, row 3, column \"g\", id \"b\"). "
      "Give both models the same rows, or add --common-rows to compare them on "
      "the 3 rows that both have and that agree");
}

TEST(MakeCompareInput, RefusesIdsThatAreMissingOrTwice) {
  EXPECT_EQ(Message("id,y,g,s\na,1,F,0.9\n,0,M,0.2\n", "id,y,s\na,1,0.8\n"),
            "old.csv, row 3, column \"id\": the row has no id, so that it "
            "cannot be found in the other model's table; fill it in, or leave "
            "the row out of both");
  EXPECT_EQ(
      Message(kOld, "id,y,s\na,1,0.8\nb,0,0.4\na,1,0.8\n"),
      "new.csv, row 4: id \"a\" stands also in new.csv, row 2; every row needs "
      "an id of its own. Name more columns with --image, or remove the copy");
}

TEST(MakeCompareInput, TellsRowsApartBySeveralColumns) {
  CompareColumns columns = Columns();
  columns.row_id = {"id", "view"};
  const CompareInput input =
      Join("id,view,y,g,s\na,AP,1,F,0.9\na,PA,0,F,0.2\n",
           "id,view,y,s\na,PA,0,0.3\na,AP,1,0.8\n", columns);
  EXPECT_EQ(input.target(0, kChallenger).scores,
            (std::vector<double>{0.8, 0.3}));
}

TEST(MakeCompareInput, LeavesOutAndCountsWhatIsNotCommon) {
  CompareColumns columns = Columns();
  columns.common_rows = true;
  const CompareInput input =
      Join(kOld, "id,y,s\na,1,0.8\nb,1,0.4\nd,0,\nx,1,0.7\n", columns);
  EXPECT_EQ(input.only_in_baseline, 1);    // c
  EXPECT_EQ(input.only_in_challenger, 1);  // x
  EXPECT_EQ(input.differing, 1);           // b
  EXPECT_EQ(input.one_score[0], 1);        // d
  for (int model : {kBaseline, kChallenger}) {
    const auto& scores = input.target(0, model).scores;
    EXPECT_FALSE(std::isnan(scores[0]));
    for (const int row : {1, 2, 3}) EXPECT_TRUE(std::isnan(scores[row]));
  }
  // everyone, g=F, g=M.
  EXPECT_EQ(input.left_out_of_group, (std::vector<int64_t>{3, 1, 2}));
}

CompareInput FromOneTable(const std::string& text, CompareColumns columns) {
  columns.row_id.clear();
  columns.common.scores = {"s"};
  columns.challenger_scores = {"t"};
  return MakeCompareInput(Read(text, "preds.csv", CompareTable::kBoth, columns),
                          columns);
}

TEST(MakeCompareInput, ReadsBothModelsFromOneTable) {
  const CompareInput input =
      FromOneTable("y,g,s,t\n1,F,0.9,0.7\n0,M,0.2,0.3\n", Columns());
  EXPECT_EQ(input.target(0, kChallenger).scores,
            (std::vector<double>{0.7, 0.3}));
  EXPECT_EQ(input.target(0, kChallenger).name, "y");
}

TEST(MakeCompareInput, RefusesRowsWithOneScore) {
  try {
    FromOneTable("y,g,s,t\n1,F,0.9,0.7\n0,M,0.2,\n,M,0.2,\n0,F,,\n", Columns());
    FAIL();
  } catch (const Error& error) {
    EXPECT_STREQ(
        error.what(),
        "target y: 1 row has the score of one model only (first: preds.csv, "
        "row 3, where \"t\" of the second model is missing). Give both models "
        "the same rows, or add --common-rows to compare them on the 1 row "
        "that both have scored");
  }
}

TEST(RequestedColumns, RefusesOneScoreForBothModelsOfATable) {
  CompareColumns columns = Columns();
  columns.row_id.clear();
  EXPECT_THROW(RequestedColumns(columns, CompareTable::kBoth, {"y", "g", "s"},
                                "preds.csv"),
               Error);
}

}  // namespace
}  // namespace plumbline
