// The sample files of tests/data/dicom, through the decoder for any file.
#include <gtest/gtest.h>

#include <thread>

#include "plumbline/base/hash.h"
#include "plumbline/image/codecs/codecs.h"
#include "plumbline/image/dicom/dicom_pixels.h"
#include "plumbline/image/dicom/test_dicom.h"
#include "plumbline/image/dicom/test_manifest.h"

namespace plumbline {
namespace {

const std::string kFolder =
    std::string(PLUMBLINE_SOURCE_DIR) + "/tests/data/dicom/";

TEST(SampleFiles, HaveThePixelsOfAnotherDecoder) {
  int files = 0;
  for (auto& record : ReadRecords(kFolder + "manifest.csv")) {
    SCOPED_TRACE(record["file"]);
    const std::string bytes = ReadFile(kFolder + record["file"]);
    std::string all;
    for (int frame = 0; frame < std::stoi(record["frames"]); ++frame) {
      DecodeOptions options;
      options.frame = frame;
      const DicomPixels pixels =
          ReadDicomPixels(bytes, record["file"], options);
      all.append(pixels.data.begin(), pixels.data.end());
      const DecodedImage decoded =
          DecodeWithCodecs(bytes, record["file"], options);
      EXPECT_EQ(decoded.format, ImageFormat::kDicom);
      EXPECT_EQ(decoded.image.width, pixels.width);
      EXPECT_EQ(decoded.image.height, pixels.height);
    }
    EXPECT_EQ(Sha256(all), record["pixels_sha256"]);
    ++files;
  }
  EXPECT_EQ(files, 19);
}

// The lossless stream of a sample file.
std::string LosslessStream() {
  const std::string bytes = ReadFile(kFolder + "sc_rgb_jpeg_gdcm.dcm");
  const size_t begin = bytes.find("\xff\xd8\xff");
  return bytes.substr(begin, bytes.rfind("\xff\xd9") + 2 - begin);
}

// Lossless process 14 with any predictor; .4.70 is the one with predictor 1.
TEST(SampleFiles, OneStreamIsReadAsBothLosslessProcesses) {
  TestDicom file(100, 100, {});
  file.Colours("RGB", "").Fragments({LosslessStream()});
  EXPECT_EQ(
      ReadDicomPixels(file.Bytes("1.2.840.10008.1.2.4.57"), "a.dcm").data,
      ReadDicomPixels(file.Bytes("1.2.840.10008.1.2.4.70"), "a.dcm").data);
}

TEST(SampleFiles, EightBitStreamsMayBeAllocatedMore) {
  TestDicom file(100, 100, {});
  file.Colours("RGB", "").Fragments({LosslessStream()});
  const auto read = [&] {
    return ReadDicomPixels(file.Bytes("1.2.840.10008.1.2.4.70"), "a.dcm");
  };
  const DicomPixels narrow = read();
  for (const int allocated : {16, 32}) {
    file.Bits(allocated, 8);
    const DicomPixels wide = read();
    EXPECT_EQ(wide.bytes_per_sample, allocated / 8);
    for (size_t i = 0; i < narrow.samples(); ++i) {
      ASSERT_EQ(wide.Sample(i), narrow.Sample(i));
    }
  }
}

// Many programs write RGB above JPEG data that are YCbCr.
TEST(SampleFiles, YbrInJpegIsSeenUnderAHeaderThatSaysRgb) {
  const std::string right = ReadFile(kFolder + "sc_rgb_dcmtk_ebcys2.dcm");
  std::string wrong = right;
  const size_t at = wrong.find("YBR_FULL_422");
  ASSERT_NE(at, std::string::npos);
  wrong.replace(at, 12, "RGB         ");
  const DecodedImage decoded = DecodeDicom(wrong, "a.dcm", {});
  EXPECT_EQ(decoded.image.data, DecodeDicom(right, "a.dcm", {}).image.data);
  EXPECT_EQ(decoded.notes.at(0),
            "its header says RGB, but its JPEG data are YCbCr; taken as YCbCr");
}

// DCMTK's codecs and dictionary are shared by all threads.
TEST(SampleFiles, AreDecodedInSeveralThreadsAtOnce) {
  std::vector<std::string> files;
  std::vector<std::string> hashes;
  for (auto& record : ReadRecords(kFolder + "manifest.csv")) {
    if (record["frames"] != "1") continue;
    files.push_back(ReadFile(kFolder + record["file"]));
    hashes.push_back(record["pixels_sha256"]);
  }
  std::vector<int> equal(4);
  std::vector<std::thread> threads;
  for (size_t t = 0; t < equal.size(); ++t) {
    threads.emplace_back([&, t] {
      for (size_t i = 0; i < files.size(); ++i) {
        const size_t file = (i + t * 5) % files.size();
        const DicomPixels pixels = ReadDicomPixels(files[file], "a.dcm");
        equal[t] += Sha256({reinterpret_cast<const char*>(pixels.data.data()),
                            pixels.data.size()}) == hashes[file];
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  for (const int count : equal) {
    EXPECT_EQ(count, static_cast<int>(files.size()));
  }
}

}  // namespace
}  // namespace plumbline
