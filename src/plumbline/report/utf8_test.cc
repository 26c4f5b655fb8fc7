#include "plumbline/report/utf8.h"

#include <gtest/gtest.h>

#include "plumbline/report/text_table.h"

namespace plumbline::report {
namespace {

TEST(CleanText, KeepsEveryLanguageAndEmoji) {
  const std::string text = "Zoë 漢字 אבג 🧬";
  EXPECT_EQ(CleanText(text), text);
}

TEST(CleanText, DisarmsWhatDrivesATerminalOrTurnsTheText) {
  EXPECT_EQ(CleanText("a\x1b[31mb"), "a\uFFFD[31mb");
  EXPECT_EQ(CleanText("a\u202Eb"), "a\uFFFDb");
  EXPECT_EQ(CleanText(std::string_view("a\0b", 3)), "a\uFFFDb");
  EXPECT_EQ(CleanText("a\u009Bb"), "a\uFFFDb");
}

TEST(CleanText, StaysOnOneLine) { EXPECT_EQ(CleanText("a\nb\tc\r"), "a b c "); }

TEST(CleanText, ReplacesBytesThatAreNoUtf8) {
  EXPECT_EQ(CleanText("a\xFFz"), "a\uFFFDz");
  EXPECT_EQ(CleanText("\xC3"), "\uFFFD");            // cut short
  EXPECT_EQ(CleanText("\xC0\x80"), "\uFFFD\uFFFD");  // overlong
  // A surrogate is no character.
  EXPECT_EQ(CleanText("\xED\xA0\x80"), "\uFFFD\uFFFD\uFFFD");
}

TEST(DisplayWidth, CountsColumnsNotBytes) {
  EXPECT_EQ(DisplayWidth("abc"), 3);
  EXPECT_EQ(DisplayWidth("Zoë"), 3);
  EXPECT_EQ(DisplayWidth("漢字"), 4);
  EXPECT_EQ(DisplayWidth("🧬"), 2);
  EXPECT_EQ(DisplayWidth("e\u0301"), 1);  // combining acute
}

TEST(Shorten, EndsInAnEllipsisOnlyIfSomethingIsCut) {
  EXPECT_EQ(Shorten("abcde", 5), "abcde");
  EXPECT_EQ(Shorten("abcdef", 5), "abcd…");
}

TEST(Shorten, NeverCutsACharacterInHalf) {
  EXPECT_EQ(Shorten("漢字漢字", 6), "漢字…");
  EXPECT_EQ(Shorten("漢字漢字", 4), "漢…");
}

}  // namespace
}  // namespace plumbline::report
