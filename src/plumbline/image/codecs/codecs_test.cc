// The sample pictures of tests/data/images against what other programs read,
// and what becomes of damaged, lying and hostile files.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <cstdlib>
#include <map>
#include <string>
#include <vector>

#include "plumbline/base/file.h"
#include "plumbline/base/hash.h"
#include "plumbline/base/random.h"
#include "plumbline/base/test_support.h"
#include "plumbline/image/decode.h"
#include "plumbline/image/dicom/test_manifest.h"
#include "plumbline/image/orientation.h"

namespace plumbline {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Pair;

using Record = std::map<std::string, std::string>;

const std::string kFolder = PLUMBLINE_SOURCE_DIR "/tests/data/images/";

// Debian's libheif decodes HEVC; a build without it has no part "heic".
bool CanDecodeHeic() {
  static const bool can = [] {
    const auto error =
        ErrorOf([] { DecodeImage(ReadFile(kFolder + "heic_rgb.heic"), "a"); });
    return !error || error->code() != ErrorCode::kUnavailable;
  }();
  return can;
}

std::vector<Record> Expected() {
  std::vector<Record> records = ReadRecords(kFolder + "expected.csv");
  if (!CanDecodeHeic()) {
    std::erase_if(records, [](const Record& record) {
      return record.at("file").ends_with(".heic");
    });
  }
  return records;
}

int Number(const Record& record, const char* field) {
  return std::stoi(record.at(field));
}

DecodedImage DecodeFile(const std::string& file,
                        const DecodeOptions& options = {}) {
  return DecodeImage(ReadFile(kFolder + file), file, options);
}

void ExpectSamplesNear(const Image& image, const Record& record) {
  const int step = Number(record, "step");
  const std::string& digits = record.at("pixels");
  size_t at = 0;
  int worst = 0;
  for (int y = step / 2; y < image.height; y += step) {
    for (int x = step / 2; x < image.width; x += step) {
      for (int c = 0; c < image.channels; ++c, at += 2) {
        ASSERT_LE(at + 2, digits.size());
        const int wanted = std::stoi(digits.substr(at, 2), nullptr, 16);
        const int got =
            image.data[(size_t{1} * y * image.width + x) * image.channels + c];
        worst = std::max(worst, std::abs(got - wanted));
      }
    }
  }
  EXPECT_EQ(at, digits.size());
  EXPECT_LE(worst, Number(record, "tolerance"));
}

std::string HashOf(const Image& image) {
  return Sha256(
      {reinterpret_cast<const char*>(image.data.data()), image.data.size()});
}

TEST(Codecs, ReadWhatOtherProgramsRead) {
  const std::vector<Record> records = Expected();
  ASSERT_GT(records.size(), 50u);
  for (const Record& record : records) {
    SCOPED_TRACE(record.at("file"));
    const DecodedImage decoded = DecodeFile(record.at("file"));
    EXPECT_EQ(decoded.image.width, Number(record, "width"));
    EXPECT_EQ(decoded.image.height, Number(record, "height"));
    ASSERT_EQ(decoded.image.channels, Number(record, "channels"));
    ASSERT_EQ(decoded.image.bytes_per_sample, Number(record, "bytes"));
    if (Number(record, "tolerance") == 0) {
      EXPECT_EQ(HashOf(decoded.image), record.at("pixels"));
    } else {
      ExpectSamplesNear(decoded.image, record);
    }
    if (record.at("note").empty()) {
      EXPECT_THAT(decoded.notes, ElementsAre());
    } else {
      EXPECT_THAT(decoded.notes, ElementsAre(record.at("note")));
    }
  }
}

TEST(Codecs, TellTheFormatAndTheStoredSize) {
  const std::map<std::string, ImageFormat> kFormats = {
      {"jpg", ImageFormat::kJpeg},
      {"png", ImageFormat::kPng},
      {"tif", ImageFormat::kTiff},
      {"heic", ImageFormat::kHeic}};
  for (const Record& record : Expected()) {
    const std::string& file = record.at("file");
    SCOPED_TRACE(file);
    const DecodedImage decoded = DecodeFile(file);
    EXPECT_EQ(decoded.format, kFormats.at(file.substr(file.rfind('.') + 1)));
    const bool turned = file.find("orientation_5") != file.npos ||
                        file.find("orientation_6") != file.npos ||
                        file.find("orientation_7") != file.npos ||
                        file.find("orientation_8") != file.npos ||
                        file == "heic_rotated.heic";
    EXPECT_EQ(turned ? decoded.stored_height : decoded.stored_width,
              decoded.image.width);
    EXPECT_EQ(turned ? decoded.stored_width : decoded.stored_height,
              decoded.image.height);
  }
}

TEST(Codecs, NamesOfFilesDoNotMatter) {
  const std::string png = ReadFile(kFolder + "png_rgb8.png");
  EXPECT_EQ(DecodeImage(png, "a.jpg").image.data,
            DecodeImage(png, "b.dcm").image.data);
}

TEST(Codecs, TellTheCameraAndNoPerson) {
  for (const std::string file :
       {"jpeg_orientation_6.jpg", "png_orientation_6.png"}) {
    SCOPED_TRACE(file);
    const std::vector<ImageFact> facts = DecodeFile(file).facts;
    EXPECT_THAT(facts, Contains(Pair("manufacturer", "Plumbline Optics")));
    EXPECT_THAT(facts, Contains(Pair("model", "PL-1")));
    EXPECT_THAT(facts, Contains(Pair("orientation", "6")));
    EXPECT_THAT(facts, Contains(Pair("exposure_time", "1/125 sec.")));
    EXPECT_THAT(facts, Contains(Pair("iso", "200")));
    EXPECT_THAT(facts, Contains(Pair("f_number", "f/2.8")));
    for (const auto& [name, value] : facts) {
      EXPECT_THAT(AllImageFacts(), Contains(name));
      for (const char* secret : {"Jane", "Roe", "2001", "48", "30", "11"}) {
        EXPECT_THAT(value, testing::Not(HasSubstr(secret))) << name;
      }
    }
  }
  EXPECT_THAT(DecodeFile("tiff_orientation_8.tif").facts,
              ElementsAre(Pair("orientation", "8")));
  EXPECT_THAT(DecodeFile("jpeg_rgb.jpg").facts, ElementsAre());
}

TEST(Codecs, JpegIsReducedAsFarAsTheLeastSideAllows) {
  const DecodedImage full = DecodeFile("large_grey.jpg");
  ASSERT_EQ(full.image.width, 192);
  ASSERT_EQ(full.image.height, 128);
  const std::pair<int, int> kWidths[] = {{1, 24},  {16, 24}, {17, 48}, {32, 48},
                                         {33, 96}, {64, 96}, {65, 192}};
  for (const auto& [least_side, width] : kWidths) {
    SCOPED_TRACE(least_side);
    DecodeOptions options;
    options.least_side = least_side;
    const DecodedImage small = DecodeFile("large_grey.jpg", options);
    ASSERT_EQ(small.image.width, width);
    ASSERT_EQ(small.image.height, width * 2 / 3);
    EXPECT_EQ(small.stored_width, 192);
    EXPECT_EQ(small.stored_height, 128);
    // About the mean of the block that each pixel stands for.
    const int by = 192 / width;
    int64_t off = 0;
    for (int y = 0; y < small.image.height; ++y) {
      for (int x = 0; x < width; ++x) {
        int sum = 0;
        for (int i = 0; i < by * by; ++i) {
          sum += full.image.data[(y * by + i / by) * 192 + x * by + i % by];
        }
        off += std::abs(sum / (by * by) - small.image.data[y * width + x]);
      }
    }
    EXPECT_LT(off, 3 * width * small.image.height);
  }
}

std::string Patched(std::string bytes, size_t at, std::string_view with) {
  return bytes.replace(at, with.size(), with);
}

// --- Lies about the size -----------------------------------------------------

// A file whose header says 60000 x 60000 pixels.
std::string Giant(ImageFormat format) {
  using namespace std::string_view_literals;
  switch (format) {
    case ImageFormat::kPng: {
      // CRC-32 of the changed header by Python's zlib.
      const std::string file = ReadFile(kFolder + "png_grey8.png");
      return Patched(file, 16,
                     "\0\0\xea\x60\0\0\xea\x60\x08\0\0\0\0\xa5\xb9\x2a\x9e"sv);
    }
    case ImageFormat::kJpeg: {
      const std::string file = ReadFile(kFolder + "jpeg_grey.jpg");
      return Patched(file, file.find("\xff\xc0") + 5, "\xea\x60\xea\x60");
    }
    default: {
      // The first two entries of the directory are width and height.
      std::string file = ReadFile(kFolder + "tiff_grey8.tif");
      const size_t at = file.find("\0\1\4\0\1\0\0\0\x18"sv);
      file = Patched(file, at + 8, "\x60\xea\0\0"sv);
      return Patched(file, at + 20, "\x60\xea\0\0"sv);
    }
  }
}

TEST(Codecs, GiantsAreRefusedBeforeMemoryIsTaken) {
  for (const ImageFormat format :
       {ImageFormat::kPng, ImageFormat::kJpeg, ImageFormat::kTiff}) {
    SCOPED_TRACE(NameOf(format));
    const std::string bytes = Giant(format);
    const auto start = std::chrono::steady_clock::now();
    EXPECT_EQ(ErrorText([&] { DecodeImage(bytes, "a"); }),
              "3: a: declares 60000 x 60000 pixels, more than the limit of "
              "268435456");
    EXPECT_LT(std::chrono::steady_clock::now() - start,
              std::chrono::seconds(1));
  }
}

TEST(Codecs, TheLimitOfPixelsIsTheCallers) {
  DecodeOptions options;
  for (const Record& record : Expected()) {
    const std::string& file = record.at("file");
    SCOPED_TRACE(file);
    const int width = Number(record, "width"),
              height = Number(record, "height");
    options.max_pixels = width * height;
    EXPECT_NO_THROW(DecodeFile(file, options));
    options.max_pixels -= 1;
    EXPECT_THAT(ErrorText([&] { DecodeFile(file, options); }),
                HasSubstr("pixels, more than the limit of"));
  }
}

// --- Damage ------------------------------------------------------------------

// Either it is a picture or it is refused as input; nothing else may happen.
// Whether it is a picture.
bool IsPictureOrRefused(std::string_view bytes, const std::string& what) {
  DecodeOptions options;
  options.max_pixels = 1 << 20;
  try {
    const Image image = DecodeImage(bytes, "a", options).image;
    EXPECT_EQ(image.data.size(), image.samples() * image.bytes_per_sample);
    return true;
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kInvalidInput)
        << what << ": " << error.what();
    return false;
  }
}

