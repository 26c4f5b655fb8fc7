#include "plumbline/image/resize.h"

#include <gtest/gtest.h>

#include "plumbline/base/test_support.h"

namespace plumbline {
namespace {

Image Grey(int width, int height, std::vector<uint8_t> data) {
  Image image = MakeImage(width, height, 1, 1);
  image.data = std::move(data);
  return image;
}

TEST(Resize, KeepsAConstantPictureConstant) {
  for (const int bytes : {1, 2}) {
    Image image = MakeImage(301, 301, 3, bytes);
    for (uint8_t& byte : image.data) byte = 200;
    const Image small = Resize(image, 64, ResizeMode::kStretch);
    for (const uint8_t byte : small.data) ASSERT_EQ(byte, 200);
  }
}

// Pillow 9.4, Image.resize(BILINEAR) of np.arange(64).reshape(8, 8) * 4 to
// 4 x 4, and of 5 x 7 values (7 x^2 + 13 y + 5 x y) mod 256 to 3 x 3.
TEST(Resize, EqualsPillowsTriangleFilter) {
  std::vector<uint8_t> data(64);
  for (size_t i = 0; i < 64; ++i) data[i] = static_cast<uint8_t>(4 * i);
  const Image small = Resize(Grey(8, 8, data), 4, ResizeMode::kStretch);
  const std::vector<int> expected = {26,  33,  41,  48,  83,  90,  98,  105,
                                     147, 154, 162, 169, 204, 211, 219, 226};
  for (size_t i = 0; i < 16; ++i) {
    EXPECT_NEAR(small.data[i], expected[i], 1) << i;
  }
  std::vector<uint8_t> odd(35);
  for (size_t i = 0; i < 35; ++i) {
    const size_t x = i % 7, y = i / 7;
    odd[i] = static_cast<uint8_t>(7 * x * x + 13 * y + 5 * x * y);
  }
  const Image third = Resize(Grey(7, 5, odd), 3, ResizeMode::kStretch);
  const std::vector<int> expected3 = {16, 82, 166, 44, 123, 151, 71, 155, 126};
  for (size_t i = 0; i < 9; ++i) {
    EXPECT_NEAR(third.data[i], expected3[i], 1) << i;
  }
}

TEST(Resize, FitsWithBarsCropsTheMiddle) {
  const Image wide = Grey(4, 2, {10, 20, 30, 40, 10, 20, 30, 40});
  const Image fit = Resize(wide, 4, ResizeMode::kFit);
  EXPECT_EQ(fit.data, (std::vector<uint8_t>{0, 0, 0, 0, 10, 20, 30, 40, 10, 20,
                                            30, 40, 0, 0, 0, 0}));
  const Image crop = Resize(wide, 2, ResizeMode::kCrop);
  EXPECT_EQ(crop.data, (std::vector<uint8_t>{20, 30, 20, 30}));
}

// A pattern finer than the new pixels becomes its mean, not stripes.
TEST(Resize, DoesNotAlias) {
  Image stripes = MakeImage(256, 256, 1, 2);
  for (size_t i = 0; i < stripes.samples(); ++i) {
    stripes.samples16()[i] = i % 2 == 0 ? 0 : 60000;
  }
  const Image small = Resize(stripes, 32, ResizeMode::kStretch);
  for (size_t i = 0; i < small.samples(); ++i) {
    // At the border half of the triangle is cut off.
    const bool border = i % 32 == 0 || i % 32 == 31;
    ASSERT_NEAR(small.samples16()[i], 30000, border ? 1200 : 2) << i;
  }
}

TEST(Resize, RefusesSillySizes) {
  EXPECT_EQ(
      ErrorText([] { Resize(MakeImage(2, 2, 1, 1), 0, ResizeMode::kFit); }),
      "2: cannot resize to 0 pixels: expected 1 to 16384");
  EXPECT_EQ(ErrorText([] { ParseResizeMode("fitt"); }),
            "2: \"fitt\" is no way to resize: expected fit, crop or stretch; "
            "did you mean \"fit\"?");
}

}  // namespace
}  // namespace plumbline
