#include "plumbline/train/augment.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

#include "plumbline/base/test_support.h"

namespace plumbline::train {
namespace {

Preprocessing Plain(int side, int channels = 1) {
  return {.side = side, .channels = channels};
}

Image Gradient(int side) {
  Image image = MakeImage(side, side, 1, 1);
  for (int y = 0; y < side; ++y) {
    for (int x = 0; x < side; ++x) {
      image.data[y * side + x] = static_cast<uint8_t>(3 * x + 5 * y);
    }
  }
  return image;
}

std::vector<float> Augmented(const Image& image, const AugmentDraw& draw,
                             const Preprocessing& preprocessing,
                             const Augmentation& augmentation = {}) {
  RandomStream random(1, "test");
  std::vector<float> input(preprocessing.input_size());
  AugmentInto(image, augmentation, draw, preprocessing, &random, input.data());
  return input;
}

TEST(AugmentInto, LeavesThePictureAloneWhereNothingIsDrawn) {
  const Image image = Gradient(16);
  const Preprocessing preprocessing{
      .side = 16, .channels = 1, .mean = {0.4}, .deviation = {0.2}};
  std::vector<float> expected(preprocessing.input_size());
  PrepareInput(image, preprocessing, expected.data());
  const std::vector<float> got = Augmented(image, {}, preprocessing);
  for (size_t i = 0; i < got.size(); ++i) {
    EXPECT_NEAR(got[i], expected[i], 2e-6) << i;
  }
}

TEST(AugmentInto, IsPrepareInputToTheBitWithoutRanges) {
  const Image image = Gradient(16);
  Augmentation none{
      .rotate = 0, .scale = 0, .shift = 0, .brightness = 0, .contrast = 0};
  ASSERT_FALSE(DoesSomething(none));
  std::vector<float> expected(256);
  PrepareInput(image, Plain(16), expected.data());
  EXPECT_EQ(Augmented(image, {}, Plain(16), none), expected);
}

TEST(AugmentInto, Mirrors) {
  const Image image = Gradient(8);
  const auto got = Augmented(image, {.flip = true}, Plain(8));
  for (int y = 0; y < 8; ++y) {
    for (int x = 0; x < 8; ++x) {
      EXPECT_NEAR(got[y * 8 + x], image.data[y * 8 + 7 - x] / 255.0, 1e-5);
    }
  }
}

TEST(AugmentInto, TurnsByARightAngle) {
  const Image image = Gradient(9);
  const auto got =
      Augmented(image, {.radians = std::numbers::pi / 2}, Plain(9));
  for (int y = 0; y < 9; ++y) {
    for (int x = 0; x < 9; ++x) {
      // The new picture's right is the old one's ... one of its sides; each
      // corner goes to the next one.
      EXPECT_NEAR(got[y * 9 + x], image.data[(8 - x) * 9 + y] / 255.0, 1e-5);
    }
  }
}

TEST(AugmentInto, ShiftsAndIsBlackOutside) {
  const Image image = Gradient(8);
  const auto got = Augmented(image, {.shift_x = 0.25}, Plain(8));
  for (int y = 0; y < 8; ++y) {
    EXPECT_EQ(got[y * 8], 0.0F);
    EXPECT_EQ(got[y * 8 + 1], 0.0F);
    for (int x = 2; x < 8; ++x) {
      EXPECT_NEAR(got[y * 8 + x], image.data[y * 8 + x - 2] / 255.0, 1e-5);
    }
  }
}

TEST(AugmentInto, EnlargesAboutTheCentre) {
  Image image = MakeImage(9, 9, 1, 1);
  image.data[4 * 9 + 4] = 255;
  const auto got = Augmented(image, {.scale = 2}, Plain(9));
  EXPECT_NEAR(got[4 * 9 + 4], 1, 1e-6);
  EXPECT_NEAR(got[4 * 9 + 5], 0.5, 1e-6);
  EXPECT_NEAR(got[4 * 9 + 6], 0, 1e-6);
}

TEST(AugmentInto, KeepsTheMeanUnderContrastAndCutsToTheRange) {
  Image image = MakeImage(4, 4, 1, 1);
  for (int i = 0; i < 16; ++i) image.data[i] = i % 2 == 0 ? 51 : 153;
  const auto got = Augmented(image, {.contrast = 0.5}, Plain(4));
  EXPECT_NEAR(got[0], 0.3, 1e-6);
  EXPECT_NEAR(got[1], 0.5, 1e-6);
  const auto bright = Augmented(image, {.brightness = 0.9}, Plain(4));
  EXPECT_EQ(bright[1], 1.0F);
}

TEST(AugmentInto, RepeatsGreyPicturesAndReadsSixteenBits) {
  const Image image = Gradient(8);
  const auto one = Augmented(image, {}, Plain(8));
  const auto three = Augmented(ToUint16(image), {}, Plain(8, 3));
  for (int i = 0; i < 64; ++i) {
    EXPECT_NEAR(one[i], three[i], 1e-6);
    EXPECT_EQ(three[i], three[i + 128]);
  }
}

TEST(AugmentInto, ErasesAGreyBox) {
  const Image image = Gradient(10);
  const AugmentDraw draw{.erase = true,
                         .box_x = 0.2,
                         .box_y = 0.5,
                         .box_width = 0.3,
                         .box_height = 0.2};
  const auto plain = Augmented(image, {}, Plain(10));
  const auto got = Augmented(image, draw, Plain(10));
  int changed = 0;
  for (int i = 0; i < 100; ++i) {
    const int x = i % 10, y = i / 10;
    const bool inside = x >= 2 && x < 5 && y >= 5 && y < 7;
    if (!inside) {
      EXPECT_EQ(got[i], plain[i]);
    } else {
      EXPECT_EQ(got[i], got[52]);
      ++changed;
    }
  }
  EXPECT_EQ(changed, 6);
}

TEST(DrawAugmentation, FillsItsRangesAndRepeats) {
  const Augmentation ranges{.flip = 0.5, .rotate = 30, .shift = 0.1};
  double least = 1e9, most = -1e9;
  int flips = 0;
  for (uint64_t i = 0; i < 2000; ++i) {
    RandomStream random(7, "augmentation", i), again(7, "augmentation", i);
    const AugmentDraw draw = DrawAugmentation(ranges, &random);
    EXPECT_EQ(draw.radians, DrawAugmentation(ranges, &again).radians);
    const double degrees = draw.radians * 180 / std::numbers::pi;
    least = std::min(least, degrees);
    most = std::max(most, degrees);
    flips += draw.flip;
    EXPECT_LE(std::abs(draw.shift_x), 0.1);
    EXPECT_LE(draw.box_x + draw.box_width, 1.0);
  }
  EXPECT_GE(least, -30);
  EXPECT_LE(most, 30);
  EXPECT_LT(least, -29);
  EXPECT_GT(most, 29);
  EXPECT_NEAR(flips, 1000, 90);  // four deviations
}

TEST(RequireValidAugmentation, NamesTheRange) {
  EXPECT_EQ(ErrorText([] { RequireValid(Augmentation{.rotate = 270}); }),
            "2: --augment rotate=270: must be from 0 to 180");
}

}  // namespace
}  // namespace plumbline::train
