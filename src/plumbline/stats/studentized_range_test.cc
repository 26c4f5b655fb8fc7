#include "plumbline/stats/studentized_range.h"

#include <gtest/gtest.h>

#include <cmath>

#include "plumbline/base/error.h"

namespace plumbline {
namespace {

// Harter 1960, Ann. Math. Stat. 31:1122-1147, upper 5 % points, infinite
// degrees of freedom.
TEST(StudentizedRangeQuantile, EqualsThePublishedTable) {
  EXPECT_NEAR(StudentizedRangeQuantile(0.95, 2), 2.772, 5e-4);
  EXPECT_NEAR(StudentizedRangeQuantile(0.95, 3), 3.314, 5e-4);
  EXPECT_NEAR(StudentizedRangeQuantile(0.95, 5), 3.858, 5e-4);
  EXPECT_NEAR(StudentizedRangeQuantile(0.95, 10), 4.474, 5e-4);
  EXPECT_NEAR(StudentizedRangeQuantile(0.95, 20), 5.012, 5e-4);
}

TEST(StudentizedRangeQuantile, OfTwoGroupsIsTheNormalQuantileTimesRootTwo) {
  EXPECT_NEAR(StudentizedRangeQuantile(0.95, 2), 1.959963985 * std::sqrt(2.0),
              1e-7);
}

TEST(StudentizedRangeQuantile, RefusesOneGroup) {
  EXPECT_THROW(StudentizedRangeQuantile(0.95, 1), Error);
}

}  // namespace
}  // namespace plumbline
