// Stored pixels of public files, byte for byte those that pydicom gives.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>

#include "plumbline/base/error.h"
#include "plumbline/base/hash.h"
#include "plumbline/base/test_support.h"
#include "plumbline/image/dicom/dicom_pixels.h"
#include "plumbline/image/dicom/test_manifest.h"

namespace plumbline {
namespace {

using Record = std::map<std::string, std::string>;

class GoldenPixels : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = TestData("dicom/");
    if (folder_.empty()) GTEST_SKIP() << "data/dicom: not present";
  }

  // The one file whose name has `part` in it.
  std::string Path(const std::string& part) const {
    for (const auto& entry :
         std::filesystem::directory_iterator(folder_ + "files")) {
      if (entry.path().string().find(part) != std::string::npos) {
        return entry.path();
      }
    }
    return "";
  }

  std::string folder_;
};

DicomPixels PixelsOf(const std::string& path, int frame = 0) {
  DecodeOptions options;
  options.frame = frame;
  return ReadDicomPixels(ReadFile(path), "a.dcm", options);
}

std::string HashOfFrames(const std::string& path, int frames) {
  std::string all;
  for (int frame = 0; frame < frames; ++frame) {
    const DicomPixels pixels = PixelsOf(path, frame);
    all.append(pixels.data.begin(), pixels.data.end());
  }
  return Sha256(all);
}

// The file with the second half of its last fragment cut out.
std::string HalfStream(std::string bytes) {
  using std::literals::operator""sv;
  const std::string_view item = "\xfe\xff\x00\xe0"sv;
  const std::string_view end = "\xfe\xff\xdd\xe0"sv;
  const size_t last = bytes.rfind(item);
  const size_t stop = bytes.rfind(end);
  uint32_t length = 0;
  std::memcpy(&length, &bytes[last + 4], 4);
  EXPECT_EQ(last + 8 + length, stop);
  const uint32_t half = length / 4 * 2;
  std::memcpy(&bytes[last + 4], &half, 4);
  bytes.erase(last + 8 + half, length - half);
  return bytes;
}

// Files that we read otherwise than pydicom; each has a test below.
bool IsReadOtherwise(const std::string& file) {
  for (const char* name : {"b316df", "b1fd93", "61f38f"}) {
    if (file.find(name) != std::string::npos) return true;
  }
  return false;
}

TEST_F(GoldenPixels, AreThoseOfPydicom) {
  int equal = 0;
  int otherwise = 0;
  for (Record& record : ReadRecords(folder_ + "manifest.csv")) {
    if (record["pix_sha256"].empty()) continue;
    if (IsReadOtherwise(record["file"])) {
      ++otherwise;
      continue;
    }
    SCOPED_TRACE(record["file"]);
    try {
      const int frames = record["nf"].empty() ? 1 : std::stoi(record["nf"]);
      const std::string hash = HashOfFrames(folder_ + record["file"], frames);
      EXPECT_EQ(hash, record["pix_sha256"]);
      equal += hash == record["pix_sha256"];
    } catch (const Error& error) {
      ADD_FAILURE() << error.what();
    }
  }
  EXPECT_EQ(equal, 66);
  EXPECT_EQ(otherwise, 3);
}

// pydicom 2.3 leaves the bytes of big-endian words swapped, so that the padding
// byte becomes a sample; the same picture in little endian shows what is meant.
TEST_F(GoldenPixels, OfBytesInBigEndianWordsAreUnswapped) {
  EXPECT_EQ(HashOfFrames(Path("SC_rgb_small_odd_big_endian"), 1),
            HashOfFrames(Path("SC_rgb_small_odd__"), 1));
}

// 15 of 16 bits are stored and signed: the 15th is the sign (PS3.5, 8.1.1).
// pydicom gives the words without spreading it.
TEST_F(GoldenPixels, OfFifteenSignedBitsHaveTheirSign) {
  DicomPixels pixels = PixelsOf(Path("JLSL_16_15_1_1F"));
  int64_t least = 0;
  for (size_t i = 0; i < pixels.samples(); ++i) {
    least = std::min(least, pixels.Sample(i));
    pixels.data[2 * i + 1] &= 0x7f;
  }
  EXPECT_LT(least, 0);
  EXPECT_EQ(Sha256({reinterpret_cast<const char*>(pixels.data.data()),
                    pixels.data.size()}),
            "4727d64f164a4a8d0436f6096929583291cd0ae3d8f7efc8ea96d6d51f4d41e8");
}

