#include "plumbline/stats/cell_statistic.h"

#include <gtest/gtest.h>

#include <cmath>

#include "plumbline/base/random.h"

namespace plumbline {
namespace {

std::vector<double> Difference(std::span<const double> n) {
  return {n[1] / (n[0] + n[1]) - n[3] / (n[2] + n[3])};
}

// One row a subject: the delta method is the textbook formula, but for
// S / (S - 1).
TEST(CellStatistics, EqualsTheFormulaForIndependentRows) {
  std::vector<int32_t> cells;
  std::vector<uint32_t> subjects;
  const int counts[] = {30, 20, 60, 15};
  for (int c = 0; c < 4; ++c) {
    for (int i = 0; i < counts[c]; ++i) {
      subjects.push_back(static_cast<uint32_t>(cells.size()));
      cells.push_back(c);
    }
  }
  const auto estimate =
      CellStatistics({cells, 4, subjects, 125}, Difference)[0];
  EXPECT_NEAR(estimate.value, 0.4 - 0.2, 1e-12);
  const double expected =
      std::sqrt((0.4 * 0.6 / 50 + 0.2 * 0.8 / 75) * 125 / 124);
  EXPECT_NEAR(estimate.standard_error, expected, 1e-8);
}

// Each row twice, as images of one person: nothing is learnt.
TEST(CellStatistics, IsNotFooledByCopies) {
  std::vector<int32_t> cells, twice;
  std::vector<uint32_t> subjects, of_twice;
  RandomStream random(1, "rows");
  for (uint32_t s = 0; s < 200; ++s) {
    const auto cell = static_cast<int32_t>(random.NextBelow(4));
    cells.push_back(cell);
    subjects.push_back(s);
    for (int i = 0; i < 2; ++i) {
      twice.push_back(cell);
      of_twice.push_back(s);
    }
  }
  const auto once = CellStatistics({cells, 4, subjects, 200}, Difference)[0];
  const auto copied = CellStatistics({twice, 4, of_twice, 200}, Difference)[0];
  EXPECT_NEAR(copied.value, once.value, 1e-12);
  EXPECT_NEAR(copied.standard_error, once.standard_error, 1e-9);
}

TEST(CellStatistics, GivesNoErrorWhereThereIsNoStatistic) {
  const std::vector<int32_t> cells = {0, 0, 1};
  const std::vector<uint32_t> subjects = {0, 1, 2};
  const auto estimate = CellStatistics({cells, 4, subjects, 3}, Difference)[0];
  EXPECT_TRUE(std::isnan(estimate.value));
  EXPECT_TRUE(std::isnan(estimate.standard_error));
  EXPECT_TRUE(std::isnan(TwoSidedP(estimate)));
}

TEST(ProportionOfRows, IsWilsonsForOneRowASubject) {
  const std::vector<int8_t> outcomes = {1, 0, 0, 1, 0, -1, 0, 0, 0, 1, 0};
  std::vector<uint32_t> subjects(11);
  for (uint32_t s = 0; s < 11; ++s) subjects[s] = s;
  const auto p = ProportionOfRows(outcomes, subjects, 11);
  EXPECT_EQ(p.rows, 10);
  EXPECT_EQ(p.positives, 3);
  EXPECT_EQ(p.subjects, 10);
  EXPECT_EQ(p.design_effect, 1);
  // Newcombe 1998a, method 3, for 3 of 10.
  EXPECT_NEAR(p.interval.lo, 0.1078, 5e-5);
  EXPECT_NEAR(p.interval.hi, 0.6032, 5e-5);
}

TEST(ProportionOfRows, FindsTheDesignEffectOfCopies) {
  std::vector<int8_t> outcomes;
  std::vector<uint32_t> subjects;
  for (uint32_t s = 0; s < 100; ++s) {
    for (int i = 0; i < 4; ++i) {
      outcomes.push_back(s % 4 == 0);
      subjects.push_back(s);
    }
  }
  const auto p = ProportionOfRows(outcomes, subjects, 100);
  EXPECT_NEAR(p.design_effect, 4 * 100.0 / 99, 1e-9);
  EXPECT_EQ(p.icc, 1);
  // No positive at all: every image of a person may be alike.
  std::fill(outcomes.begin(), outcomes.end(), int8_t{0});
  EXPECT_EQ(ProportionOfRows(outcomes, subjects, 100).design_effect, 4);
}

}  // namespace
}  // namespace plumbline
