// Tables with given margins, at random.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "plumbline/base/random.h"

namespace plumbline {

// How many of `draws` balls drawn without replacement from `total`, of which
// `marked` are marked, are marked. Exact, by inversion from the mode outwards;
// time grows with the standard deviation.
int64_t NextHypergeometric(int64_t marked, int64_t total, int64_t draws,
                           RandomStream* random);

// A table (row-major) with these margins as permuting the labels of rows gives
// it: cells are drawn one after the other. The sums must be equal.
void DrawTable(std::span<const int64_t> row_totals,
               std::span<const int64_t> column_totals, RandomStream* random,
               std::vector<int64_t>* table);

}  // namespace plumbline
