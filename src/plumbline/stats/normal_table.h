// Standard normal draws by inversion of 32 random bits, for simulations that
// need millions of them. Internal to this folder.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "plumbline/stats/normal.h"

namespace plumbline {

// z with P(Z <= z) = (bits + 1/2) / 2^32: linear interpolation between 4096
// exact quantiles, and the exact quantile in the outer 1/128 on each side.
// Increasing in `bits`; off by at most 1e-4.
class NormalTable {
 public:
  static const NormalTable& Get() {
    static const NormalTable table;
    return table;
  }

  double operator()(uint32_t bits) const {
    const uint32_t cell = bits >> kShift;
    if (cell < kTail || cell >= kCells - kTail) {
      return NormalQuantile((bits + 0.5) * 0x1p-32);
    }
    const double fraction = ((bits & kMask) + 0.5) * (1.0 / (kMask + 1.0));
    const double lower = quantiles_[cell];
    return lower + fraction * (quantiles_[cell + 1] - lower);
  }

 private:
  static constexpr uint32_t kCells = 4096;
  static constexpr uint32_t kTail = kCells / 128;
  static constexpr int kShift = 20;
  static constexpr uint32_t kMask = (1u << kShift) - 1;

  NormalTable() {
    for (uint32_t i = kTail; i <= kCells - kTail; ++i) {
      quantiles_[i] = NormalQuantile(static_cast<double>(i) / kCells);
    }
  }

  std::array<double, kCells + 1> quantiles_{};
};

}  // namespace plumbline