// Its JPEG 2000 header was overwritten and says 3.7e9 columns; a decoder that
// carries on gives noise.
TEST_F(GoldenPixels, OfAnOverwrittenStreamAreRefused) {
  EXPECT_THAT(ErrorText([&] {
                PixelsOf(Path("JPEG2000-embedded-sequence-delimiter"));
              }),
              testing::StartsWith("3: a.dcm: its JPEG 2000 data are damaged"));
}

// What pydicom 2.3 cannot read.
TEST_F(GoldenPixels, OfRleAndDeflatedBitsAreThoseOfTheRawFile) {
  const std::string raw = HashOfFrames(Path("liver_1frame"), 1);
  EXPECT_EQ(HashOfFrames(Path("liver_rle"), 1), raw);
  EXPECT_EQ(HashOfFrames(Path("liver_deflate"), 1), raw);
  EXPECT_EQ(HashOfFrames(Path("liver_nonbyte_aligned_rle"), 3),
            HashOfFrames(Path("liver_nonbyte_aligned_deflate"), 3));
}

// The retired spectral selection and progressive processes, against the words
// that a second program gives.
TEST_F(GoldenPixels, OfRetiredJpegProcessesAreRead) {
  for (const char* name : {"JPEGProcess6_8", "JPEGProcess10_12"}) {
    EXPECT_EQ(HashOfFrames(Path(name), 1).substr(0, 12), "85e3b617e00d");
  }
}

TEST_F(GoldenPixels, AreAllThereWithoutTheirEndMark) {
  EXPECT_EQ(HashOfFrames(Path("2k_lossless_too_short"), 10),
            HashOfFrames(Path("emri_small__"), 10));
  EXPECT_THAT(PixelsOf(Path("2k_lossless_too_short")).notes,
              testing::ElementsAre("the end mark of its pixel data is missing; "
                                   "all frames are there"));
}

TEST_F(GoldenPixels, OfFilesWithoutPicturesAreRefusedWithAReason) {
  const auto error = [&](const char* part) {
    return ErrorText([&] { PixelsOf(Path(part)); });
  };
  EXPECT_EQ(error("parametric_map_float"),
            "3: a.dcm: holds no pixel data but floating-point ones, which are "
            "not read");
  EXPECT_EQ(error("DICOMDIR-empty"),
            "3: a.dcm: holds no pixel data: it is a DICOM file without a "
            "picture");
  EXPECT_EQ(error("badVR"),
            "3: a.dcm: gives \"1A\" as its number of frames; correct the "
            "file's header");
  EXPECT_EQ(error("meta_missing_tsyntax"),
            "3: a.dcm: gives no number of rows, without which its pixels "
            "cannot be read; export the file again");
}

// Half of the compressed bytes, with the container made whole again, must not
// become a picture that is half grey.
TEST_F(GoldenPixels, OfHalfAStreamAreRefused) {
  for (Record& record : ReadRecords(folder_ + "manifest.csv")) {
    const std::string& syntax = record["ts"];
    const bool is_compressed = syntax.starts_with("1.2.840.10008.1.2.4.") ||
                               syntax == "1.2.840.10008.1.2.5";
    if (!is_compressed || record["pix_sha256"].empty() ||
        IsReadOtherwise(record["file"])) {
      continue;
    }
    SCOPED_TRACE(record["file"]);
    const std::string half = HalfStream(ReadFile(folder_ + record["file"]));
    DecodeOptions options;
    options.frame = record["nf"].empty() ? 0 : std::stoi(record["nf"]) - 1;
    EXPECT_THAT(ErrorText([&] { ReadDicomPixels(half, "a.dcm", options); }),
                testing::StartsWith("3: a.dcm: "));
  }
}

}  // namespace
}  // namespace plumbline
