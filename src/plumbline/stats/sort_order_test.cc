#include "plumbline/stats/sort_order.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "plumbline/base/random.h"
#include "plumbline/base/test_support.h"

namespace plumbline {
namespace {

std::vector<uint32_t> StableSort(const std::vector<double>& values) {
  std::vector<uint32_t> order(values.size());
  std::iota(order.begin(), order.end(), 0u);
  std::stable_sort(order.begin(), order.end(), [&](uint32_t a, uint32_t b) {
    return values[a] < values[b];
  });
  return order;
}

// Sizes on both sides of the change of algorithm.
TEST(SortOrder, EqualsAStableSortForEveryKindOfValue) {
  RandomStream random(3, "sort order test");
  for (const size_t size : {0, 1, 2, 50, 1023, 1024, 5000}) {
    std::vector<double> wide(size), ties(size), probabilities(size);
    for (size_t i = 0; i < size; ++i) {
      wide[i] = std::ldexp(random.NextNormal(),
                           static_cast<int>(random.NextBelow(2000)) - 1000);
      ties[i] = static_cast<double>(random.NextBelow(7)) - 3;
      probabilities[i] = random.NextUniform();
    }
    EXPECT_EQ(SortOrder(wide), StableSort(wide));
    EXPECT_EQ(SortOrder(ties), StableSort(ties));
    EXPECT_EQ(SortOrder(probabilities), StableSort(probabilities));
  }
}

TEST(SortOrder, TakesBothZerosForEqual) {
  std::vector<double> values(2000, 0.0);
  for (size_t i = 0; i < values.size(); i += 3) values[i] = -0.0;
  values.back() = -1;
  EXPECT_EQ(SortOrder(values), StableSort(values));
  EXPECT_EQ(SortOrder(std::vector<double>{0.0, -0.0, -1.0}),
            (std::vector<uint32_t>{2, 0, 1}));
}

TEST(SortOrder, KeepsWhatIsInOrder) {
  EXPECT_EQ(SortOrder(std::vector<double>{1, 2, 2, 3}),
            (std::vector<uint32_t>{0, 1, 2, 3}));
}

TEST(SortOrder, SaysWhichValueIsNoNumber) {
  EXPECT_EQ(
      ErrorText([] {
        SortOrder(std::vector<double>{1, 2, std::nan("")}, "scores");
      }),
      "3: scores must be finite numbers, found nan at position 2 (counted from "
      "0)");
  EXPECT_THROW(
      SortOrder(std::vector<double>{-std::numeric_limits<double>::infinity()}),
      Error);
}

}  // namespace
}  // namespace plumbline
