// From stored values to brightness, against the formulas of PS3.3, C.11.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "plumbline/base/test_support.h"
#include "plumbline/image/dicom/dicom_pixels.h"
#include "plumbline/image/dicom/test_dicom.h"

namespace plumbline {
namespace {

using testing::ElementsAre;

constexpr uint32_t kPhotometric = 0x00280004;
constexpr uint32_t kSigned = 0x00280103;
constexpr uint32_t kPadding = 0x00280120;
constexpr uint32_t kCenter = 0x00281050;
constexpr uint32_t kWidth = 0x00281051;
constexpr uint32_t kIntercept = 0x00281052;
constexpr uint32_t kSlope = 0x00281053;
constexpr uint32_t kFunction = 0x00281056;
constexpr uint32_t kModalityLut = 0x00283000;
constexpr uint32_t kVoiLut = 0x00283010;
constexpr uint32_t kPresentationShape = 0x20500020;

DecodedImage Show(const TestDicom& file, const std::string& window = "default",
                  int frame = 0) {
  DecodeOptions options;
  options.window = window;
  options.frame = frame;
  return DecodeDicom(file.Bytes(), "a.dcm", options);
}

std::vector<int> Samples(const DecodedImage& decoded) {
  if (decoded.image.bytes_per_sample == 1) {
    return {decoded.image.data.begin(), decoded.image.data.end()};
  }
  const auto samples = decoded.image.samples16();
  return {samples.begin(), samples.end()};
}

// Five pixels in a row.
TestDicom Row(const std::vector<int>& samples = {0, 25, 50, 75, 100}) {
  return TestDicom(static_cast<int>(samples.size()), 1, samples);
}

TEST(Grey, WithoutAWindowGoesFromTheLeastToTheMostValue) {
  EXPECT_THAT(Samples(Show(Row({100, 200, 300}))),
              ElementsAre(0, 32768, 65535));
}

// Made for a screen already: nothing to stretch.
TEST(Grey, OfEightBitsIsShownAsItIs) {
  TestDicom file(3, 1, {});
  file.Bits(8, 8).Set(0x7fe00010, "OB", std::string("\x0a\x14\x1e", 3));
  const DecodedImage shown = Show(file);
  EXPECT_EQ(shown.image.bytes_per_sample, 1);
  EXPECT_THAT(Samples(shown), ElementsAre(10, 20, 30));
  EXPECT_THAT(Samples(Show(file, "minmax")), ElementsAre(0, 128, 255));
}

TEST(Grey, WindowNoneShowsAllValuesThatTheBitsCanHold) {
  EXPECT_THAT(Samples(Show(Row({0, 1000, 65535}), "none")),
              ElementsAre(0, 1000, 65535));
  EXPECT_THAT(Samples(Show(Row({0, 2048, 4095}).Bits(16, 12), "none")),
              ElementsAre(0, 32776, 65535));
}

// C.11.2.1.2.1: c = 50, w = 51: black at 24.5 and below, white above 74.5.
TEST(Grey, LinearWindowsFollowTheirFormula) {
  const TestDicom file = Row().Set(kCenter, "DS", "50").Set(kWidth, "DS", "51");
  const int quarter =
      static_cast<int>(std::lround(((25 - 49.5) / 50.0 + 0.5) * 65535));
  const int half =
      static_cast<int>(std::lround(((50 - 49.5) / 50.0 + 0.5) * 65535));
  EXPECT_THAT(Samples(Show(file)), ElementsAre(0, quarter, half, 65535, 65535));
}

// C.11.2.1.3.2
TEST(Grey, ExactLinearWindowsFollowTheirFormula) {
  const TestDicom file = Row()
                             .Set(kCenter, "DS", "50")
                             .Set(kWidth, "DS", "50")
                             .Set(kFunction, "CS", "LINEAR_EXACT");
  EXPECT_THAT(Samples(Show(file)), ElementsAre(0, 0, 32768, 65535, 65535));
}

// C.11.2.1.3.1
TEST(Grey, SigmoidWindowsFollowTheirFormula) {
  const TestDicom file = Row()
                             .Set(kCenter, "DS", "50")
                             .Set(kWidth, "DS", "100")
                             .Set(kFunction, "CS", "SIGMOID");
  const auto at = [](double x) {
    return static_cast<int>(
        std::lround(65535 / (1 + std::exp(-4 * (x - 50) / 100))));
  };
  EXPECT_THAT(Samples(Show(file)),
              ElementsAre(at(0), at(25), at(50), at(75), at(100)));
}

TEST(Grey, WindowsAreInUnitsOfTheModality) {
  // Hounsfield units -1024, 0, 40, 240: the window 40,400 is -160 to 240.
  const TestDicom file = Row({0, 1024, 1064, 1264})
                             .Set(kSlope, "DS", "1")
                             .Set(kIntercept, "DS", "-1024");
  const std::vector<int> shown = Samples(Show(file, "40,400"));
  EXPECT_EQ(shown[0], 0);
  EXPECT_EQ(shown[1], std::lround((-39.5 / 399 + 0.5) * 65535));
  EXPECT_EQ(shown[2], std::lround((0.5 / 399 + 0.5) * 65535));
  EXPECT_EQ(shown[3], 65535);
}

TEST(Grey, OfTwoWindowsTheFirstIsTaken) {
  const DecodedImage shown =
      Show(Row().Set(kCenter, "DS", "50\\10").Set(kWidth, "DS", "51\\5"));
  EXPECT_THAT(shown.notes,
              ElementsAre("it has 2 windows; the first was taken"));
  EXPECT_EQ(Samples(shown)[2], std::lround(((50 - 49.5) / 50.0 + 0.5) * 65535));
}

TEST(Grey, AWindowWithoutWidthIsLeftAside) {
  const DecodedImage shown =
      Show(Row().Set(kCenter, "DS", "50").Set(kWidth, "DS", "0"));
  EXPECT_THAT(shown.notes,
              ElementsAre("its window is 0 wide; shown from its least to its "
                          "most value instead"));
  EXPECT_THAT(Samples(shown), ElementsAre(0, 16384, 32768, 49151, 65535));
}

TEST(Grey, Monochrome1IsInverted) {
  EXPECT_THAT(
      Samples(Show(Row({0, 50, 100}).Set(kPhotometric, "CS", "MONOCHROME1"))),
      ElementsAre(65535, 32768, 0));
}

// DX files have MONOCHROME1 and INVERSE together; inverting twice would show
// bones black.
TEST(Grey, Monochrome1WithInverseShapeIsInvertedOnce) {
  EXPECT_THAT(Samples(Show(Row({0, 50, 100})
                               .Set(kPhotometric, "CS", "MONOCHROME1")
                               .Set(kPresentationShape, "CS", "INVERSE"))),
              ElementsAre(65535, 32768, 0));
}

TEST(Grey, InverseShapeAloneInvertsWithANote) {
  const DecodedImage shown =
      Show(Row({0, 50, 100}).Set(kPresentationShape, "CS", "INVERSE"));
  EXPECT_THAT(Samples(shown), ElementsAre(65535, 32768, 0));
  EXPECT_EQ(shown.notes.size(), 1);
}

TEST(Grey, SlopeZeroIsTakenAsOne) {
  const DecodedImage shown = Show(Row({0, 50, 100}).Set(kSlope, "DS", "0"));
  EXPECT_THAT(Samples(shown), ElementsAre(0, 32768, 65535));
  EXPECT_THAT(shown.notes,
              ElementsAre("its rescale slope is 0, which would make all values "
                          "equal; taken as 1"));
}

TEST(Grey, ANegativeSlopeTurnsValuesRound) {
  EXPECT_THAT(Samples(Show(Row({0, 50, 100}).Set(kSlope, "DS", "-2"))),
              ElementsAre(65535, 32768, 0));
}

TEST(Grey, PaddingDoesNotSetTheRange) {
  const TestDicom file =
      Row({0, 1000, 1100, 1200}).Set(kPadding, "US", Words16({0}));
  EXPECT_THAT(Samples(Show(file)), ElementsAre(0, 0, 32768, 65535));
}

TEST(Grey, SignedValuesKeepTheirSign) {
  EXPECT_THAT(
      Samples(Show(Row({-100, 0, 100}).Set(kSigned, "US", Words16({1})))),
      ElementsAre(0, 32768, 65535));
}

TEST(Grey, BitsAboveThoseStoredAreCutOff) {
  const TestDicom file = Row({0xf000, 0xf800, 0xffff}).Bits(16, 12);
  EXPECT_THAT(Samples(Show(file, "none")), ElementsAre(0, 32776, 65535));
}

TEST(Grey, OneValueEverywhereIsBlackWithANote) {
  const DecodedImage shown = Show(Row({7, 7}));
  EXPECT_THAT(Samples(shown), ElementsAre(0, 0));
  EXPECT_THAT(shown.notes, ElementsAre("all its pixels are equal"));
}

std::string Lut(const std::vector<int>& descriptor,
                const std::vector<int>& entries) {
  return ElementBytes(0x00283002, "US", Words16(descriptor)) +
         ElementBytes(0x00283004, "LO", "OD") +
         ElementBytes(0x00283006, "OW", Words16(entries));
}

// Values below its first and above its last entry take those.
TEST(Grey, ModalityTablesComeInsteadOfTheSlope) {
  TestDicom file = Row({0, 10, 11, 12, 99});
  file.Set(kSlope, "DS", "1000")
      .Sequence(kModalityLut, Lut({3, 10, 16}, {500, 100, 300}));
  const ModalityImage values = ReadModalityValues(file.Bytes(), "a.dcm");
  EXPECT_THAT(values.values, ElementsAre(500, 500, 100, 300, 300));
  EXPECT_EQ(values.unit, "OD");
}

TEST(Grey, VoiTablesComeBeforeWindows) {
  TestDicom file = Row({0, 1, 2, 3, 4});
  file.Set(kCenter, "DS", "2").Set(kWidth, "DS", "1");
  file.Sequence(kVoiLut, Lut({3, 1, 12}, {4095, 0, 2048}));
  EXPECT_THAT(Samples(Show(file)), ElementsAre(65535, 65535, 0, 32776, 32776));
}

TEST(Grey, ATableThatIsCutOffIsRefused) {
  TestDicom file = Row();
  file.Sequence(kVoiLut, Lut({300, 0, 12}, {1, 2, 3}));
  EXPECT_EQ(ErrorText([&] { Show(file); }),
            "3: a.dcm: declares a lookup table of 300 entries of 12 bits and "
            "holds 3 entries; export the file again");
}

TEST(Grey, AWindowOfTheUserThatIsNoneIsAUsageError) {
  for (const char* wrong : {"lung", "40", "40,0", "40,400,3", "a,b"}) {
    EXPECT_EQ(ErrorText([&] { Show(Row(), wrong); }),
              "2: \"" + std::string(wrong) +
                  "\" is no window; expected default, minmax, none or "
                  "CENTER,WIDTH with a width above 0, such as 40,400");
  }
}

// Enhanced CT and MR keep these for each frame.
TEST(Grey, FunctionalGroupsHoldForTheirFrame) {
  const auto group = [](const char* slope, const char* center) {
    return ItemBytes(
        ElementBytes(0x00289145, "SQ",
                     ItemBytes(ElementBytes(0x00281052, "DS", "0") +
                               ElementBytes(0x00281053, "DS", slope))) +
        ElementBytes(0x00289132, "SQ",
                     ItemBytes(ElementBytes(0x00281050, "DS", center) +
                               ElementBytes(0x00281051, "DS", "101"))));
  };
  TestDicom file(2, 1, {0, 100, 0, 100});
  file.Set(0x00280008, "IS", "2");
  file.Set(0x52009230, "SQ", group("1", "50.5") + group("2", "150.5"));
  EXPECT_THAT(Samples(Show(file, "default", 0)), ElementsAre(0, 65535));
  EXPECT_THAT(Samples(Show(file, "default", 1)), ElementsAre(0, 65535));
  DecodeOptions second;
  second.frame = 1;
  EXPECT_THAT(ReadModalityValues(file.Bytes(), "a.dcm", second).values,
              ElementsAre(0, 200));
}

TEST(Grey, ThirtyTwoBitsAreShown) {
  TestDicom file(3, 1, {});
  file.Bits(32, 32).Set(0x7fe00010, "OW",
                        LittleEndian(1000000, 4) + LittleEndian(2000000, 4) +
                            LittleEndian(3000000, 4));
  EXPECT_THAT(Samples(Show(file)), ElementsAre(0, 32768, 65535));
}

TEST(ModalityValues, OfCtAreHounsfieldUnits) {
  const TestDicom file = Row({0, 1024})
                             .Set(0x00080060, "CS", "CT")
                             .Set(kSlope, "DS", "1")
                             .Set(kIntercept, "DS", "-1024");
  const ModalityImage values = ReadModalityValues(file.Bytes(), "a.dcm");
  EXPECT_THAT(values.values, ElementsAre(-1024, 0));
  EXPECT_EQ(values.unit, "HU");
}

TEST(ModalityValues, AreForGreyOnly) {
  TestDicom file(1, 1, {});
  file.Colours("RGB", "abc");
  EXPECT_EQ(ErrorText([&] { ReadModalityValues(file.Bytes(), "a.dcm"); }),
            "2: a.dcm: is RGB: only grey pictures have values in modality "
            "units");
}

}  // namespace
}  // namespace plumbline
