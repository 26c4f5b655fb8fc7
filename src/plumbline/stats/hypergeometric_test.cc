#include "plumbline/stats/hypergeometric.h"

#include <gtest/gtest.h>

#include <cmath>

namespace plumbline {
namespace {

// P(2 of 5 marked among 10 in 4 draws) = 10 * 10 / 210, and so on.
TEST(NextHypergeometric, HasTheProbabilitiesOfTheDefinition) {
  RandomStream random(3, "balls");
  std::vector<int> seen(5, 0);
  constexpr int kDraws = 100'000;
  for (int i = 0; i < kDraws; ++i)
    ++seen[NextHypergeometric(5, 10, 4, &random)];
  const double expected[] = {5.0 / 210, 50.0 / 210, 100.0 / 210, 50.0 / 210,
                             5.0 / 210};
  for (int k = 0; k < 5; ++k) {
    const double p = expected[k];
    EXPECT_NEAR(seen[k] / double{kDraws}, p,
                4.5 * std::sqrt(p * (1 - p) / kDraws));
  }
}

TEST(NextHypergeometric, HasMeanAndVarianceForLargeNumbers) {
  RandomStream random(4, "balls");
  constexpr double kTotal = 1e6, kMarked = 3e5, kTaken = 2e5;
  double sum = 0, squares = 0;
  constexpr int kDraws = 4000;
  const double mean = kTaken * kMarked / kTotal;
  for (int i = 0; i < kDraws; ++i) {
    const double x = static_cast<double>(
        NextHypergeometric(300'000, 1'000'000, 200'000, &random));
    sum += x - mean;
    squares += (x - mean) * (x - mean);
  }
  const double variance = kTaken * 0.3 * 0.7 * (kTotal - kTaken) / (kTotal - 1);
  EXPECT_NEAR(sum / kDraws, 0, 4.5 * std::sqrt(variance / kDraws));
  EXPECT_NEAR(squares / kDraws / variance, 1, 4.5 * std::sqrt(2.0 / kDraws));
}

TEST(DrawTable, KeepsTheMargins) {
  RandomStream random(5, "table");
  const std::vector<int64_t> rows = {10, 0, 25}, columns = {5, 20, 10};
  std::vector<int64_t> table;
  for (int i = 0; i < 200; ++i) {
    DrawTable(rows, columns, &random, &table);
    for (int r = 0; r < 3; ++r) {
      EXPECT_EQ(table[3 * r] + table[3 * r + 1] + table[3 * r + 2], rows[r]);
      EXPECT_EQ(table[r] + table[3 + r] + table[6 + r], columns[r]);
    }
  }
}

}  // namespace
}  // namespace plumbline