TEST(Codecs, FilesCutOffAreRefused) {
  for (const Record& record : Expected()) {
    const std::string& file = record.at("file");
    const std::string bytes = ReadFile(kFolder + file);
    for (size_t size = 0; size + 2 < bytes.size(); size += 1 + size / 16) {
      const std::string what = file + " cut to " + std::to_string(size);
      // The pixels of a TIFF file lie where they like: it may be whole without
      // its last bytes.
      const bool is_picture =
          IsPictureOrRefused(std::string_view(bytes).substr(0, size), what);
      EXPECT_TRUE(!is_picture || file.ends_with(".tif")) << what;
    }
  }
}

TEST(Codecs, DamagedFilesAreReadOrRefused) {
  RandomStream random(7, "codecs_test");
  for (const Record& record : Expected()) {
    const std::string& file = record.at("file");
    const std::string bytes = ReadFile(kFolder + file);
    for (int i = 0; i < 60; ++i) {
      std::string damaged = bytes;
      for (int n = 0; n <= i % 4; ++n) {
        damaged[random.NextBelow(damaged.size())] =
            static_cast<char>(random.NextBelow(256));
      }
      IsPictureOrRefused(damaged, file + " damaged, " + std::to_string(i));
    }
  }
}

TEST(Codecs, GarbageIsRefused) {
  RandomStream random(8, "codecs_test");
  std::string garbage(3000, '\0');
  for (char& c : garbage) c = static_cast<char>(random.NextBelow(256));
  EXPECT_EQ(ErrorText([&] { DecodeImage(garbage, "a"); }),
            "3: a: is no image that can be read: expected DICOM, JPEG, PNG, "
            "TIFF or HEIC");
  using namespace std::string_view_literals;
  for (const std::string_view start :
       {"\xff\xd8\xff"sv, "\x89PNG\r\n\x1a\n"sv, "II*\0"sv, "MM\0*"sv,
        "\0\0\0\x18"
        "ftypheic"sv}) {
    if (start.ends_with("heic") && !CanDecodeHeic()) continue;
    EXPECT_FALSE(IsPictureOrRefused(std::string(start) + garbage, "garbage"));
    EXPECT_FALSE(IsPictureOrRefused(start, "nothing more"));
  }
}

