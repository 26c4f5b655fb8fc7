#include <bit>
#include <cstddef>
#include <cstring>

#include "plumbline/stats/bootstrap.h"
#include "plumbline/stats/target_clones.h"

namespace plumbline {
namespace {

// Philox4x32-10 as in base/random.cc, eight blocks side by side, so that each
// step is one vector instruction. Words are kept in 64 bits, and only the lower
// 32 of them count: the product of two words then needs no repacking.
constexpr int kBlocks = 8;
constexpr int kRounds = 10;
constexpr uint64_t kMultiplier0 = 0xD2511F53u;
constexpr uint64_t kMultiplier1 = 0xCD9E8D57u;
constexpr uint32_t kWeyl0 = 0x9E3779B9u;
constexpr uint32_t kWeyl1 = 0xBB67AE85u;

// 1 if the bits u are at least 65536 P(X < k) rounded, X ~ Poisson(1). As
// signed numbers, because SSE2 and AVX2 compare no others.
constexpr int16_t Reaches(int16_t shifted, int threshold) {
  return shifted >= static_cast<int16_t>(threshold - 32768);
}

constexpr uint8_t InverseCdf(uint16_t u) {
  const auto shifted = static_cast<int16_t>(u ^ 0x8000);
  return static_cast<uint8_t>(
      Reaches(shifted, 24109) + Reaches(shifted, 48219) +
      Reaches(shifted, 60273) + Reaches(shifted, 64292) +
      Reaches(shifted, 65296) + Reaches(shifted, 65497) +
      Reaches(shifted, 65531) + Reaches(shifted, 65535));
}

}  // namespace

PLUMBLINE_TARGET_CLONES
void PoissonWeights(PhiloxKey key, uint32_t block, uint32_t subject,
                    uint8_t weights[kBootstrapLanes]) {
  static_assert(std::endian::native == std::endian::little,
                "lanes are halves of 64-bit numbers, lowest first");
  uint64_t c0[kBlocks], c1[kBlocks], c2[kBlocks], c3[kBlocks];
  for (int i = 0; i < kBlocks; ++i) {
    c0[i] = subject;
    c1[i] = block;
    c2[i] = static_cast<uint64_t>(i);
    c3[i] = kPoissonCounter;
  }
  uint32_t k0 = key[0];
  uint32_t k1 = key[1];
#pragma GCC unroll 10
  for (int round = 0; round < kRounds; ++round) {
    for (int i = 0; i < kBlocks; ++i) {
      const uint64_t product0 = kMultiplier0 * static_cast<uint32_t>(c0[i]);
      const uint64_t product1 = kMultiplier1 * static_cast<uint32_t>(c2[i]);
      c0[i] = product1 >> 32 ^ c1[i] ^ k0;
      c2[i] = product0 >> 32 ^ c3[i] ^ k1;
      c1[i] = product1;
      c3[i] = product0;
    }
    k0 += kWeyl0;
    k1 += kWeyl1;
  }

  uint64_t words[2 * kBlocks];
  for (int i = 0; i < kBlocks; ++i) {
    words[i] = static_cast<uint32_t>(c0[i]) | c1[i] << 32;
    words[kBlocks + i] = static_cast<uint32_t>(c2[i]) | c3[i] << 32;
  }
  uint16_t bits[kBootstrapLanes];
  static_assert(sizeof(bits) == sizeof(words));
  std::memcpy(bits, words, sizeof(bits));
  for (int lane = 0; lane < kBootstrapLanes; ++lane) {
    weights[lane] = InverseCdf(bits[lane]);
  }
}

// A loop inside the multiversioned function was measured to be slower: GCC
// vectorises the rounds only partly there.
void PoissonWeightsBatch(PhiloxKey key, uint32_t block,
                         std::span<const uint32_t> subjects, uint8_t* weights) {
  for (const uint32_t subject : subjects) {
    PoissonWeights(key, block, subject, weights);
    weights += kBootstrapLanes;
  }
}

}  // namespace plumbline
