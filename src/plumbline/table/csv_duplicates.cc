#include "plumbline/table/csv_duplicates.h"

#include <algorithm>
#include <bit>
#include <vector>

#include "plumbline/base/thread_pool.h"

namespace plumbline::csv {
namespace {

constexpr uint64_t kMostParts = 32;
// Rows of one part whose table still fits a second-level cache.
constexpr uint64_t kRowsInCache = 64 << 10;

// Finds the duplicates among the hashes whose top bits are `part`. Equal hashes
// are always in the same part.
Duplicates FindInPart(std::span<const uint64_t> hashes, uint64_t part,
                      int part_bits) {
  const auto is_in_part = [=](uint64_t hash) {
    return part_bits == 0 || hash >> (64 - part_bits) == part;
  };
  const size_t members =
      std::count_if(hashes.begin(), hashes.end(), is_in_part);
  constexpr int64_t kEmpty = -1;
  std::vector<int64_t> slots(std::bit_ceil(members + members / 2 + 1), kEmpty);
  const size_t mask = slots.size() - 1;

  Duplicates found;
  for (size_t row = 0; row < hashes.size(); ++row) {
    const uint64_t hash = hashes[row];
    if (!is_in_part(hash)) continue;
    size_t at = hash & mask;
    while (slots[at] != kEmpty && hashes[slots[at]] != hash) {
      at = (at + 1) & mask;
    }
    if (slots[at] == kEmpty) {
      slots[at] = static_cast<int64_t>(row);
    } else if (found.count++ == 0) {
      found.first = static_cast<int64_t>(row);
      found.first_of = slots[at];
    }
  }
  return found;
}

}  // namespace

Duplicates FindDuplicates(std::span<const uint64_t> hashes, int threads) {
  const uint64_t parts = std::bit_ceil(
      std::clamp<uint64_t>(hashes.size() / kRowsInCache, 1, kMostParts));
  const int part_bits = std::countr_zero(parts);
  std::vector<Duplicates> found(parts);
  ParallelFor(static_cast<int64_t>(parts), threads, [&](int64_t part) {
    found[part] = FindInPart(hashes, part, part_bits);
  });
  Duplicates all;
  for (const Duplicates& part : found) {
    all.count += part.count;
    if (part.first < 0) continue;
    if (all.first < 0 || part.first < all.first) {
      all.first = part.first;
      all.first_of = part.first_of;
    }
  }
  return all;
}

}  // namespace plumbline::csv
