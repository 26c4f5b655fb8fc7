#include "plumbline/base/text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace plumbline {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST(NearestNames, FindsAMisspeltName) {
  const std::vector<std::string> names = {"y", "score", "sex"};
  EXPECT_THAT(NearestNames("scor", names), ElementsAre("score"));
  EXPECT_THAT(NearestNames("SCORE", names), ElementsAre("score"));
  EXPECT_THAT(NearestNames("csore", names), ElementsAre("score"));
  EXPECT_THAT(NearestNames("age", names), IsEmpty());
}

TEST(NearestNames, CountsASwapOfNeighboursAsOneEdit) {
  EXPECT_THAT(NearestNames("rcae", {"race"}), ElementsAre("race"));
}

TEST(NearestNames, PutsTheNearestFirstAndKeepsTheOrderOfEquals) {
  EXPECT_THAT(NearestNames("sensitivty", {"specificity", "sensitive",
                                          "sensitivity", "sensitivty2"}),
              ElementsAre("sensitivity", "sensitivty2", "sensitive"));
  EXPECT_THAT(NearestNames("sensitivty", {"sensitivity", "sensitivty2"}, 1),
              ElementsAre("sensitivity"));
}

TEST(NearestNames, FallsBackOnTheFirstThreeLetters) {
  EXPECT_THAT(NearestNames("sens", {"fnr", "sensitivity", "specificity"}),
              ElementsAre("sensitivity"));
}

TEST(NearestNames, DoesNotOfferEveryOneLetterNameForAnother) {
  EXPECT_THAT(NearestNames("x", {"y", "z"}), IsEmpty());
}

TEST(NearestNames, BearsEmptyWordsAndNames) {
  EXPECT_THAT(NearestNames("", {"", "a", "abc"}), ElementsAre(""));
  EXPECT_THAT(NearestNames("abc", {""}), IsEmpty());
}

TEST(DidYouMean, IsAClauseOrNothing) {
  EXPECT_EQ(DidYouMean("scor", {"y", "score"}), "; did you mean \"score\"?");
  EXPECT_EQ(DidYouMean("group", {"group1", "group2"}),
            "; did you mean \"group1\" or \"group2\"?");
  EXPECT_EQ(DidYouMean("age", {"y", "score"}), "");
}

TEST(JoinWords, IsAnEnglishList) {
  EXPECT_EQ(JoinWords({}), "");
  EXPECT_EQ(JoinWords({"a"}), "a");
  EXPECT_EQ(JoinWords({"a", "b"}), "a and b");
  EXPECT_EQ(JoinWords({"a", "b", "c"}, "or"), "a, b or c");
}

TEST(Split, KeepsEmptyParts) {
  EXPECT_THAT(Split("a,,b,", ','), ElementsAre("a", "", "b", ""));
  EXPECT_THAT(Split("", ','), ElementsAre(""));
}

TEST(Trim, TakesBlanksFromBothEnds) {
  EXPECT_EQ(Trim(" \ta b\r\n"), "a b");
  EXPECT_EQ(Trim(" \n "), "");
}

TEST(ParseNumber, ReadsWholeFiniteNumbers) {
  double value = 0;
  EXPECT_TRUE(ParseNumber("-12.5e-1", &value));
  EXPECT_EQ(value, -1.25);
  EXPECT_TRUE(ParseNumber("0.1", &value));
  EXPECT_EQ(value, 0.1);
  EXPECT_TRUE(ParseNumber("+3", &value));
  EXPECT_EQ(value, 3);
  EXPECT_TRUE(ParseNumber(".5", &value));
  EXPECT_EQ(value, 0.5);
}

TEST(ParseNumber, LeavesTheValueAloneForAnythingElse) {
  double value = 42;
  for (const char* text :
       {"", " 1", "1 ", "1,5", "1e", "0x10", "nan", "NaN", "inf", "-Infinity",
        "1e999", "+-1", "++1", "+", "-", ".", "1.2.3", "one", "1_000"}) {
    EXPECT_FALSE(ParseNumber(text, &value)) << text;
  }
  EXPECT_EQ(value, 42);
}

TEST(WithThousands, SeparatesGroupsOfThree) {
  EXPECT_EQ(WithThousands(0), "0");
  EXPECT_EQ(WithThousands(999), "999");
  EXPECT_EQ(WithThousands(13017), "13,017");
  EXPECT_EQ(WithThousands(-123), "-123");
  EXPECT_EQ(WithThousands(-1234567), "-1,234,567");
}

std::string CsvField(std::string_view text, char separator = ',') {
  std::string field;
  AppendCsvField(text, &field, separator);
  return field;
}

TEST(AppendCsvField, QuotesOnlyWhereNeeded) {
  EXPECT_EQ(CsvField("plain text"), "plain text");
  EXPECT_EQ(CsvField(""), "");
  EXPECT_EQ(CsvField("a,b"), "\"a,b\"");
  EXPECT_EQ(CsvField("a,b", '\t'), "a,b");
  EXPECT_EQ(CsvField("a\tb", '\t'), "\"a\tb\"");
  EXPECT_EQ(CsvField("say \"x\""), "\"say \"\"x\"\"\"");
  EXPECT_EQ(CsvField("two\nlines"), "\"two\nlines\"");
  EXPECT_EQ(CsvField("\r"), "\"\r\"");
}

}  // namespace
}  // namespace plumbline
