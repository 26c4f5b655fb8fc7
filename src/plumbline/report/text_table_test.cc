#include "plumbline/report/text_table.h"

#include <gtest/gtest.h>

#include "plumbline/base/error.h"

namespace plumbline {
namespace {

using Align = TextTable::Align;

TextTable TwoColumns() {
  TextTable table;
  table.AddColumn("Group", Align::kLeft);
  table.AddColumn("n", Align::kRight);
  return table;
}

TEST(TextTable, AlignsTextLeftAndNumbersRight) {
  TextTable table = TwoColumns();
  table.AddRow({"sex=F", "7"});
  table.AddRow({"漢字", "1,234"});
  EXPECT_EQ(table.ToText(),
            "Group      n\n"
            "-----  -----\n"
            "sex=F      7\n"
            "漢字   1,234\n");
}

TEST(TextTable, CutsTheWidestTextColumnAndNoNumber) {
  TextTable table = TwoColumns();
  table.AddRow({"a very long name of a group", "1,234,567"});
  EXPECT_EQ(table.ToText(21),
            "Group               n\n"
            "----------  ---------\n"
            "a very lo…  1,234,567\n");
}

TEST(TextTable, NeverPrintsALineLongerThanTheWidth) {
  TextTable table;
  for (int i = 0; i < 30; ++i) table.AddColumn("column", Align::kRight);
  table.AddRow(std::vector<std::string>(30, "1,234,567"));
  const std::string text = table.ToText(80);
  for (size_t start = 0; start < text.size();) {
    const size_t end = text.find('\n', start);
    EXPECT_LE(DisplayWidth(text.substr(start, end - start)), 80);
    start = end + 1;
  }
}

TEST(TextTable, EscapesPipesAndTagsInMarkdown) {
  TextTable table = TwoColumns();
  table.AddRow({"a|b<c>", "1"});
  EXPECT_EQ(table.ToMarkdown(),
            "| Group | n |\n| --- | ---: |\n| a\\|b\\<c\\> | 1 |\n");
}

TEST(TextTable, QuotesCsvFieldsThatNeedIt) {
  TextTable table = TwoColumns();
  table.AddRow({"a,b \"c\"\nd", "1"});
  EXPECT_EQ(table.ToCsv(), "Group,n\r\n\"a,b \"\"c\"\"\nd\",1\r\n");
}

TEST(TextTable, RefusesARowOfTheWrongLength) {
  TextTable table = TwoColumns();
  try {
    table.AddRow({"a"});
    FAIL() << "accepted one cell";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kInternal);
    EXPECT_STREQ(error.what(),
                 "a table of 2 columns was given a row of 1 cells");
  }
}

TextTable WithSpareColumns() {
  TextTable table;
  table.AddColumn("Group", TextTable::Align::kLeft);
  table.AddColumn("A", TextTable::Align::kRight, 2);
  table.AddColumn("B", TextTable::Align::kRight, 1);
  table.AddColumn("Outcome", TextTable::Align::kRight);
  table.AddRow({"view=AP, sex=F", "1111", "2222", "gap shown"});
  return table;
}

TEST(TextTable, LeavesOutSpareColumnsRatherThanNames) {
  EXPECT_EQ(WithSpareColumns().ToText(40),
            "Group              A     B    Outcome\n"
            "--------------  ----  ----  ---------\n"
            "view=AP, sex=F  1111  2222  gap shown\n");
  EXPECT_EQ(WithSpareColumns().ToText(32),
            "Group              B    Outcome\n"
            "--------------  ----  ---------\n"
            "view=AP, sex=F  2222  gap shown\n"
            "Left out to fit: A\n");
  EXPECT_EQ(WithSpareColumns().ToText(25),
            "Group             Outcome\n"
            "--------------  ---------\n"
            "view=AP, sex=F  gap shown\n"
            "Left out to fit: A and B\n");
}

TEST(TextTable, KeepsAllColumnsInMarkdownAndCsv) {
  EXPECT_NE(WithSpareColumns().ToMarkdown().find("1111 | 2222"),
            std::string::npos);
  EXPECT_NE(WithSpareColumns().ToCsv().find("1111,2222"), std::string::npos);
}

}  // namespace
}  // namespace plumbline
