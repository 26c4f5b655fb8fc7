#include "plumbline/table/output_table.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "plumbline/base/error.h"

namespace plumbline {
namespace {

CategoricalColumn WordsOf(const std::string& text) {
  Table table =
      ReadCsvText("w\n" + text, "t.csv", {{"w", ColumnKind::kCategorical}});
  return table.TakeCategorical("w");
}

bool BecomesNumbers(const std::string& text) {
  return std::holds_alternative<NumericColumn>(NumbersIfAllAre(WordsOf(text)));
}

TEST(NumbersIfAllAre, TakesWrittenNumbers) {
  EXPECT_TRUE(BecomesNumbers("1\n-2.50\n3e-7\n"));
  EXPECT_TRUE(BecomesNumbers("0\n0.5\n-0.5\n.5\nNA\n"));
  EXPECT_TRUE(BecomesNumbers("9007199254740992\n"));
  EXPECT_TRUE(BecomesNumbers("\n\n"));
}

TEST(NumbersIfAllAre, LeavesNamesMadeOfDigits) {
  EXPECT_FALSE(BecomesNumbers("1\n007\n"));
  EXPECT_FALSE(BecomesNumbers("-01\n"));
  EXPECT_FALSE(BecomesNumbers("+1\n"));
  EXPECT_FALSE(BecomesNumbers("9007199254740993123\n"));
  EXPECT_FALSE(BecomesNumbers("1\nF\n"));
  EXPECT_FALSE(BecomesNumbers("1\n\"NA\"\n"));
  EXPECT_FALSE(BecomesNumbers("inf\n"));
}

TEST(ToCsv, QuotesWhatWouldBeMissing) {
  OutputTable table{.rows = 4};
  table.columns.emplace_back(WordsOf("\"NA\"\nNA\n\"a,b\"\nF\n"));
  table.columns.push_back(NumbersIfAllAre(WordsOf("1\n0.10\n\n1e21\n")));
  EXPECT_EQ(ToCsv(table, ',', {"NA"}),
            "w,w\n\"NA\",1\n,0.1\n\"a,b\",\nF,1e+21\n");
  EXPECT_EQ(ToCsv(table, '\t', {}), "w\tw\nNA\t1\n\t0.1\na,b\t\nF\t1e+21\n");
}

TEST(ToNpy, RefusesWordsBesideNumbers) {
  OutputTable table{.rows = 1};
  table.columns.push_back(NumbersIfAllAre(WordsOf("1\n")));
  table.columns.emplace_back(WordsOf("F\n"));
  try {
    ToNpy(table);
    FAIL();
  } catch (const Error& error) {
    EXPECT_STREQ(error.what(),
                 "column \"w\" holds words, and an npy file holds numbers, or "
                 "one column of words; choose columns with --columns");
  }
}

}  // namespace
}  // namespace plumbline
