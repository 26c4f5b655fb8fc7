// The damaged and lying files of PLUMBLINE_TEST_DATA/dicom_broken: what becomes
// of each, as their expected.csv has it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "plumbline/base/hash.h"
#include "plumbline/base/test_support.h"
#include "plumbline/image/codecs/codecs.h"
#include "plumbline/image/dicom/dicom_pixels.h"
#include "plumbline/image/dicom/test_manifest.h"

namespace plumbline {
namespace {

class BrokenFiles : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = TestData("dicom_broken/");
    if (folder_.empty()) GTEST_SKIP() << "data/dicom_broken: not present";
  }

  DecodedImage Decode(const std::string& file) const {
    const std::string bytes = ReadFile(folder_ + file + ".dcm");
    // As DecodeImage does.
    if (bytes.empty()) {
      throw Error(ErrorCode::kInvalidInput, "the file is empty");
    }
    return DecodeWithCodecs(bytes, "a.dcm", {});
  }
  std::string ErrorOfFile(const std::string& file) const {
    return ErrorText([&] { Decode(file); });
  }

  std::string folder_;
};

TEST_F(BrokenFiles, ThatAreWrongAreRefusedInWords) {
  const std::pair<const char*, const char*> kRefused[] = {
      {"01_truncated_in_pixels",
       "the pixel data are cut off: 10000 of 32768 bytes are there, 22768 are "
       "missing; copy the file again"},
      {"02_truncated_in_header",
       "the DICOM file is cut off or damaged: the element at byte 358 of the "
       "data set reaches beyond the end; copy the file again"},
      {"04_only_preamble",
       "the DICOM file ends behind its meta header; copy the file again"},
      {"06_text_named_dcm", "is no image that can be read"},
      // Told by its bytes, as all files are: a PNG file, and a damaged one.
      {"07_png_named_dcm",
       "the PNG data are damaged (invalid IHDR chunk size); copy the file "
       "again"},
      {"08_rows_too_big",
       "its header declares a picture of 65536 bytes and its pixel data hold "
       "32768: 32768 are missing; copy or export the file again"},
      {"09_allocation_bomb",
       "declares 65535 x 65535 pixels, more than the limit of 268435456"},
      {"10_zero_rows", "declares 128 x 0 pixels"},
      {"11_bitsstored_gt_allocated",
       "stores 24 bits of a sample in 16; correct the file's header"},
      {"13_bitsallocated_12",
       "allocates 12 bits for a sample; 1, 8, 16 and 32 are read"},
      {"14_rgb_claim_on_mono",
       "its header declares a picture of 98304 bytes and its pixel data hold "
       "32768: 65536 are missing; copy or export the file again"},
      {"15_no_pixel_data",
       "holds no pixel data: it is a DICOM file without a picture"},
      {"17_palette_without_lut",
       "is PALETTE COLOR and has no red palette; export the file again"},
      {"18_unknown_photometric",
       "has the photometric interpretation \"FOO\", which is not read; "
       "expected MONOCHROME1, MONOCHROME2, PALETTE COLOR, RGB, YBR_FULL, "
       "YBR_FULL_422, YBR_RCT or YBR_ICT"},
      {"20_slope_overflow",
       "its element \"RescaleSlope\" (0028,1053) is no finite number (1e400); "
       "correct the file's header"}};
  for (const auto& [file, message] : kRefused) {
    EXPECT_EQ(ErrorOfFile(file), "3: a.dcm: " + std::string(message)) << file;
  }
  EXPECT_EQ(ErrorOfFile("03_empty"), "3: the file is empty");
}

TEST_F(BrokenFiles, ThatAreOnlyOddAreReadWithANote) {
  const Image good = Decode("00_ok_ct_small").image;
  const std::pair<const char*, const char*> kOdd[] = {
      {"05_no_preamble",
       "the 128 bytes and the mark \"DICM\" at its beginning are missing"},
      {"12_highbit_inconsistent",
       "its high bit is 3 with 16 bits stored; taken as 15"},
      {"19_slope_zero",
       "its rescale slope is 0, which would make all values equal; taken as "
       "1"},
      {"21_window_width_zero",
       "its window is 0 wide; shown from its least to its most value instead"},
      {"22_multi_window", "it has 2 windows; the first was taken"}};
  for (const auto& [file, note] : kOdd) {
    SCOPED_TRACE(file);
    const DecodedImage decoded = Decode(file);
    EXPECT_THAT(decoded.notes, testing::ElementsAre(note));
    if (std::string(file) != "22_multi_window") {
      EXPECT_EQ(decoded.image.data, good.data);
    }
  }
  EXPECT_TRUE(Decode("00_ok_ct_small").notes.empty());
}

TEST_F(BrokenFiles, Monochrome1IsTheGoodFileInverted) {
  const Image good = Decode("00_ok_ct_small").image;
  const Image inverted = Decode("16_monochrome1").image;
  for (size_t i = 0; i < good.samples(); ++i) {
    // Both are rounded from one value and its complement.
    EXPECT_NEAR(good.samples16()[i] + inverted.samples16()[i], 65535, 1);
  }
}

// Its values are the stored ones, for its slope of 0 is left aside.
TEST_F(BrokenFiles, HoldTheSamePixels) {
  for (const char* file :
       {"00_ok_ct_small", "05_no_preamble", "12_highbit_inconsistent",
        "16_monochrome1", "19_slope_zero", "21_window_width_zero"}) {
    const DicomPixels pixels =
        ReadDicomPixels(ReadFile(folder_ + file + ".dcm"), "a.dcm");
    EXPECT_EQ(
        Sha256({reinterpret_cast<const char*>(pixels.data.data()),
                pixels.data.size()}),
        "7a481f6ffff833aef4d8bd54819bd8f472aaa7232090208e056c90eacf079926")
        << file;
  }
}

}  // namespace
}  // namespace plumbline
