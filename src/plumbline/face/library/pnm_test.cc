#include "plumbline/face/library/pnm.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "plumbline/base/error.h"

namespace plumbline::face {
namespace {

std::string MessageOf(std::string_view bytes) {
  try {
    ReadPnm(bytes, "face.ppm");
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kInvalidInput);
    return error.what();
  }
  return "";
}

TEST(ReadPnm, ReadsGreyAndColour) {
  const Picture grey = ReadPnm("P5 # a comment\n2\t2\n255\nabcd", "a.pgm");
  EXPECT_EQ(grey.width, 2);
  EXPECT_EQ(grey.channels, 1);
  EXPECT_EQ(grey.pixels, "abcd");
  const Picture colour = ReadPnm("P6\n1 2\n255\nabcdefrest", "a.ppm");
  EXPECT_EQ(colour.height, 2);
  EXPECT_EQ(colour.channels, 3);
  EXPECT_EQ(colour.pixels, "abcdef");
}

TEST(ReadPnm, SaysWhatIsWrong) {
  EXPECT_THAT(MessageOf("\x89PNG"), testing::HasSubstr("is not a binary PGM"));
  EXPECT_EQ(MessageOf("P5 2 2 255\nabc"),
            "face.ppm: ends early: 3 bytes of pixels, 4 expected");
  EXPECT_THAT(MessageOf("P5 2 2 65535\nabcdefgh"),
              testing::HasSubstr("the interface has 8 bits"));
  EXPECT_THAT(MessageOf("P5 0 2 255\n"), testing::HasSubstr("no number"));
  EXPECT_THAT(MessageOf("P5 99999999999 2 255\n"),
              testing::HasSubstr("no number"));
  EXPECT_THAT(MessageOf("P5"), testing::HasSubstr("no number"));
  EXPECT_THAT(MessageOf("P6 60000 60000 255\n"),
              testing::HasSubstr("ends early"));
}

}  // namespace
}  // namespace plumbline::face
