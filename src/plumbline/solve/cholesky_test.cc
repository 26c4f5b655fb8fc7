#include "plumbline/solve/cholesky.h"

#include <gtest/gtest.h>

namespace plumbline {
namespace {

const std::vector<double> kMatrix = {4, 2, -2, 2, 10, 2, -2, 2, 6};

TEST(Cholesky, SolvesASystem) {
  const Cholesky cholesky(kMatrix, 3);
  ASSERT_TRUE(cholesky.ok());
  // A (1, -2, 3)' by hand.
  std::vector<double> b = {-6, -12, 12};
  cholesky.Solve(b);
  EXPECT_NEAR(b[0], 1, 1e-14);
  EXPECT_NEAR(b[1], -2, 1e-14);
  EXPECT_NEAR(b[2], 3, 1e-14);
}

TEST(Cholesky, InverseTimesMatrixIsIdentity) {
  const std::vector<double> inverse = Cholesky(kMatrix, 3).Inverse();
  for (size_t i = 0; i < 3; ++i) {
    for (size_t j = 0; j < 3; ++j) {
      double sum = 0;
      for (size_t k = 0; k < 3; ++k) {
        sum += kMatrix[i * 3 + k] * inverse[k * 3 + j];
      }
      EXPECT_NEAR(sum, i == j ? 1 : 0, 1e-14);
    }
  }
}

TEST(Cholesky, RefusesASingularMatrix) {
  EXPECT_FALSE(Cholesky(std::vector<double>{1, 2, 2, 4}, 2).ok());
  EXPECT_FALSE(Cholesky(std::vector<double>{1, 2, 2, 3}, 2).ok());
}

TEST(SemidefiniteFactor, GivesBackASingularMatrix) {
  // Ranks 2 of 3: the last row is the sum of the others.
  const std::vector<double> a = {2, 1, 3, 1, 2, 3, 3, 3, 6};
  const std::vector<double> l = SemidefiniteFactor(a, 3);
  for (size_t i = 0; i < 3; ++i) {
    for (size_t j = 0; j < 3; ++j) {
      double sum = 0;
      for (size_t k = 0; k < 3; ++k) sum += l[i * 3 + k] * l[j * 3 + k];
      EXPECT_NEAR(sum, a[i * 3 + j], 1e-12);
    }
  }
}

TEST(IndependentColumns, LeavesOutSumsOfEarlierOnes) {
  const std::vector<double> a = {2, 1, 3, 1, 2, 3, 3, 3, 6};
  EXPECT_EQ(IndependentColumns(a, 3), (std::vector<size_t>{0, 1}));
  EXPECT_EQ(IndependentColumns(kMatrix, 3), (std::vector<size_t>{0, 1, 2}));
}

}  // namespace
}  // namespace plumbline
