#include "plumbline/infer/saliency.h"

#include <gtest/gtest.h>

#include <limits>

namespace plumbline {
namespace {

TEST(Overlay, CoversThePictureWhereTheMapIsHigh) {
  Image picture = MakeImage(2, 2, 1, 1);
  std::fill(picture.data.begin(), picture.data.end(), 100);
  const std::vector<float> map = {0, 0.5F, 1, 7};
  const Image overlay = OverlayOf(picture, map, 2);
  EXPECT_EQ(overlay.channels, 3);
  const std::vector<uint8_t> expected = {
      100, 100, 100,  // nothing
      147, 70,  70,   // 0.7 * 100 + 0.3 * 255, red
      193, 193, 40,   // 0.4 * 100 + 0.6 * 255, yellow
      193, 193, 40};  // no more than that
  EXPECT_EQ(overlay.data, expected);
}

TEST(Overlay, TakesColouredPicturesOf16BitsAndOfAnySize) {
  const Image overlay =
      OverlayOf(MakeImage(7, 7, 3, 2), std::vector<float>(9, 0), 3);
  EXPECT_EQ(overlay.width, 3);
  EXPECT_EQ(overlay.data, std::vector<uint8_t>(27, 0));
}

TEST(HighestRows, NamesEachImageOnceTheHighestFirst) {
  Predictions predictions;
  predictions.rows = 6;
  predictions.outputs = 2;
  constexpr float kNone = std::numeric_limits<float>::quiet_NaN();
  predictions.scores = {0, 0.5F, 0, 0.9F, 0, kNone, 0, 0.9F, 0, 0.7F, 0, 0.7F};
  predictions.image_of_row = {4, 2, -1, 2, 0, 1};
  EXPECT_EQ(HighestRows(predictions, 1, 3), (std::vector<int64_t>{1, 4, 5}));
  EXPECT_EQ(HighestRows(predictions, 1, 9), (std::vector<int64_t>{1, 4, 5, 0}));
}

}  // namespace
}  // namespace plumbline
