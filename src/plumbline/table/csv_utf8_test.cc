#include "plumbline/table/csv_utf8.h"

#include <gtest/gtest.h>

#include <string>

namespace plumbline::csv {
namespace {

// The encoding of a code point, well-formed or not.
std::string Encode(uint32_t point) {
  const auto tail = [&](int shift) {
    return static_cast<char>(0x80 | (point >> shift & 0x3F));
  };
  if (point < 0x80) return {static_cast<char>(point)};
  if (point < 0x800) return {static_cast<char>(0xC0 | point >> 6), tail(0)};
  if (point < 0x10000) {
    return {static_cast<char>(0xE0 | point >> 12), tail(6), tail(0)};
  }
  return {static_cast<char>(0xF0 | point >> 18), tail(12), tail(6), tail(0)};
}

TEST(FindInvalidUtf8, AcceptsEveryCharacterButSurrogates) {
  for (uint32_t point = 0; point < 0x120000; ++point) {
    const std::string text = Encode(point);
    const bool good = point < 0x110000 && (point < 0xD800 || point > 0xDFFF);
    ASSERT_EQ(FindInvalidUtf8(text) == text.size(), good) << point;
  }
}

TEST(FindInvalidUtf8, FindsTheFirstBadByte) {
  EXPECT_EQ(FindInvalidUtf8(""), 0u);
  EXPECT_EQ(FindInvalidUtf8("M\xFCnchen"), 1u);
  EXPECT_EQ(FindInvalidUtf8("abcdefghijklmnop\xE9"), 16u);
  EXPECT_EQ(FindInvalidUtf8("\xC3\xBC\xC3"), 2u);
  EXPECT_EQ(FindInvalidUtf8("\xE2\x82"), 0u);
  EXPECT_EQ(FindInvalidUtf8("a\x80"), 1u);
}

TEST(FirstCharacterBytes, CountsTheBytesOfAWellFormedCharacter) {
  EXPECT_EQ(FirstCharacterBytes("ab"), 1u);
  EXPECT_EQ(FirstCharacterBytes("\xC3\xBC"
                                "b"),
            2u);
  EXPECT_EQ(FirstCharacterBytes("\xF0\x9F\x92\x89"), 4u);
  EXPECT_EQ(FirstCharacterBytes("\xF0\x9F\x92"), 0u);
  EXPECT_EQ(FirstCharacterBytes(""), 0u);
}

TEST(FindInvalidUtf8, RefusesOverlongForms) {
  EXPECT_EQ(FindInvalidUtf8("\xC0\xAF"), 0u);
  EXPECT_EQ(FindInvalidUtf8("\xC1\xBF"), 0u);
  EXPECT_EQ(FindInvalidUtf8("\xE0\x9F\xBF"), 0u);
  EXPECT_EQ(FindInvalidUtf8("\xF0\x8F\xBF\xBF"), 0u);
}

}  // namespace
}  // namespace plumbline::csv
