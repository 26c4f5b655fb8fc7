#include "plumbline/stats/inequality.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <vector>

#include "plumbline/base/error.h"
#include "plumbline/stats/golden_for_test.h"

namespace plumbline {
namespace {

using Values = std::vector<double>;
constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr double kInfinity = std::numeric_limits<double>::infinity();

TEST(Inequality, EqualsTheDefinitionsAsDoubleLoops) {
  for (const Json& c : GoldenCases("inequality")) {
    const Values values = Numbers(c["values"]);
    const Values weights = Numbers(c["weights"]);
    EXPECT_NEAR(Gini(values, weights), c["gini"], 1e-10);
    EXPECT_NEAR(TheilIndex(values, weights), c["theil"], 1e-10);
  }
}

TEST(Inequality, IsZeroWhenAllGroupsAreEqual) {
  EXPECT_EQ(Gini(Values{0.3, 0.3, 0.3}, Values{1, 50, 7}), 0);
  EXPECT_NEAR(TheilIndex(Values{0.3, 0.3, 0.3}, Values{1, 50, 7}), 0, 1e-15);
}

// One of n equal groups has everything: Gini 1 - 1/n, Theil ln n.
TEST(Inequality, ReachesItsMaximumWhenOneGroupHasAll) {
  const Values all_in_one = {0, 0, 0, 0, 2};
  const Values equal(5, 3.0);
  EXPECT_NEAR(Gini(all_in_one, equal), 0.8, 1e-12);
  EXPECT_NEAR(TheilIndex(all_in_one, equal), std::log(5), 1e-12);
}

TEST(Inequality, CountsAGroupOfWeightTwoAsTwoGroups) {
  const Values values = {0.1, 0.4, 0.8};
  const Values doubled = {0.1, 0.4, 0.4, 0.8};
  EXPECT_NEAR(Gini(values, Values{1, 2, 1}), Gini(doubled, Values{1, 1, 1, 1}),
              1e-15);
  EXPECT_NEAR(TheilIndex(values, Values{1, 2, 1}),
              TheilIndex(doubled, Values{1, 1, 1, 1}), 1e-15);
}

TEST(Inequality, DoesNotDependOnTheUnitOrTheOrder) {
  const Values weights = {4, 1, 9};
  EXPECT_NEAR(Gini(Values{2, 5, 3}, weights),
              Gini(Values{200, 500, 300}, weights), 1e-15);
  EXPECT_NEAR(TheilIndex(Values{2, 5, 3}, weights),
              TheilIndex(Values{3, 2, 5}, Values{9, 4, 1}), 1e-15);
}

TEST(Inequality, LeavesOutNonFiniteValuesWithTheirWeights) {
  const Values with = {0.1, kNan, 0.4, kInfinity, 0.8};
  const Values weights = {1, 100, 2, 100, 3};
  EXPECT_EQ(Gini(with, weights), Gini(Values{0.1, 0.4, 0.8}, Values{1, 2, 3}));
  EXPECT_EQ(TheilIndex(with, weights),
            TheilIndex(Values{0.1, 0.4, 0.8}, Values{1, 2, 3}));
}

TEST(Inequality, IsNaNWhereItMeansNothing) {
  for (const Values& values :
       {Values{}, Values{0.4, kNan}, Values{0, 0}, Values{-0.1, 0.4}}) {
    const Values weights(values.size(), 1.0);
    EXPECT_TRUE(std::isnan(Gini(values, weights)));
    EXPECT_TRUE(std::isnan(TheilIndex(values, weights)));
  }
  EXPECT_TRUE(std::isnan(Gini(Values{0.2, 0.4}, Values{1, 0})));
}

TEST(Inequality, SaysSoWhenWeightsAreMissing) {
  try {
    Gini(Values{0.1, 0.2}, Values{1});
    FAIL() << "accepted 1 weight for 2 values";
  } catch (const Error& error) {
    EXPECT_STREQ(error.what(),
                 "an inequality needs one weight a value, found 2 values and "
                 "1 weights");
  }
}

}  // namespace
}  // namespace plumbline
