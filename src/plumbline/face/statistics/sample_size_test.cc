#include "plumbline/face/statistics/sample_size.h"

#include <gtest/gtest.h>

#include <cmath>

#include "plumbline/base/error.h"

namespace plumbline::face {
namespace {

TEST(ErrorsForPrecision, Are43For30PercentAnd384For10Percent) {
  EXPECT_NEAR(ErrorsForPrecision(0.3, 1), 42.68, 0.01);
  EXPECT_NEAR(ErrorsForPrecision(0.1, 1), 384.1, 0.1);
  EXPECT_NEAR(ErrorsForPrecision(0.1, 5), 5 * 384.1, 0.5);
}

TEST(ErrorsForRatio, EqualsTheTableOfTheSpecification) {
  EXPECT_NEAR(ErrorsForRatio(1.25, 1), 284, 0.5);
  EXPECT_NEAR(ErrorsForRatio(1.5, 1), 80, 0.5);
  EXPECT_NEAR(ErrorsForRatio(2, 1), 24.5, 0.05);
  EXPECT_NEAR(ErrorsForRatio(3, 1), 8.7, 0.05);
  EXPECT_NEAR(ErrorsForRatio(10, 1), 1.6, 0.05);
}

TEST(SmallestRatio, UndoesErrorsForRatio) {
  for (const double ratio : {1.1, 1.5, 4.0, 30.0}) {
    EXPECT_NEAR(SmallestRatio(ErrorsForRatio(ratio, 3), 3), ratio,
                1e-6 * ratio);
  }
  EXPECT_TRUE(std::isinf(SmallestRatio(0, 1)));
}

TEST(SubjectsForErrors, Needs4950SubjectsForARatioOf2At1In100000) {
  // 24.5 errors, design effect 5, FMR 1e-5: 1.2e7 pairs.
  EXPECT_NEAR(static_cast<double>(SubjectsForErrors(24.5 * 5, 1e-5)), 4950, 1);
}

TEST(SampleSize, RefusesWhatIsNoRatioOrPrecision) {
  EXPECT_THROW(ErrorsForRatio(1, 1), Error);
  EXPECT_THROW(ErrorsForPrecision(0, 1), Error);
}

}  // namespace
}  // namespace plumbline::face
