#include "plumbline/stats/normal.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "plumbline/base/test_support.h"
#include "plumbline/stats/golden_intervals_for_test.h"

namespace plumbline {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

void ExpectClose(double found, double expected) {
  EXPECT_NEAR(found, expected, 1e-13 * std::abs(expected));
}

TEST(Normal, EqualsScipyFarIntoBothTails) {
  const Json golden = IntervalsGolden("distributions");
  for (const Json& row : golden["cdf"]) {
    SCOPED_TRACE(row.dump());
    EXPECT_NEAR(NormalCdf(row[0]), row[1], 1e-12 * row[1].get<double>());
  }
  for (const Json& row : golden["quantile"]) {
    SCOPED_TRACE(row.dump());
    ExpectClose(NormalQuantile(row[0]), row[1]);
  }
  for (const Json& row : golden["two_sided_p"]) {
    SCOPED_TRACE(row.dump());
    EXPECT_NEAR(TwoSidedNormalP(row[0]), row[1], 1e-12 * row[1].get<double>());
  }
}

TEST(ChiSquared, EqualsScipy) {
  for (const Json& row : IntervalsGolden("distributions", "chi_squared")) {
    SCOPED_TRACE(row.dump());
    EXPECT_NEAR(ChiSquaredUpperTail(row[0], row[1]), row[2],
                1e-11 * row[2].get<double>());
  }
}

TEST(Student, EqualsScipy) {
  for (const Json& row : IntervalsGolden("distributions", "student")) {
    SCOPED_TRACE(row.dump());
    EXPECT_NEAR(StudentQuantile(row[0], row[1]), row[2],
                1e-10 * std::abs(row[2].get<double>()));
  }
}

// scipy.stats.t 1.10: 2 * sf(2, 5), 2 * sf(12, 3); t tables: 2.36462425159278.
TEST(Student, HasTwoSidedTails) {
  EXPECT_NEAR(TwoSidedStudentP(-2, 5), 0.10193947882, 1e-11);
  EXPECT_NEAR(TwoSidedStudentP(12, 3), 0.00124501580079, 1e-13);
  EXPECT_NEAR(TwoSidedT(0.95, 7), 2.36462425159278, 1e-12);
  EXPECT_EQ(TwoSidedStudentP(1.5, kInfinity), TwoSidedNormalP(1.5));
  EXPECT_EQ(TwoSidedStudentP(kInfinity, 4), 0);
  EXPECT_TRUE(std::isnan(TwoSidedStudentP(1, 0)));
}

TEST(Student, IsNormalWithInfiniteDegrees) {
  EXPECT_EQ(StudentQuantile(0.9, kInfinity), NormalQuantile(0.9));
}

TEST(NormalQuantile, IsTheInverseOfTheCdf) {
  for (double p = 0.001; p < 1; p += 0.001) {
    EXPECT_NEAR(NormalCdf(NormalQuantile(p)), p, 1e-14);
  }
}

TEST(TwoSidedZ, IsTheQuantileOfTheUpperTail) {
  EXPECT_NEAR(TwoSidedZ(0.95), 1.959963984540054, 1e-14);
  EXPECT_NEAR(TwoSidedZ(0.5), NormalQuantile(0.75), 1e-14);
}

TEST(Distributions, GiveTheLimitsAtTheEndsAndNaNOutside) {
  EXPECT_EQ(NormalQuantile(0), -kInfinity);
  EXPECT_EQ(NormalQuantile(1), kInfinity);
  EXPECT_EQ(StudentQuantile(0, 3), -kInfinity);
  EXPECT_EQ(StudentQuantile(1, 3), kInfinity);
  EXPECT_EQ(ChiSquaredUpperTail(0, 2), 1);
  EXPECT_EQ(ChiSquaredUpperTail(kInfinity, 2), 0);
  EXPECT_EQ(TwoSidedNormalP(kInfinity), 0);
  for (const double bad : {-0.1, 1.1, kNaN}) {
    EXPECT_TRUE(std::isnan(NormalQuantile(bad)));
    EXPECT_TRUE(std::isnan(StudentQuantile(bad, 3)));
  }
  EXPECT_TRUE(std::isnan(StudentQuantile(0.5, 0)));
  EXPECT_TRUE(std::isnan(ChiSquaredUpperTail(1, 0)));
  EXPECT_TRUE(std::isnan(ChiSquaredUpperTail(kNaN, 1)));
}

TEST(CheckLevel, SaysHowToWriteAPercentage) {
  EXPECT_EQ(ErrorText([] { CheckLevel(95); }),
            "2: the level of an interval must lie between 0 and 1, found 95; "
            "write 0.95 for 95 %");
  EXPECT_THROW(CheckLevel(1), Error);
  EXPECT_THROW(CheckLevel(0), Error);
  EXPECT_THROW(CheckLevel(kNaN), Error);
}

}  // namespace
}  // namespace plumbline
