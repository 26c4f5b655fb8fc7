#include "plumbline/infer/preprocessing.h"

#include <gtest/gtest.h>

#include <cmath>

#include "plumbline/base/test_support.h"

namespace plumbline {
namespace {

Image Grey(std::vector<uint8_t> samples) {
  Image image = MakeImage(2, 2, 1, 1);
  image.data = std::move(samples);
  return image;
}

std::vector<float> Prepared(const Image& image,
                            const Preprocessing& preprocessing) {
  std::vector<float> input(preprocessing.input_size());
  PrepareInput(image, preprocessing, input.data());
  return input;
}

void ExpectNear(const std::vector<float>& found,
                const std::vector<float>& expected) {
  ASSERT_EQ(found.size(), expected.size());
  for (size_t i = 0; i < found.size(); ++i) {
    EXPECT_NEAR(found[i], expected[i], 1e-6 * (1 + std::abs(expected[i]))) << i;
  }
}

TEST(Preprocessing, BringsSamplesIntoTheRangeAndStandardisesThem) {
  const Image image = Grey({0, 51, 204, 255});
  ExpectNear(Prepared(image, {.side = 2}), {0, 0.2F, 0.8F, 1});
  ExpectNear(Prepared(image, {.side = 2, .low = -1024, .high = 1024}),
             {-1024, -614.4F, 614.4F, 1024});
  ExpectNear(Prepared(image, {.side = 2, .mean = {0.5}, .deviation = {0.25}}),
             {-2, -1.2F, 1.2F, 2});
  ExpectNear(Prepared(ToUint16(image), {.side = 2}), {0, 0.2F, 0.8F, 1});
}

TEST(Preprocessing, RepeatsGreyAndWeighsColours) {
  ExpectNear(Prepared(Grey({0, 51, 204, 255}), {.side = 2,
                                                .channels = 3,
                                                .mean = {0, 0.5, 1},
                                                .deviation = {1, 1, 0.5}}),
             {0, 0.2F, 0.8F, 1, -0.5F, -0.3F, 0.3F, 0.5F, -2, -1.6F, -0.4F, 0});
  Image colour = MakeImage(1, 1, 3, 1);
  colour.data = {10, 20, 30};
  // Channel by channel, not pixel by pixel.
  ExpectNear(Prepared(colour, {.side = 1, .channels = 3}),
             {10 / 255.0F, 20 / 255.0F, 30 / 255.0F});
  // 0.2126 * 10 + 0.7152 * 20 + 0.0722 * 30 is 18.6.
  ExpectNear(Prepared(colour, {.side = 1}), {19 / 255.0F});
}

TEST(Preprocessing, ResizesAsItSays) {
  Image wide = MakeImage(4, 2, 1, 1);
  std::fill(wide.data.begin(), wide.data.end(), 255);
  EXPECT_EQ(Prepared(wide, {.side = 4})[0], 0);  // a black bar
  EXPECT_EQ(Prepared(wide, {.side = 4, .resize = ResizeMode::kCrop})[0], 1);
}

TEST(Preprocessing, IsToldApartByItsHash) {
  const Preprocessing one{.side = 32, .mean = {0.5}};
  EXPECT_EQ(ReferenceHash(one), ReferenceHash(one));
  EXPECT_NE(ReferenceHash(one), ReferenceHash({.side = 32, .mean = {0.51}}));
  EXPECT_NE(ReferenceHash(one), ReferenceHash({.side = 33, .mean = {0.5}}));
}

TEST(Preprocessing, IsRefusedOutOfItsRanges) {
  EXPECT_EQ(ErrorText([] { RequireValid({.side = 0}); }),
            "2: side: must be from 1 to 16384 pixels");
  EXPECT_EQ(ErrorText([] { RequireValid({.side = 8, .channels = 4}); }),
            "2: channels: must be 1 or 3");
  EXPECT_EQ(ErrorText([] { RequireValid({.side = 8, .low = 1}); }),
            "2: range: must be two different numbers, such as [0, 1]");
  EXPECT_EQ(ErrorText([] { RequireValid({.side = 8, .deviation = {0}}); }),
            "2: deviation: must be above 0");
}

}  // namespace
}  // namespace plumbline
