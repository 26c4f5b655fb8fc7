// The order of values, found once and used by every statistic of ranks.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace plumbline {

// Row numbers by ascending value; rows of equal value (0 and -0 are equal) stay
// in row order. Linear time: radix sort, and values that are in order already
// cost one comparison each.
//
// Throws Error(kInvalidInput) if a value is not finite, Error(kOutOfResources)
// if there are 2^32 values or more. `what` names the values in the message:
// "scores must be finite numbers, found nan at position 3 (counted from 0)".
std::vector<uint32_t> SortOrder(std::span<const double> values,
                                const char* what = "values");

}  // namespace plumbline
