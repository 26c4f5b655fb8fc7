#include "plumbline/image/orientation.h"

#include <gtest/gtest.h>

namespace plumbline {
namespace {

// How each of the eight orientations stores the upright picture
//   1 2 3
//   4 5 6
TEST(Upright, EveryOrientationGivesTheSamePicture) {
  struct Stored {
    int orientation;
    int width;
    std::vector<uint8_t> data;
  };
  const std::vector<uint8_t> upright = {1, 2, 3, 4, 5, 6};
  for (const Stored& stored :
       {Stored{1, 3, {1, 2, 3, 4, 5, 6}}, Stored{2, 3, {3, 2, 1, 6, 5, 4}},
        Stored{3, 3, {6, 5, 4, 3, 2, 1}}, Stored{4, 3, {4, 5, 6, 1, 2, 3}},
        Stored{5, 2, {1, 4, 2, 5, 3, 6}}, Stored{6, 2, {3, 6, 2, 5, 1, 4}},
        Stored{7, 2, {6, 3, 5, 2, 4, 1}}, Stored{8, 2, {4, 1, 5, 2, 6, 3}}}) {
    Image image = MakeImage(stored.width, 6 / stored.width, 1, 1);
    image.data = stored.data;
    const Image turned = Upright(image, stored.orientation);
    EXPECT_EQ(turned.width, 3) << stored.orientation;
    EXPECT_EQ(turned.data, upright) << stored.orientation;
  }
}

TEST(Upright, LeavesUnknownNumbersAndWidePixelsAlone) {
  Image image = MakeImage(2, 1, 3, 2);
  for (size_t i = 0; i < image.samples(); ++i) {
    image.samples16()[i] = static_cast<uint16_t>(1000 * i);
  }
  EXPECT_EQ(Upright(image, 9).data, image.data);
  const Image mirrored = Upright(image, 2);
  EXPECT_EQ(mirrored.samples16()[0], 3000);
  EXPECT_EQ(mirrored.samples16()[3], 0);
}

}  // namespace
}  // namespace plumbline
