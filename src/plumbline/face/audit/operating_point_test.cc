#include <gtest/gtest.h>

#include <cmath>

#include "plumbline/base/error.h"
#include "plumbline/face/audit/face_options.h"

namespace plumbline::face {
namespace {

TEST(ParseOperatingPoint, ReadsTargetsAndThresholds) {
  EXPECT_EQ(ParseOperatingPoint("fmr=0.01").target, 0.01);
  EXPECT_TRUE(std::isnan(ParseOperatingPoint("0.62").target));
  EXPECT_EQ(ParseOperatingPoint("-3e2").value, -300);
}

TEST(ParseOperatingPoint, ShowsTheRightForm) {
  for (const char* text : {"fmr=0", "fmr=1", "fmr=x", "far=0.1", "", "nan"}) {
    EXPECT_THROW(ParseOperatingPoint(text), Error) << text;
  }
  try {
    ParseOperatingPoint("far=0.1");
  } catch (const Error& error) {
    EXPECT_STREQ(error.what(),
                 "--at far=0.1: expected fmr=F with F above 0 and below 1, "
                 "such as fmr=0.001, or a threshold such as 0.62");
  }
}

}  // namespace
}  // namespace plumbline::face
