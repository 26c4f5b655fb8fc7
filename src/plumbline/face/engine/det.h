// Error rates over all thresholds, and what scores look like.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace plumbline::face {

struct DetPoint {
  double threshold = 0;
  double fmr = 0;   // impostor scores at or above the threshold / all
  double fnmr = 0;  // genuine scores below it / all
};

struct DetCurve {
  // By ascending FMR; exact at every point, a step between two of them.
  std::vector<DetPoint> points;
  // At the observed threshold where the rates differ least: their mean.
  double eer = 0;
  double eer_threshold = 0;
};

// The curve at no more than `most_points` of the observed thresholds, among
// them both ends, evenly spread in log FMR. Scores need not be sorted; infinite
// ones count, NaN must not be among them. Empty without scores of either kind.
//
// Source: Martin et al. 1997, Eurospeech (DET); ISO/IEC 19795-1 (EER).
DetCurve MakeDetCurve(std::span<const double> impostor,
                      std::span<const double> genuine, int most_points);

// The same where only the highest impostor scores of `comparisons` are known
// one by one. `body` is a random sample of the scores below them: rates at
// these thresholds are estimates from it.
DetCurve MakeDetCurve(std::span<const double> highest, int64_t comparisons,
                      std::span<const double> body,
                      std::span<const double> genuine, int most_points);

struct ScoreSummary {
  int64_t n = 0;  // finite scores
  double mean = 0;
  double sd = 0;  // divisor n - 1
};
ScoreSummary Summarise(std::span<const double> scores);

// (mean of genuine - mean of impostor) / sqrt of the mean variance.
double DPrime(const ScoreSummary& impostor, const ScoreSummary& genuine);

}  // namespace plumbline::face
