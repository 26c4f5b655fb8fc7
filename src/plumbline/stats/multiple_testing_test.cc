#include "plumbline/stats/multiple_testing.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "plumbline/base/random.h"
#include "plumbline/stats/golden_for_test.h"

namespace plumbline {
namespace {

using Adjust = std::vector<double> (*)(std::span<const double>);
constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

struct Method {
  const char* name;
  Adjust adjust;
};
constexpr Method kMethods[] = {
    {"holm", Holm}, {"bh", BenjaminiHochberg}, {"by", BenjaminiYekutieli}};

TEST(MultipleTesting, EqualsStatsmodels) {
  for (const Json& family : GoldenCases("multiple_testing")) {
    const std::vector<double> p = Numbers(family["p"]);
    for (const Method& method : kMethods) {
      SCOPED_TRACE(method.name);
      const std::vector<double> expected = Numbers(family[method.name]);
      const std::vector<double> adjusted = method.adjust(p);
      ASSERT_EQ(adjusted.size(), expected.size());
      for (size_t i = 0; i < expected.size(); ++i) {
        EXPECT_NEAR(adjusted[i], expected[i], 1e-10 * expected[i]);
      }
    }
  }
}

// By hand: 0.005 * 4, 0.01 * 3, 0.03 * 2, then 0.04 * 1 raised to 0.06.
TEST(Holm, MultipliesBySmallerFactorsAndNeverFallsBack) {
  const std::vector<double> adjusted =
      Holm(std::vector<double>{0.01, 0.04, 0.03, 0.005});
  EXPECT_NEAR(adjusted[0], 0.03, 1e-15);
  EXPECT_NEAR(adjusted[1], 0.06, 1e-15);
  EXPECT_NEAR(adjusted[2], 0.06, 1e-15);
  EXPECT_NEAR(adjusted[3], 0.02, 1e-15);
}

TEST(MultipleTesting, LeavesOutWhatIsNaNAsIfItHadNeverBeenTested) {
  for (const Method& method : kMethods) {
    SCOPED_TRACE(method.name);
    const std::vector<double> with_gaps = method.adjust(
        std::vector<double>{kNan, 0.01, 0.04, kNan, 0.03, 0.005, kNan});
    const std::vector<double> without =
        method.adjust(std::vector<double>{0.01, 0.04, 0.03, 0.005});
    EXPECT_TRUE(std::isnan(with_gaps[0]));
    EXPECT_TRUE(std::isnan(with_gaps[3]));
    EXPECT_TRUE(std::isnan(with_gaps[6]));
    EXPECT_EQ(with_gaps[1], without[0]);
    EXPECT_EQ(with_gaps[2], without[1]);
    EXPECT_EQ(with_gaps[4], without[2]);
    EXPECT_EQ(with_gaps[5], without[3]);
  }
}

TEST(MultipleTesting, LeavesASingleTestAndAnEmptyFamilyAlone) {
  for (const Method& method : kMethods) {
    EXPECT_EQ(method.adjust(std::vector<double>{0.03})[0], 0.03);
    EXPECT_TRUE(method.adjust(std::vector<double>{}).empty());
    EXPECT_TRUE(std::isnan(method.adjust(std::vector<double>{kNan})[0]));
  }
}

TEST(MultipleTesting, GivesEqualPValuesEqualAdjustedOnesAtMostOne) {
  for (const Method& method : kMethods) {
    const std::vector<double> adjusted =
        method.adjust(std::vector<double>{0.9, 0.02, 0.9, 0.02, 1.0});
    EXPECT_EQ(adjusted[0], adjusted[2]);
    EXPECT_EQ(adjusted[1], adjusted[3]);
    for (const double p : adjusted) EXPECT_LE(p, 1.0);
  }
}

// 400 families of 10 true nulls: the share with any rejection is at most 5 %
// plus 4 standard errors.
TEST(Holm, KeepsTheFamilyWiseErrorOfTrueNulls) {
  RandomStream random(1, "holm test");
  int families_with_error = 0;
  for (int family = 0; family < 400; ++family) {
    std::vector<double> p(10);
    for (double& value : p) value = random.NextUniform();
    bool any = false;
    for (const double adjusted : Holm(p)) any = any || adjusted <= 0.05;
    families_with_error += any;
  }
  EXPECT_LE(families_with_error, 20 + 4 * std::sqrt(400 * 0.05 * 0.95));
  EXPECT_GE(families_with_error, 5);  // and it is not merely powerless
}

}  // namespace
}  // namespace plumbline
