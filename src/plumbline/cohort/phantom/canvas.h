// What the drawings of phantoms are made with: planes of numbers, smooth noise,
// soft edges.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <vector>

#include "plumbline/base/random.h"

namespace plumbline {

// A plane of side x side numbers, row by row.
struct Plane {
  explicit Plane(int s, float value = 0)
      : side(s), values(static_cast<size_t>(s) * s, value) {}
  float* row(int y) { return &values[static_cast<size_t>(y) * side]; }
  const float* row(int y) const {
    return &values[static_cast<size_t>(y) * side];
  }
  int side;
  std::vector<float> values;
};

// 0 below -edge, 1 above edge, smooth between (Hermite).
inline float Soft(float x, float edge) {
  // The division is done by the compiler where the edge is a constant.
  const float t = std::clamp(0.5f + x * (0.5f / edge), 0.0f, 1.0f);
  return t * t * (3 - 2 * t);
}

// What is left of a number without its whole part, 0 to 1; without the call
// that std::floor is where SSE4.1 is not to be relied on.
inline float Fraction(float x) {
  const float rest = x - static_cast<float>(static_cast<int>(x));
  return rest < 0 ? rest + 1 : rest;
}

// Between the two, by the stream.
inline float Between(RandomStream* random, double lo, double hi) {
  return static_cast<float>(lo + (hi - lo) * random->NextUniform());
}

// Fast independent numbers for pixels (splitmix64, Steele, Lea, Flood 2014):
// good enough for grain, which is all they are for.
class Grain {
 public:
  explicit Grain(uint64_t seed) : state_(seed) {}
  uint64_t Next() {
    state_ += 0x9e3779b97f4a7c15u;
    uint64_t z = state_;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
  }
  // About normal, mean 0, standard deviation 1: a sum of four.
  float Normal() {
    const uint64_t bits = Next();
    const int sum = static_cast<int>(bits & 0xffff) +
                    static_cast<int>((bits >> 16) & 0xffff) +
                    static_cast<int>((bits >> 32) & 0xffff) +
                    static_cast<int>(bits >> 48);
    constexpr float kScale = 1 / 37837.2f;  // 65536 * sqrt(4 / 12)
    return static_cast<float>(sum - 2 * 65535) * kScale;
  }

 private:
  uint64_t state_;
};

// Adds noise whose features are about side / cells pixels large, interpolated
// between a lattice of normal numbers.
void AddSmoothNoise(int cells, float amplitude, uint64_t seed, Plane* plane);

// Adds independent normal noise.
void AddGrain(float amplitude, uint64_t seed, Plane* plane);

// A binomial blur (1 2 1) in both directions, `times` times.
void Blur(int times, Plane* plane);

}  // namespace plumbline
