// Rows that are a copy of an earlier one.
#pragma once

#include <cstdint>
#include <span>

namespace plumbline::csv {

struct Duplicates {
  int64_t count = 0;      // rows that copy an earlier one
  int64_t first = -1;     // the first of them
  int64_t first_of = -1;  // the first row that it copies
};

// Rows count as equal when their hashes are. Two different rows among n get the
// same 64-bit hash with probability n^2 / 2^65: 3e-8 for a million rows, 3e-4
// for a hundred million. `threads` as in ParallelFor.
Duplicates FindDuplicates(std::span<const uint64_t> hashes, int threads);

}  // namespace plumbline::csv
