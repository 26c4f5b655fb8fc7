// Which rows an epoch trains on, in which order.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace plumbline::train {

// A permutation of 0 to n - 1, a function of seed and epoch alone.
std::vector<int64_t> ShuffledOrder(int64_t n, uint64_t seed, int epoch);

// n draws of 0 to n - 1 so that every stratum is drawn equally often (to one):
// within a stratum all once, in random order, before any is drawn again. Rows
// with the stratum -1 form one of their own. strata: n codes.
std::vector<int64_t> BalancedOrder(std::span<const int32_t> strata,
                                   uint64_t seed, int epoch);

}  // namespace plumbline::train
