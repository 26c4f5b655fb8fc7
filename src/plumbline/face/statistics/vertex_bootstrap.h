// Bootstrap over people: what happens to all rates at once, and to the
// threshold, when other people of the same groups had been recruited.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "plumbline/base/communicator.h"
#include "plumbline/face/comparisons/comparisons.h"

namespace plumbline::face {

struct VertexBootstrapOptions {
  int replicates = 2000;
  uint64_t seed = 1;
  int threads = 0;  // 0: all

  // Draw of each drawn person's genuine comparisons as many as they have, with
  // replacement, each time that the person is drawn.
  bool two_level = false;

  // The false-match rate that the threshold is set to anew in each replicate;
  // NaN: the threshold is given and stays.
  double target = 0;
  double threshold = 0;
  // One a replicate, instead of both: thresholds that a bootstrap of other
  // people set. Empty: none.
  std::span<const double> thresholds;

  // Processes that draw the replicates together, with the bytes of one. Null:
  // this one alone.
  Communicator* processes = nullptr;

  // Bootstraps with the same seed and different purposes are independent.
  const char* purpose = "vertex bootstrap";
};

// Impostor comparisons that the threshold is set on: those within one group of
// a grouping, which need not be the one whose rates are wanted.
struct ThresholdBasis {
  const ImpostorCounts* counts = nullptr;  // null: all comparisons
  const SubjectGroups* groups = nullptr;
  int group = 0;
};

// One row a replicate.
struct VertexReplicates {
  int groups = 0;
  std::vector<double> fmr;        // B x G, within each group
  std::vector<double> fnmr;       // B x G; NaN without genuine comparisons
  std::vector<double> threshold;  // B
  // Replicates whose threshold would lie below all hits given: they stop at the
  // lowest hit. Take hits from a lower cut if there are any.
  int short_of_hits = 0;

  int replicates() const { return static_cast<int>(threshold.size()); }
};

// Subjects are drawn with replacement within their groups (multinomial counts
// c_i); a comparison of i and j counts c_i c_j times, a genuine one of i counts
// c_i times. Of impostor comparisons only the hits are revisited: those at or
// above a cut well below the threshold, in descending order of score. The
// comparisons of a cell in a replicate are taken from its margins,
//   (sum_i c_i r_i) (sum_j c_j p_j) / M,
// in a cell (g, g) less the pairs of a subject with itself; this is exact for
// all pairs of subjects with the same number of images, and off by a share of
// about 1 / sqrt(M) for a list of pairs.
//
// Two levels count the noise of single comparisons twice; they are for people
// with many comparisons that are far from independent of one another, where
// what a person's own comparisons would have been matters as well.
//
// Same bytes for any number of threads. Throws Error(kUsage) for fewer than 50
// replicates, Error(kInternal) for another number of thresholds.
//
// Source: Snijders and Borgatti 1999, Connections 22(2):61-70 (vertex
// bootstrap); Schuckers 2010, Computational Methods in Biometric
// Authentication, ch. 3 (subset bootstrap); Davison and Hinkley 1997, Bootstrap
// Methods and their Application, sec. 3.8 (two levels).
VertexReplicates BootstrapSubjects(const ImpostorCounts& counts,
                                   const SubjectGroups& groups,
                                   std::span<const Hit> hits,
                                   const GenuineScores& genuine,
                                   const VertexBootstrapOptions& options,
                                   const ThresholdBasis& basis = {});

}  // namespace plumbline::face
