// Stored pixels of 80 public files, byte for byte those that pydicom gives.
#include <gtest/gtest.h>

#include "plumbline/base/error.h"
#include "plumbline/base/hash.h"
#include "plumbline/image/dicom/dicom_pixels.h"
#include "plumbline/image/dicom/test_manifest.h"

namespace plumbline {
namespace {

int FramesOf(std::map<std::string, std::string>& record) {
  return record["nf"].empty() ? 1 : std::atoi(record["nf"].c_str());
}

std::string HashOfFrames(const std::string& path, int frames) {
  const std::string bytes = ReadFile(path);
  std::string all;
  for (int frame = 0; frame < frames; ++frame) {
    DecodeOptions options;
    options.frame = frame;
    const DicomPixels pixels = ReadDicomPixels(bytes, "a.dcm", options);
    all.append(pixels.data.begin(), pixels.data.end());
  }
  return Sha256(all);
}

TEST(GoldenPixels, AreThoseOfPydicom) {
  const std::string folder = TestData("dicom/");
  if (folder.empty()) GTEST_SKIP() << "data/dicom: not present";
  int equal = 0;
  for (auto& record : ReadRecords(folder + "manifest.csv")) {
    if (record["pix_sha256"].empty()) continue;
    SCOPED_TRACE(record["file"]);
    try {
      const std::string hash =
          HashOfFrames(folder + record["file"], FramesOf(record));
      EXPECT_EQ(hash, record["pix_sha256"]);
      equal += hash == record["pix_sha256"];
    } catch (const Error& error) {
      ADD_FAILURE() << error.what();
    }
  }
  EXPECT_EQ(equal, 0);
}

}  // namespace
}  // namespace plumbline