TEST(Codecs, DamagedColourProfilesAreLeftAside) {
  const std::string jpeg = ReadFile(kFolder + "jpeg_display_p3.jpg");
  const size_t at = jpeg.find("ICC_PROFILE");
  ASSERT_NE(at, jpeg.npos);
  // The number of the first part, its size, its colour space.
  const std::pair<size_t, const char*> kDamages[] = {
      {12, "its colour profile is damaged and was not used"},
      {14 + 36, "its colour profile is damaged and was not used"},
      {14 + 16,
       "its colour profile is not for red, green and blue and was not used"}};
  for (const auto& [place, note] : kDamages) {
    EXPECT_THAT(DecodeImage(Patched(jpeg, at + place, "CMYK"), "a").notes,
                ElementsAre(note));
  }
}

TEST(Codecs, SamplesThatAreNoWholeNumbersAreRefused) {
  EXPECT_EQ(
      ErrorText([] { DecodeFile("tiff_float.tif"); }),
      "3: tiff_float.tif: its samples are no unsigned whole numbers; save "
      "it as 8- or 16-bit grey or RGB");
}

// --- Writing -----------------------------------------------------------------

TEST(EncodePng, GivesBackTheSamePicture) {
  RandomStream random(9, "codecs_test");
  for (const int channels : {1, 3}) {
    for (const int bytes : {1, 2}) {
      Image image = MakeImage(37, 23, channels, bytes);
      for (size_t i = 0; i < image.data.size(); ++i) {
        image.data[i] = static_cast<uint8_t>(i / 9 + random.NextBelow(20));
      }
      size_t stored = 0;
      for (const int effort : {0, 6, 9}) {
        SCOPED_TRACE(testing::Message() << channels << " channels, " << bytes
                                        << " bytes, effort " << effort);
        const std::string png = EncodePng(image, effort);
        if (effort == 0) stored = png.size();
        EXPECT_LE(png.size(), stored);
        const DecodedImage back = DecodeImage(png, "a");
        EXPECT_EQ(back.image.width, 37);
        EXPECT_EQ(back.image.height, 23);
        EXPECT_EQ(back.image.channels, channels);
        EXPECT_EQ(back.image.bytes_per_sample, bytes);
        EXPECT_EQ(back.image.data, image.data);
        EXPECT_THAT(back.notes, ElementsAre());
      }
    }
  }
}

}  // namespace
}  // namespace plumbline
