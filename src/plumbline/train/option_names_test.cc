#include "plumbline/train/option_names.h"

#include <gtest/gtest.h>

#include "plumbline/base/test_support.h"

namespace plumbline::train {
namespace {

TEST(OptionNames, AreReadAsTheyAreWritten) {
  for (const Schedule schedule :
       {Schedule::kCosine, Schedule::kConstant, Schedule::kStep}) {
    EXPECT_EQ(ParseSchedule(NameOf(schedule)), schedule);
  }
  EXPECT_EQ(ErrorText([] { ParsePrecision("bf61"); }),
            "2: --precision bf61: is none; did you mean \"bf16\"?; there are "
            "auto, fp32 and bf16");
}

TEST(ParseAugmentation, TakesRangesByName) {
  const Augmentation a = ParseAugmentation({"none", "flip=0.5", "rotate=15"});
  EXPECT_EQ(TextOf(a),
            "flip=0.5,rotate=15,scale=0,shift=0,brightness=0,contrast=0,"
            "noise=0,erase=0");
  EXPECT_EQ(ErrorText([] { ParseAugmentation({"rotat=3"}); }),
            "2: --augment rotat=3: there is no \"rotat\"; did you mean "
            "\"rotate\"?; there are none, flip, rotate, scale, shift, "
            "brightness, contrast, noise and erase");
  EXPECT_EQ(ErrorText([] { ParseAugmentation({"flip"}); }),
            "2: --augment flip: expected a number after the name, such as "
            "flip=0.1");
}

}  // namespace
}  // namespace plumbline::train
