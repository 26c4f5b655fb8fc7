// Cluster ids (subjects) as consecutive numbers.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace plumbline {

struct DenseClusters {
  std::vector<uint32_t> ids;  // one a row, 0 to count - 1
  uint32_t count = 0;
};

// Numbers the clusters in the order of their first row, so that what is summed
// over clusters does not depend on how they were numbered before. Linear time.
DenseClusters NumberClusters(std::span<const uint32_t> clusters);

}  // namespace plumbline
