// Proportions drawn by inversion of 32 random bits, for simulations that need
// millions of them. Internal to this folder.
#pragma once

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

#include "plumbline/stats/normal_table.h"

namespace plumbline {

// The proportion k / trials at which P(Binomial(trials, p) <= k) first exceeds
// bits / 2^32. Increasing in the bits, and for the same bits in p.
class BinomialQuantile {
 public:
  // Refills the tables, keeping their memory.
  void Set(int64_t trials, double p) {
    trials_ = static_cast<double>(trials);
    p_ = p;
    deviation_ = std::sqrt(trials_ * p * (1 - p));
    tabulated_ = deviation_ < kLargestTable;
    if (tabulated_) Tabulate();
  }

  double operator()(uint32_t bits) const {
    if (!tabulated_) return FromNormal(bits);
    uint32_t k = guide_[bits >> guide_shift_];
    while (bits > top_[k]) ++k;
    return (first_ + k) / trials_;
  }

  // P(Binomial(trials, p) / trials < x), to about 1e-12.
  double Below(double x) const {
    // The first count that is not below x; equal on paper counts as equal.
    const double count = std::ceil(x * trials_ - 1e-9);
    if (!tabulated_) return NormalBelow(count);
    const double k = count - first_mass_;
    if (k <= 0) return 0;
    if (k >= static_cast<double>(sums_.size())) return 1;
    return sums_[static_cast<size_t>(k)];
  }

  // All but about 1e-13 of the probability lies between these.
  double lowest() const {
    if (tabulated_) return first_mass_ / trials_;
    return p_ - 8.5 * deviation_ / trials_;
  }
  double highest() const {
    if (tabulated_) {
      return (first_mass_ + static_cast<double>(mass_.size()) - 1) / trials_;
    }
    return p_ + 8.5 * deviation_ / trials_;
  }

 private:
  // Standard deviations above which the normal quantile with its skewness
  // term replaces the table: the rest of the Cornish-Fisher series is then
  // below 1e-4 standard deviations.
  static constexpr double kLargestTable = 150;

  double FromNormal(uint32_t bits) const {
    const double z = NormalTable::Get()(bits);
    const double skewness = (1 - 2 * p_) / deviation_;
    const double count =
        trials_ * p_ + deviation_ * (z + skewness * (z * z - 1) / 6);
    return std::clamp(std::floor(count + 0.5), 0.0, trials_) / trials_;
  }

  // P(count < `count`): the inverse of FromNormal.
  double NormalBelow(double count) const {
    const double z = (count - 0.5 - trials_ * p_) / deviation_;
    const double skewness = (1 - 2 * p_) / deviation_;
    return NormalCdf(z - skewness * (z * z - 1) / 6);
  }

  void Tabulate();
  void MakeGuide();

  double trials_ = 1;
  double p_ = 0;
  double deviation_ = 0;
  bool tabulated_ = true;
  double first_ = 0;  // count of the first entry of top_
  // Bits up to and including top_[k] mean the count first_ + k.
  std::vector<uint32_t> top_;
  // Where to start the search, by the leading bits (Chen and Asau 1974,
  // AIIE Trans. 6:163-166).
  std::vector<uint32_t> guide_;
  int guide_shift_ = 31;
  double first_mass_ = 0;  // count of the first entry of mass_
  std::vector<double> mass_;
  std::vector<double> sums_;  // of the masses before each entry, total 1
};

inline void BinomialQuantile::Tabulate() {
  // Masses relative to the mode's, by recurrence out to where they vanish
  // beside 2^-32.
  constexpr double kVanishing = 1e-14;
  const double odds = p_ / (1 - p_);
  const double mode = p_ >= 1 ? trials_ : std::floor((trials_ + 1) * p_);
  const double start = std::min(mode, trials_);
  mass_.clear();
  double mass = 1;
  double k = start;
  for (; k > 0 && mass > kVanishing; --k) {
    mass_.push_back(mass);
    mass *= k / ((trials_ - k + 1) * odds);
  }
  if (mass > kVanishing) {
    mass_.push_back(mass);
    --k;
  }
  first_ = first_mass_ = k + 1;
  std::reverse(mass_.begin(), mass_.end());
  mass = 1;
  for (k = start; k < trials_; ++k) {
    mass *= (trials_ - k) / (k + 1) * odds;
    if (!(mass > kVanishing)) break;
    mass_.push_back(mass);
  }

  double total = 0;
  for (const double m : mass_) total += m;
  const double scale = 0x1p32 / total;
  top_.clear();
  sums_.clear();
  double cumulative = 0;
  for (const double m : mass_) {
    sums_.push_back(cumulative * 0x1p-32);
    cumulative += m * scale;
    if (cumulative < 1 && top_.empty()) {
      ++first_;
      continue;
    }
    top_.push_back(static_cast<uint32_t>(std::min(cumulative, 0x1p32) - 1));
  }
  top_.back() = std::numeric_limits<uint32_t>::max();
  MakeGuide();
}

inline void BinomialQuantile::MakeGuide() {
  const int bits = std::bit_width(top_.size()) + 1;
  guide_shift_ = 32 - bits;
  guide_.resize(size_t{1} << bits);
  uint32_t k = 0;
  for (uint64_t i = 0; i < guide_.size(); ++i) {
    while (top_[k] < (i << guide_shift_)) ++k;
    guide_[i] = k;
  }
}

}  // namespace plumbline
