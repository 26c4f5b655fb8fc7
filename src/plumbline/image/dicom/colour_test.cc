#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "plumbline/base/test_support.h"
#include "plumbline/image/dicom/dicom_pixels.h"
#include "plumbline/image/dicom/test_dicom.h"

namespace plumbline {
namespace {

using namespace std::string_literals;
using testing::ElementsAre;

std::vector<int> Samples(const TestDicom& file) {
  const DecodedImage decoded = DecodeDicom(file.Bytes(), "a.dcm", {});
  EXPECT_EQ(decoded.image.channels, 3);
  if (decoded.image.bytes_per_sample == 1) {
    return {decoded.image.data.begin(), decoded.image.data.end()};
  }
  const auto samples = decoded.image.samples16();
  return {samples.begin(), samples.end()};
}

TestDicom TwoPixels(const std::string& photometric,
                    const std::string& samples) {
  return TestDicom(2, 1, {}).Colours(photometric, samples);
}

TEST(Colour, RgbIsKept) {
  EXPECT_THAT(Samples(TwoPixels("RGB", "\1\2\3\4\5\6")),
              ElementsAre(1, 2, 3, 4, 5, 6));
}

TEST(Colour, PlanesAreInterleaved) {
  EXPECT_THAT(
      Samples(
          TwoPixels("RGB", "\1\2\3\4\5\6").Set(0x00280006, "US", Words16({1}))),
      ElementsAre(1, 3, 5, 2, 4, 6));
}

TEST(Colour, OfSixteenBitsKeepsThem) {
  TestDicom file(1, 1, {});
  file.Colours("RGB", "").Bits(16, 12).Set(0x7fe00010, "OW",
                                           Words16({0, 2048, 4095}));
  EXPECT_THAT(Samples(file), ElementsAre(0, 32776, 65535));
}

// BT.601: pure red is Y 76, Cb 85, Cr 255.
TEST(Colour, YbrBecomesRgb) {
  EXPECT_THAT(Samples(TwoPixels("YBR_FULL", "\x4c\x55\xff\x80\x80\x80")),
              ElementsAre(254, 0, 0, 128, 128, 128));
}

TEST(Colour, TwoLumaSamplesShareTheirColour) {
  EXPECT_THAT(Samples(TwoPixels("YBR_FULL_422", "\x10\x20\x80\x80")),
              ElementsAre(16, 16, 16, 32, 32, 32));
}

TestDicom Palette(const std::vector<int>& descriptor,
                  const std::vector<int>& data) {
  TestDicom file(3, 1, {});
  file.Set(0x00280004, "CS", "PALETTE COLOR").Bits(8, 8);
  for (const uint32_t colour : {1, 2, 3}) {
    file.Set(0x00281100 + colour, "US", Words16(descriptor));
    file.Set(0x00281200 + colour, "OW", Words16(data));
  }
  return file.Set(0x7fe00010, "OB", "\5\6\x20"s);
}

// Indices below and above the table take its ends.
TEST(Colour, PalettesOfSixteenBitsGiveTheirHighByte) {
  EXPECT_THAT(
      Samples(Palette({2, 6, 16}, {0x1234, 0xfedc})),
      ElementsAre(0x12, 0x12, 0x12, 0x12, 0x12, 0x12, 0xfe, 0xfe, 0xfe));
}

TEST(Colour, PalettesOfEightBitsMayBePackedInWords) {
  EXPECT_THAT(
      Samples(Palette({4, 5, 8}, {0x2010, 0x4030})),
      ElementsAre(0x10, 0x10, 0x10, 0x20, 0x20, 0x20, 0x40, 0x40, 0x40));
}

TEST(Colour, APaletteThatIsMissingIsNamed) {
  TestDicom file = Palette({4, 5, 8}, {0x2010, 0x4030});
  file.Remove(0x00281202);
  EXPECT_EQ(ErrorText([&] { DecodeDicom(file.Bytes(), "a.dcm", {}); }),
            "3: a.dcm: is PALETTE COLOR and has no green palette; export the "
            "file again");
}

TEST(Colour, SignedColoursAreRefused) {
  const TestDicom file =
      TwoPixels("RGB", "\1\2\3\4\5\6").Set(0x00280103, "US", Words16({1}));
  EXPECT_EQ(ErrorText([&] { DecodeDicom(file.Bytes(), "a.dcm", {}); }),
            "3: a.dcm: has colours with a sign, which no colour space has; "
            "correct the file's header");
}

}  // namespace
}  // namespace plumbline
