// Thresholds that reach a false-match rate, exactly and without sorting.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace plumbline::face {

struct FmrThreshold {
  double target = 0;        // the false-match rate asked for
  double value = 0;         // accept a score at or above it; +inf: unreachable
  int64_t accepted = 0;     // impostor scores at or above it
  int64_t comparisons = 0;  // all impostor scores
  double achieved = 0;      // accepted / comparisons
  bool reachable = false;   // false: not even the highest score would do
};

// For each target f the smallest observed finite score t with
//   FMR(t) = #{s >= t} / n <= f,
// never between two observed ones; +inf if there is none. Scores of +inf
// (failed comparisons that count as matches) are accepted by every threshold.
// Linear time: a histogram of the first 16 bits of the order-preserving keys,
// then the one bin that holds the rank. Up to n / 8 scores are copied for it,
// more where most scores are of one size.
//
// Throws Error(kInvalidInput) for no scores and Error(kUsage) for a target
// outside (0, 1). NaN must not be among the scores.
//
// Source: ISO/IEC 19795-1 (FMR at a threshold); the convention "at or above"
// as in NIST FRVT (step function with H(0) = 1).
std::vector<FmrThreshold> ThresholdsAtFmr(std::span<const double> impostor,
                                          std::span<const double> targets,
                                          int threads);

// How many of the scores are at or above the threshold.
int64_t CountAtOrAbove(std::span<const double> scores, double threshold,
                       int threads);

}  // namespace plumbline::face
