#include "plumbline/stats/clusters.h"

#include <algorithm>
#include <limits>
#include <unordered_map>

namespace plumbline {
namespace {

constexpr uint32_t kUnseen = std::numeric_limits<uint32_t>::max();

// `number(id)` gives a reference to the new number of a cluster, kUnseen at
// first.
template <typename Number>
DenseClusters Renumber(std::span<const uint32_t> clusters, Number&& number) {
  DenseClusters dense;
  dense.ids.reserve(clusters.size());
  for (const uint32_t id : clusters) {
    uint32_t& found = number(id);
    if (found == kUnseen) found = dense.count++;
    dense.ids.push_back(found);
  }
  return dense;
}

}  // namespace

DenseClusters NumberClusters(std::span<const uint32_t> clusters) {
  if (clusters.empty()) return {};
  const uint64_t ids =
      uint64_t{*std::max_element(clusters.begin(), clusters.end())} + 1;
  if (ids <= 4 * clusters.size() + 1024) {
    std::vector<uint32_t> numbers(ids, kUnseen);
    return Renumber(clusters,
                    [&](uint32_t id) -> uint32_t& { return numbers[id]; });
  }
  std::unordered_map<uint32_t, uint32_t> numbers;
  numbers.reserve(clusters.size());
  return Renumber(clusters, [&](uint32_t id) -> uint32_t& {
    return numbers.try_emplace(id, kUnseen).first->second;
  });
}

}  // namespace plumbline
