#include "plumbline/table/csv_number.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <random>

namespace plumbline::csv {
namespace {

const MissingMarks kMarks({"NA", "nan"});

// The number in a text with others behind it, as in a file; NaN if the text is
// missing, "no number" otherwise.
std::string Read(const std::string& text, const MissingMarks& marks = kMarks) {
  const std::string line = text + ",0123456789abcdef\n";
  double with_room = 0;
  double without_room = 0;
  const char* const begin = line.data();
  const char* const end = begin + text.size();
  const bool good =
      ReadNumber(begin, end, begin + line.size(), marks, &with_room);
  EXPECT_EQ(ReadNumber(begin, end, end, marks, &without_room), good) << text;
  if (!good) return "no number";
  EXPECT_EQ(fmt::format("{}", with_room), fmt::format("{}", without_room));
  return fmt::format("{}", with_room);
}

TEST(ReadNumber, TakesTheFormsThatNumbersHave) {
  EXPECT_EQ(Read("0"), "0");
  EXPECT_EQ(Read("-0"), "-0");
  EXPECT_EQ(Read("007"), "7");
  EXPECT_EQ(Read("+1.5"), "1.5");
  EXPECT_EQ(Read(".5"), "0.5");
  EXPECT_EQ(Read("-.5"), "-0.5");
  EXPECT_EQ(Read("5."), "5");
  EXPECT_EQ(Read("1e3"), "1000");
  EXPECT_EQ(Read("2.5E-2"), "0.025");
  EXPECT_EQ(Read("1e-400"), "0");
  EXPECT_EQ(Read("12345678901234567890"), "1.2345678901234567e+19");
}

TEST(ReadNumber, RefusesEverythingElse) {
  for (const char* const text :
       {"x",         "1x",  "x1",         "0,9",        "1.2.3", "--1",
        "+-1",       "-",   "+",          ".",          "-.",    "1e",
        "e5",        "1 2", "0x10",       "1_000",      "12:30", "1.23456/8",
        "1/2345678", "0.:", "0.1234567:", "0./2345678", "NaN",   "na"}) {
    EXPECT_EQ(Read(text), "no number") << text;
  }
}

TEST(ReadNumber, RefusesInfiniteNumbers) {
  for (const char* const text :
       {"inf", "-inf", "Infinity", "1e999", "-1e999"}) {
    EXPECT_EQ(Read(text), "no number") << text;
    EXPECT_TRUE(IsInfinite(text)) << text;
  }
  EXPECT_FALSE(IsInfinite("1e308"));
  EXPECT_FALSE(IsInfinite("x"));
}

TEST(ReadNumber, TakesEmptyTextAndMarksAsMissing) {
  EXPECT_EQ(Read(""), "nan");
  EXPECT_EQ(Read("NA"), "nan");
  EXPECT_EQ(Read("nan"), "nan");
  EXPECT_EQ(Read("NA", MissingMarks({})), "no number");
}

TEST(ReadNumber, IgnoresSpacesAroundNumbersAndMarks) {
  EXPECT_EQ(Read(" 1.5"), "1.5");
  EXPECT_EQ(Read("1.5 \t"), "1.5");
  EXPECT_EQ(Read("  NA "), "nan");
  EXPECT_EQ(Read("  "), "nan");
}

TEST(ReadNumber, LooksForMarksFirstWhenSomeAreNumbers) {
  const MissingMarks marks({"-9", "999"});
  EXPECT_EQ(Read("-9", marks), "nan");
  EXPECT_EQ(Read("999", marks), "nan");
  EXPECT_EQ(Read("-9.0", marks), "-9");
  EXPECT_EQ(Read("99", marks), "99");
}

// The C library rounds correctly, too.
TEST(ReadNumber, RoundsToTheNearestDouble) {
  std::mt19937_64 random(1);
  for (int i = 0; i < 200000; ++i) {
    const int before = static_cast<int>(random() % 12);
    const int behind = static_cast<int>(random() % 18);
    std::string text = random() % 2 == 0 ? "-" : "";
    for (int k = 0; k < before; ++k) text += '0' + random() % 10;
    if (behind > 0 || before == 0) text += '.';
    for (int k = 0; k < behind; ++k) text += '0' + random() % 10;
    if (before + behind == 0) text += '0';
    ASSERT_EQ(Read(text), fmt::format("{}", std::strtod(text.c_str(), nullptr)))
        << text;
  }
}

TEST(ReadNumber, GivesBackEveryDoubleFromItsShortestDigits) {
  std::mt19937_64 random(2);
  std::uniform_real_distribution<double> uniform;
  for (int i = 0; i < 100000; ++i) {
    const std::string text = fmt::format("{}", uniform(random));
    ASSERT_EQ(Read(text), text);
  }
}

TEST(ReadQuotedNumber, IsMissingOnlyIfItIsEmpty) {
  double value = 0;
  EXPECT_TRUE(ReadQuotedNumber("", &value));
  EXPECT_TRUE(std::isnan(value));
  EXPECT_TRUE(ReadQuotedNumber(" 2 ", &value));
  EXPECT_EQ(value, 2);
  EXPECT_FALSE(ReadQuotedNumber("NA", &value));
  EXPECT_FALSE(ReadQuotedNumber("inf", &value));
}

}  // namespace
}  // namespace plumbline::csv
