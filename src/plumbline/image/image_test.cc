#include "plumbline/image/image.h"

#include <gtest/gtest.h>

#include "plumbline/base/test_support.h"

namespace plumbline {
namespace {

TEST(Image, GreyOfGreyColoursIsTheSameGrey) {
  for (int value = 0; value < 256; ++value) {
    Image colour = MakeImage(1, 1, 3, 1);
    for (uint8_t& sample : colour.data) sample = static_cast<uint8_t>(value);
    EXPECT_EQ(ToGrey(colour).data[0], value);
  }
  Image wide = MakeImage(1, 1, 3, 2);
  for (const int value : {0, 1, 32767, 65534, 65535}) {
    for (uint16_t& sample : wide.samples16()) {
      sample = static_cast<uint16_t>(value);
    }
    EXPECT_EQ(ToGrey(wide).samples16()[0], value);
  }
}

TEST(Image, GreyWeighsGreenMost) {
  Image colour = MakeImage(3, 1, 3, 1);
  colour.data = {255, 0, 0, 0, 255, 0, 0, 0, 255};
  const Image grey = ToGrey(colour);
  EXPECT_EQ(grey.data, (std::vector<uint8_t>{54, 182, 18}));
}

TEST(Image, WideAndBackIsTheSame) {
  Image image = MakeImage(16, 16, 1, 1);
  for (size_t i = 0; i < image.data.size(); ++i) {
    image.data[i] = static_cast<uint8_t>(i);
  }
  const Image wide = ToUint16(image);
  EXPECT_EQ(wide.samples16()[255], 65535);
  EXPECT_EQ(ToUint8(wide).data, image.data);
}

TEST(Image, SaysWhatItsLimitsAre) {
  EXPECT_EQ(ErrorText([] { MakeImage(0, 5, 1, 1); }),
            "3: an image of 0 x 5 pixels has no pixels");
  EXPECT_EQ(ErrorText([] { MakeImage(65535, 65535, 1, 2); }),
            "3: an image of 65535 x 65535 pixels is larger than the limit of "
            "268435456 pixels");
}

}  // namespace
}  // namespace plumbline
