#include "plumbline/solve/ridge_logistic.h"

#include <gtest/gtest.h>

#include <cmath>

namespace plumbline {
namespace {

// The root of the gradient by scipy 1.10 (the penalised likelihood of
// scikit-learn's LogisticRegression(C=1)).
TEST(FitRidgeLogistic, EqualsScipysRoot) {
  const std::vector<double> x = {0.5,  1, -1.2, 0, 2.0, 1, 0.3, 0, 1.1,  1,
                                 -0.4, 1, -2.0, 0, 0.8, 0, 1.7, 0, -0.9, 1};
  const std::vector<uint8_t> y = {1, 0, 1, 0, 1, 0, 0, 1, 1, 0};
  const auto b = FitRidgeLogistic(x, y, 2, 1.0);
  EXPECT_NEAR(b[0], 1.398954524, 1e-8);
  EXPECT_NEAR(b[1], 0.184889645, 1e-8);
  EXPECT_NEAR(b[2], -0.429921804, 1e-8);
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
