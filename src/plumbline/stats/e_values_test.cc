#include "plumbline/stats/e_values.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace plumbline {
namespace {

std::vector<bool> Reject(std::vector<double> e, double alpha) {
  for (double& value : e) value = std::log(value);
  return EBenjaminiHochberg(e, alpha);
}

// n / alpha = 80: the largest needs 80, the two largest 40 each, then 26.7, 20.
TEST(EBenjaminiHochberg, TakesTheLongestRowThatIsLargeEnough) {
  using V = std::vector<bool>;
  EXPECT_EQ(Reject({79, 1, 1, 1}, 0.05), (V{false, false, false, false}));
  EXPECT_EQ(Reject({81, 1, 1, 1}, 0.05), (V{true, false, false, false}));
  EXPECT_EQ(Reject({41, 1, 45, 1}, 0.05), (V{true, false, true, false}));
  EXPECT_EQ(Reject({21, 21, 21, 21}, 0.05), (V{true, true, true, true}));
}

TEST(EBenjaminiHochberg, LeavesOutWhatIsNotTested) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  EXPECT_EQ(Reject({nan, 21, nan}, 0.05),
            (std::vector<bool>{false, true, false}));
  EXPECT_TRUE(EBenjaminiHochberg({}, 0.05).empty());
}

}  // namespace
}  // namespace plumbline
