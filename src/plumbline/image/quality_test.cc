#include "plumbline/image/quality.h"

#include <gtest/gtest.h>

#include <cmath>

#include "plumbline/base/random.h"

namespace plumbline {
namespace {

float Of(const Image& image, const std::string& name) {
  const QualityValues values = MeasureQuality(image);
  for (int i = 0; i < kQualityMeasures; ++i) {
    if (name == AllQualityMeasures()[i].name) return values[i];
  }
  ADD_FAILURE() << name;
  return 0;
}

// A slope with noise of a known standard deviation.
Image NoisySlope(double sd, int bytes) {
  RandomStream random(5, "noise");
  Image image = MakeImage(200, 200, 1, bytes);
  const double full = bytes == 1 ? 255 : 65535;
  for (int y = 0; y < 200; ++y) {
    for (int x = 0; x < 200; ++x) {
      const double value =
          (0.3 + 0.4 * x / 199 + sd * random.NextNormal()) * full;
      const size_t i = static_cast<size_t>(y) * 200 + x;
      if (bytes == 1) {
        image.samples8()[i] = static_cast<uint8_t>(std::lround(value));
      } else {
        image.samples16()[i] = static_cast<uint16_t>(std::lround(value));
      }
    }
  }
  return image;
}

TEST(MeasureQuality, FindsTheNoiseThatWasPutIn) {
  for (const double sd : {0.01, 0.03}) {
    EXPECT_NEAR(Of(NoisySlope(sd, 2), "noise"), sd, 0.03 * sd);
    EXPECT_NEAR(Of(NoisySlope(sd, 1), "noise"), sd, 0.05 * sd);
  }
  EXPECT_LT(Of(NoisySlope(0, 2), "noise"), 2e-4);
}

TEST(MeasureQuality, KnowsTones) {
  Image image = MakeImage(10, 10, 1, 1);
  for (int i = 0; i < 50; ++i) image.data[i] = 255;
  EXPECT_NEAR(Of(image, "brightness"), 0.5, 1e-6);
  EXPECT_NEAR(Of(image, "contrast"), 0.5, 1e-6);
  EXPECT_NEAR(Of(image, "black_share"), 0.5, 1e-6);
  EXPECT_NEAR(Of(image, "white_share"), 0.5, 1e-6);
  EXPECT_NEAR(Of(image, "entropy"), 1, 1e-6);
  EXPECT_NEAR(Of(image, "field"), 0.5, 1e-6);
}

TEST(MeasureQuality, BlurTakesSharpness) {
  const Image sharp = NoisySlope(0.02, 2);
  Image blurred = sharp;
  for (int y = 1; y < 199; ++y) {
    for (int x = 1; x < 199; ++x) {
      int sum = 0;
      for (int v = -1; v <= 1; ++v) {
        for (int u = -1; u <= 1; ++u) {
          sum += sharp.samples16()[(y + v) * 200 + x + u];
        }
      }
      blurred.samples16()[y * 200 + x] = static_cast<uint16_t>(sum / 9);
    }
  }
  EXPECT_LT(Of(blurred, "sharpness"), 0.5 * Of(sharp, "sharpness"));
}

TEST(MeasureQuality, SeesBarsAndABrightBorder) {
  Image image = MakeImage(100, 100, 3, 1);
  for (int y = 20; y < 70; ++y) {
    for (int x = 0; x < 300; ++x) image.data[y * 300 + x] = 128;
  }
  EXPECT_NEAR(Of(image, "field"), 0.5, 1e-6);
  EXPECT_LT(Of(image, "border"), 0.5);
  for (uint8_t& byte : image.data) byte = static_cast<uint8_t>(~byte);
  EXPECT_GT(Of(image, "border"), 1.2);
}

TEST(MeasureQuality, SaysWhereAMeasureHasNoMeaning) {
  EXPECT_TRUE(std::isnan(Of(MakeImage(20, 20, 1, 1), "sharpness")));
  EXPECT_EQ(Of(MakeImage(20, 20, 1, 1), "noise"), 0);
  EXPECT_TRUE(std::isnan(Of(MakeImage(4, 4, 1, 1), "noise")));
  EXPECT_EQ(Of(MakeImage(4, 4, 1, 1), "brightness"), 0);
}

}  // namespace
}  // namespace plumbline
