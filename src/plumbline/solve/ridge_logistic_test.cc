#include "plumbline/solve/ridge_logistic.h"

#include <gtest/gtest.h>

#include <cmath>

namespace plumbline {
namespace {

// scikit-learn 1.2, LogisticRegression(C=1, tol=1e-12) on these rows.
TEST(FitRidgeLogistic, EqualsScikitLearn) {
  const std::vector<double> x = {0.5,  1, -1.2, 0, 2.0, 1, 0.3, 0, 1.1,  1,
                                 -0.4, 1, -2.0, 0, 0.8, 0, 1.7, 0, -0.9, 1};
  const std::vector<uint8_t> y = {1, 0, 1, 0, 1, 0, 0, 1, 1, 0};
  const auto b = FitRidgeLogistic(x, y, 2, 1.0);
  EXPECT_NEAR(b[0], 1.398970282, 1e-6);
  EXPECT_NEAR(b[1], 0.184891015, 1e-6);
  EXPECT_NEAR(b[2], -0.429936256, 1e-6);
}

TEST(FitRidgeLogistic, HasAnAnswerWhereClassesAreSeparate) {
  const std::vector<double> x = {-2, -1, 1, 2};
  const std::vector<uint8_t> y = {0, 0, 1, 1};
  const auto b = FitRidgeLogistic(x, y, 1, 0.01);
  EXPECT_GT(b[0], 1);
  EXPECT_TRUE(std::isfinite(b[0]));
  EXPECT_NEAR(b[1], 0, 1e-6);
}

}  // namespace
}  // namespace plumbline
