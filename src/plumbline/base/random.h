// Counter-based random numbers: every draw is a pure function of (seed, stream,
// position), so results do not depend on the number of threads or on the order
// in which work is done.
//
// Source: Salmon, Moraes, Dror, Shaw 2011, "Parallel random numbers: as easy as
// 1, 2, 3" (SC'11), Philox4x32 with 10 rounds; its published known answers are
// in the test.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace plumbline {

using PhiloxCounter = std::array<uint32_t, 4>;
using PhiloxKey = std::array<uint32_t, 2>;

// One Philox4x32-10 block: 128 random bits for this counter and key.
PhiloxCounter Philox4x32(PhiloxCounter counter, PhiloxKey key);

// A key for one purpose ("bootstrap", "permutation", ...), so that two parts of
// the program that share a seed never share random numbers.
PhiloxKey StreamKey(uint64_t seed, std::string_view purpose);

// A sequence of draws. Streams that differ in seed, purpose or index are
// independent.
class RandomStream {
 public:
  RandomStream(uint64_t seed, std::string_view purpose, uint64_t index = 0);

  uint32_t NextUint32();
  uint64_t NextUint64();
  // In the open interval (0, 1), 53 bits.
  double NextUniform();
  // Standard normal, by inversion of one uniform.
  double NextNormal();
  // Uniform in [0, bound), without modulo bias; bound > 0.
  uint64_t NextBelow(uint64_t bound);
  // Binomial(trials, probability), up to 2^53 trials: exact for every size
  // (inversion when trials * min(p, 1-p) < 10, else the BTPE-class rejection
  // method of Hormann 1993, BTRS).
  int64_t NextBinomial(int64_t trials, double probability);
  // Poisson(mean): exact (inversion below 10, else Hormann 1993, PTRS).
  int64_t NextPoisson(double mean);
  // Gamma(shape, scale 1), Marsaglia and Tsang 2000; shape > 0.
  double NextGamma(double shape);
  // Beta(a, b) from two gammas.
  double NextBeta(double a, double b);

 private:
  PhiloxKey key_;
  PhiloxCounter counter_;
  PhiloxCounter block_{};
  int used_ = 4;
};

}  // namespace plumbline
