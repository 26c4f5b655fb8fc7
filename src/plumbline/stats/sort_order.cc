#include "plumbline/stats/sort_order.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <limits>
#include <numeric>
#include <utility>

#include "plumbline/base/error.h"

namespace plumbline {
namespace {

constexpr int kDigitBits = 11;
constexpr int kDigits = 6;  // 6 * 11 bits hold 64
constexpr size_t kBuckets = size_t{1} << kDigitBits;
// Below this many values a comparison sort is quicker than the counting.
constexpr size_t kSmall = 1024;

struct Entry {
  uint64_t key;
  uint32_t row;
};

// Unsigned numbers in the order of the doubles they stand for.
uint64_t Key(double value) {
  const auto bits = std::bit_cast<uint64_t>(value + 0.0);  // -0 becomes 0
  return bits >> 63 ? ~bits : bits | uint64_t{1} << 63;
}

size_t Digit(uint64_t key, int digit) {
  return key >> (digit * kDigitBits) & (kBuckets - 1);
}

// Least significant digit first; a digit that all keys share costs nothing.
void RadixSort(std::vector<Entry>* entries) {
  std::vector<std::array<uint32_t, kBuckets>> counts(kDigits);
  for (const Entry& entry : *entries) {
    for (int digit = 0; digit < kDigits; ++digit) {
      ++counts[digit][Digit(entry.key, digit)];
    }
  }
  std::vector<Entry> other(entries->size());
  for (int digit = 0; digit < kDigits; ++digit) {
    auto& offsets = counts[digit];
    if (offsets[Digit(entries->front().key, digit)] == entries->size()) {
      continue;
    }
    std::exclusive_scan(offsets.begin(), offsets.end(), offsets.begin(),
                        uint32_t{0});
    for (const Entry& entry : *entries) {
      other[offsets[Digit(entry.key, digit)]++] = entry;
    }
    entries->swap(other);
  }
}

void Check(std::span<const double> values, const char* what) {
  if (values.size() > std::numeric_limits<uint32_t>::max()) {
    throw Error(ErrorCode::kOutOfResources,
                "cannot sort {} {}; fewer than 2^32 are supported, so split "
                "the data",
                values.size(), what);
  }
  for (size_t i = 0; i < values.size(); ++i) {
    if (std::isfinite(values[i])) continue;
    throw Error(ErrorCode::kInvalidInput,
                "{} must be finite numbers, found {} at position {} (counted "
                "from 0)",
                what, values[i], i);
  }
}

}  // namespace

std::vector<uint32_t> SortOrder(std::span<const double> values,
                                const char* what) {
  Check(values, what);
  std::vector<uint32_t> order(values.size());
  if (std::is_sorted(values.begin(), values.end())) {
    std::iota(order.begin(), order.end(), uint32_t{0});
    return order;
  }
  std::vector<Entry> entries(values.size());
  for (size_t i = 0; i < values.size(); ++i) {
    entries[i] = {Key(values[i]), static_cast<uint32_t>(i)};
  }
  if (entries.size() < kSmall) {
    std::sort(entries.begin(), entries.end(),
              [](const Entry& a, const Entry& b) {
                return std::pair(a.key, a.row) < std::pair(b.key, b.row);
              });
  } else {
    RadixSort(&entries);
  }
  for (size_t i = 0; i < entries.size(); ++i) order[i] = entries[i].row;
  return order;
}

}  // namespace plumbline
