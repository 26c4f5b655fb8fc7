#include "plumbline/cohort/packed/pack.h"

#include <gtest/gtest.h>

#include <filesystem>

#include "plumbline/base/error.h"
#include "plumbline/base/file.h"
#include "plumbline/base/hash.h"
#include "plumbline/base/test_support.h"

namespace plumbline {
namespace {

constexpr const char* kFixture =
    PLUMBLINE_SOURCE_DIR "/examples/fixture_cxr128";

// The first of the shipped films, copied so that tests may harm them.
class Pack : public testing::Test {
 protected:
  Pack() {
    std::filesystem::create_directories(folder_ / "img");
    for (const auto& entry :
         std::filesystem::directory_iterator(std::string(kFixture) + "/img")) {
      paths_.push_back("img/" + entry.path().filename().string());
    }
    std::sort(paths_.begin(), paths_.end());
    paths_.resize(24);
    for (const std::string& path : paths_) {
      std::filesystem::copy_file(std::string(kFixture) + "/" + path,
                                 folder_ / path);
    }
    input_ = {folder_.path(), paths_, "image\na\n", "image = \"image\"\n", ""};
    options_.side = 64;
  }

  TemporaryFolder folder_;
  std::vector<std::string> paths_;
  PackInput input_;
  PackOptions options_;
};

TEST_F(Pack, GivesThePicturesAndTheTableBack) {
  const std::string out = folder_ / "x.plumb";
  const PackResult result = PackImages(input_, options_, out);
  EXPECT_EQ(result.images, 24);
  EXPECT_TRUE(result.failed.empty());
  EXPECT_EQ(result.channels, 1);
  const PackedCohort packed(out);
  packed.VerifyPixels();
  ASSERT_EQ(packed.images(), 24);
  EXPECT_EQ(packed.table_csv(), input_.table_csv);
  EXPECT_EQ(packed.roles_toml(), input_.roles_toml);
  for (int64_t i = 0; i < 24; ++i) {
    EXPECT_EQ(packed.words(i).path, paths_[i]);
    EXPECT_EQ(packed.Find(paths_[i]), i);
    const DecodedImage decoded =
        DecodeImage(ReadFile(folder_ / paths_[i]), paths_[i]);
    EXPECT_EQ(packed.record(i).stored_width, 128);
    EXPECT_EQ(packed.ImageAt(i).data,
              Resize(decoded.image, 64, ResizeMode::kFit).data);
    EXPECT_EQ(packed.record(i).quality, MeasureQuality(decoded.image));
  }
  EXPECT_EQ(packed.Find("other"), -1);
  EXPECT_FALSE(std::filesystem::exists(out + ".part"));
  EXPECT_FALSE(std::filesystem::exists(out + ".journal"));
}

TEST_F(Pack, IsTheSameFileForAnyNumberOfThreads) {
  options_.threads = 1;
  PackImages(input_, options_, folder_ / "one.plumb");
  options_.threads = 4;
  PackImages(input_, options_, folder_ / "four.plumb");
  EXPECT_EQ(Sha256OfFile(folder_ / "one.plumb"),
            Sha256OfFile(folder_ / "four.plumb"));
}

TEST_F(Pack, ListsWhatIsMissingOrDamagedWithReasons) {
  std::filesystem::remove(folder_ / paths_[3]);
  const std::string bytes = ReadFile(folder_ / paths_[5]);
  WriteFile(folder_ / paths_[5], bytes.substr(0, bytes.size() / 2));
  WriteFile(folder_ / paths_[7], "no image");
  WriteFile(folder_ / paths_[9], "");
  const PackResult result = PackImages(input_, options_, folder_ / "x.plumb");
  ASSERT_EQ(result.failed.size(), 4u);
  EXPECT_EQ(result.failed[0].path, paths_[3]);
  EXPECT_EQ(result.failed[0].reason, "no such file");
  EXPECT_NE(result.failed[1].reason.find("PNG"), std::string::npos)
      << result.failed[1].reason;
  EXPECT_EQ(result.failed[2].reason,
            "is no image that can be read: expected DICOM, JPEG, PNG, TIFF or "
            "HEIC");
  EXPECT_EQ(result.failed[3].reason, "the file is empty");
  const PackedCohort packed(folder_ / "x.plumb");
  EXPECT_EQ(packed.record(3).status, PackStatus::kMissing);
  EXPECT_EQ(packed.record(5).status, PackStatus::kDamaged);
  for (const uint8_t pixel : packed.Pixels(5)) ASSERT_EQ(pixel, 0);
}

TEST_F(Pack, KeepsSixteenBitsAndColours) {
  options_.depth = 16;
  options_.channels = 3;
  PackImages(input_, options_, folder_ / "x.plumb");
  const PackedCohort packed(folder_ / "x.plumb");
  const Image image = packed.ImageAt(0);
  EXPECT_EQ(image.channels, 3);
  EXPECT_EQ(image.bytes_per_sample, 2);
  EXPECT_EQ(image.samples16()[0], image.samples16()[2]);
}

TEST_F(Pack, RefusesPathsThatLeaveTheFolder) {
  std::filesystem::create_symlink("/etc", folder_ / "img/link");
  for (const char* path :
       {"../x.png", "/etc/passwd", "img/../../x.png", "img/link/passwd"}) {
    EXPECT_EQ(
        ErrorText([&] { ResolveImagePath(folder_.path(), path); }),
        fmt::format("3: image \"{}\" does not lie in the cohort's folder "
                    "\"{}\"; name the folder that holds all images (folder in "
                    "cohort.toml, or --folder)",
                    path, folder_.path()));
  }
  ResolveImagePath(folder_.path(), "img/../img/x.png");
  ResolveImagePath(folder_.path() + "/", "img/x.png");
}

TEST_F(Pack, SaysWhyAFileCannotBeRead) {
  const std::string out = folder_ / "x.plumb";
  PackImages(input_, options_, out);
  const std::string whole = ReadFile(out);
  const auto reading = [&](std::string bytes) {
    WriteFile(out, bytes);
    return ErrorText([&] { PackedCohort(out).VerifyPixels(); });
  };
  const auto changed = [&](size_t at, char to) {
    std::string bytes = whole;
    bytes[at] = to;
    return reading(bytes);
  };
  EXPECT_EQ(reading(whole), "no error");
  EXPECT_EQ(reading("short"), "3: " + out +
                                  ": is no packed cohort; make one "
                                  "with plumbline pack");
  EXPECT_EQ(changed(8, 9),
            "3: " + out +
                ": is a packed cohort of format 9, and this program "
                "reads format 1; pack the cohort again");
  const std::string damaged = "; the file is damaged, pack the cohort again";
  EXPECT_EQ(changed(20, 9), "3: " + out +
                                ": its header does not fit its "
                                "checksum" +
                                damaged);
  EXPECT_EQ(changed(5000, static_cast<char>(whole[5000] + 1)),
            "3: " + out + ": an image does not fit its checksum" + damaged);
  EXPECT_EQ(reading(whole.substr(0, whole.size() - 70)),
            "3: " + out + ": it is cut off" + damaged);
}

}  // namespace
}  // namespace plumbline
