#include "plumbline/stats/clusters.h"

#include <gtest/gtest.h>

namespace plumbline {
namespace {

TEST(NumberClusters, CountsInTheOrderOfTheFirstRow) {
  const DenseClusters dense =
      NumberClusters(std::vector<uint32_t>{7, 3, 7, 900, 3, 0});
  EXPECT_EQ(dense.ids, (std::vector<uint32_t>{0, 1, 0, 2, 1, 3}));
  EXPECT_EQ(dense.count, 4u);
}

TEST(NumberClusters, DoesNotCareHowLargeTheIdsAre) {
  const DenseClusters dense = NumberClusters(
      std::vector<uint32_t>{4294967295u, 4000000000u, 4294967295u, 0});
  EXPECT_EQ(dense.ids, (std::vector<uint32_t>{0, 1, 0, 2}));
  EXPECT_EQ(dense.count, 3u);
}

TEST(NumberClusters, FindsNoneAmongNoRows) {
  EXPECT_EQ(NumberClusters({}).count, 0u);
}

}  // namespace
}  // namespace plumbline
