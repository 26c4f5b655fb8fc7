#include "plumbline/solve/little_mcar.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "plumbline/base/random.h"

namespace plumbline {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

// Two columns of which the second is missing in two rows. The likelihood
// factors, so that the estimates have closed forms; the test is then the one of
// the first column's means between patterns, with its variance over all rows:
// (3.5 - 4.5)^2 ... computed with numpy from the closed forms.
TEST(LittleMcar, EqualsTheClosedFormForOneIncompleteColumn) {
  const std::vector<double> x = {1, 2, 2, 3, 3, 5,    4, 4,
                                 5, 7, 6, 6, 7, kNaN, 8, kNaN};
  const LittleTest test = LittleMcar(x, 2);
  ASSERT_STREQ(test.reason, "");
  EXPECT_EQ(test.patterns, 2);
  EXPECT_EQ(test.degrees, 1);
  // Variance over all 8 (divisor 8) is 5.25; means 3.5 (6 rows), 7.5 (2 rows),
  // 4.5: 6 * 1 / 5.25 + 2 * 9 / 5.25.
  EXPECT_NEAR(test.chi_squared, 24 / 5.25, 1e-6);
  EXPECT_NEAR(test.p, std::erfc(std::sqrt(24 / 5.25 / 2)), 1e-6);
}

// 300 tables whose values are missing at random: p is uniform, within 4.5
// standard errors.
TEST(LittleMcar, HoldsItsLevel) {
  RandomStream random(2, "rows");
  int below = 0;
  constexpr int kTables = 300;
  for (int t = 0; t < kTables; ++t) {
    std::vector<double> x;
    for (int row = 0; row < 200; ++row) {
      const double common = random.NextNormal();
      for (int c = 0; c < 3; ++c) {
        x.push_back(random.NextUniform() < 0.2 ? kNaN
                                               : common + random.NextNormal());
      }
    }
    below += LittleMcar(x, 3).p < 0.1;
  }
  EXPECT_NEAR(below / double{kTables}, 0.1, 4.5 * std::sqrt(0.09 / kTables));
}

TEST(LittleMcar, SeesValuesThatAreMissingWhereOthersAreLarge) {
  RandomStream random(3, "rows");
  std::vector<double> x;
  for (int row = 0; row < 400; ++row) {
    const double first = random.NextNormal();
    x.push_back(first);
    x.push_back(first > 0.5 ? kNaN : random.NextNormal());
  }
  EXPECT_LT(LittleMcar(x, 2).p, 1e-6);
}

TEST(LittleMcar, SaysWhyNot) {
  EXPECT_STREQ(LittleMcar(std::vector<double>(40, 1.0), 2).reason,
               "nothing_missing");
  std::vector<double> x(40, 1.0);
  x[3] = kNaN;
  EXPECT_STREQ(LittleMcar(x, 2).reason, "no_spread");
  EXPECT_STREQ(LittleMcar(std::vector<double>(4, 1.0), 2).reason,
               "too_few_rows");
}

}  // namespace
}  // namespace plumbline
