#include "plumbline/image/perceptual_hash.h"

#include <gtest/gtest.h>

#include <bit>
#include <cmath>

#include "plumbline/base/random.h"

namespace plumbline {
namespace {

// Blobs at random places: smooth, without symmetry.
Image Blobs(uint64_t seed, int side) {
  RandomStream random(seed, "blobs");
  std::vector<double> sums(static_cast<size_t>(side) * side, 0.0);
  for (int blob = 0; blob < 40; ++blob) {
    const double x0 = random.NextUniform() * side;
    const double y0 = random.NextUniform() * side;
    const double radius = (0.02 + 0.1 * random.NextUniform()) * side;
    const double height = random.NextNormal();
    for (int y = 0; y < side; ++y) {
      for (int x = 0; x < side; ++x) {
        const double d =
            ((x - x0) * (x - x0) + (y - y0) * (y - y0)) / (2 * radius * radius);
        sums[static_cast<size_t>(y) * side + x] += height * std::exp(-d);
      }
    }
  }
  Image image = MakeImage(side, side, 1, 1);
  for (size_t i = 0; i < sums.size(); ++i) {
    image.data[i] =
        static_cast<uint8_t>(std::clamp(127.0 + 60 * sums[i], 0.0, 255.0));
  }
  return image;
}

TEST(PerceptualHash, FollowsAllSixteenVersionsOfAPicture) {
  for (uint64_t seed = 0; seed < 20; ++seed) {
    const Image image = Blobs(seed, 96);
    const uint64_t bits = HashPicture(image).bits;
    const auto all = AllVariants(bits);
    for (int variant = 0; variant < kPictureVariants; ++variant) {
      const uint64_t changed = HashPicture(ChangePicture(image, variant)).bits;
      EXPECT_LE(std::popcount(changed ^ ChangeHash(bits, variant)), 1)
          << VariantName(variant);
      EXPECT_EQ(all[variant], ChangeHash(bits, variant));
    }
  }
}

TEST(PerceptualHash, StaysNearForScaleAndBrightness) {
  for (uint64_t seed = 0; seed < 20; ++seed) {
    Image image = Blobs(seed, 128);
    const uint64_t bits = HashPicture(image).bits;
    for (uint8_t& pixel : image.data) {
      pixel = static_cast<uint8_t>(20 + pixel * 3 / 4);
    }
    EXPECT_LE(std::popcount(bits ^ HashPicture(image).bits), 4);
    EXPECT_LE(std::popcount(bits ^ HashPicture(Blobs(seed, 96)).bits), 40);
  }
}

// 190 pairs of unrelated pictures: half of the bits differ, give or take.
TEST(PerceptualHash, TellsDifferentPicturesApart) {
  double sum = 0;
  for (uint64_t a = 0; a < 20; ++a) {
    for (uint64_t b = 0; b < a; ++b) {
      const int distance = std::popcount(HashPicture(Blobs(a, 64)).bits ^
                                         HashPicture(Blobs(b, 64)).bits);
      EXPECT_GT(distance, 8);
      sum += distance;
    }
  }
  EXPECT_NEAR(sum / 190, 32, 2);
}

TEST(PerceptualHash, SaysThatABlankPictureHasNone) {
  Image image = MakeImage(50, 40, 3, 1);
  EXPECT_FALSE(HashPicture(image).has_structure);
  for (int i = 3000; i < 3030; ++i) image.data[i] = 255;
  EXPECT_TRUE(HashPicture(image).has_structure);
}

TEST(ChangePicture, TurnsClockwiseAsItsNameSays) {
  Image image = MakeImage(3, 2, 1, 1);
  image.data = {1, 2, 3, 4, 5, 6};
  const Image turned = ChangePicture(image, 5);
  EXPECT_EQ(turned.width, 2);
  EXPECT_EQ(turned.data, (std::vector<uint8_t>{4, 1, 5, 2, 6, 3}));
  EXPECT_EQ(ChangePicture(image, 6).data,
            (std::vector<uint8_t>{3, 6, 2, 5, 1, 4}));
  EXPECT_EQ(ChangePicture(image, 9).data,
            (std::vector<uint8_t>{252, 253, 254, 249, 250, 251}));
}

}  // namespace
}  // namespace plumbline
