// Means, spreads and chances of a pair of groups, shared by the generator and
// the truth.
#pragma once

#include <cmath>

#include "plumbline/face/synth/synthetic_faces.h"

namespace plumbline::face {

// Throws Error(kUsage) for options out of range.
void CheckSynthOptions(const SynthOptions& options);

inline double ImpostorMean(const SynthOptions& options, int g, int h) {
  const double mean =
      (options.groups[g].impostor_mean + options.groups[h].impostor_mean) / 2;
  return g == h ? mean : mean - options.cross_shift;
}

inline double ImpostorSd(const SynthOptions& options, int g, int h) {
  const double a = options.groups[g].impostor_sd;
  const double b = options.groups[h].impostor_sd;
  return std::sqrt((a * a + b * b) / 2);
}

// Probability that a comparison fails.
inline double FailureOf(const SynthOptions& options, int g, int h) {
  return 1 - (1 - options.groups[g].failure) * (1 - options.groups[h].failure);
}

// Share of the cell (g, h) among the impostor comparisons as they are drawn, up
// to a common factor: ordered pairs of subjects.
inline double CellWeight(const SynthOptions& options, int g, int h) {
  const double references = options.groups[g].subjects;
  const double probes = options.groups[h].subjects;
  if (g == h) return references * (references - 1);
  return options.within_groups ? 0 : references * probes;
}

}  // namespace plumbline::face
