// Scores as unsigned numbers in the same order, for sorting by digits.
#pragma once

#include <bit>
#include <cstdint>

namespace plumbline::face {

// a < b exactly if ScoreKey(a) < ScoreKey(b); -0 equals 0; infinities are the
// ends. Not for NaN.
inline uint64_t ScoreKey(double score) {
  constexpr uint64_t kSign = uint64_t{1} << 63;
  const auto bits = std::bit_cast<uint64_t>(score + 0.0);
  return (bits & kSign) ? ~bits : bits | kSign;
}

inline double ScoreOfKey(uint64_t key) {
  constexpr uint64_t kSign = uint64_t{1} << 63;
  return std::bit_cast<double>((key & kSign) ? key & ~kSign : ~key);
}

}  // namespace plumbline::face
