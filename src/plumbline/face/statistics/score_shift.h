// How far the scores of a group lie from those of another: Kolmogorov-Smirnov
// distance and shifts of quantiles, with the uncertainty of comparisons that
// share people.
#pragma once

#include <cstdint>
#include <vector>

#include "plumbline/face/comparisons/comparisons.h"

namespace plumbline::face {

// One element a comparison. Genuine ones have one subject on both sides.
struct ScoreSample {
  std::vector<double> score;
  std::vector<uint32_t> first;
  std::vector<uint32_t> second;
};

// A sample without its infinite scores (failed comparisons), in ascending
// order. Replicates revisit at most 65,536 of its comparisons, evenly spread
// over the ranks.
class SortedSample {
 public:
  struct Entry {
    double score;
    uint32_t first;
    uint32_t second;
  };

  explicit SortedSample(const ScoreSample& sample);

  int64_t size() const { return static_cast<int64_t>(scores_.size()); }
  int64_t subjects() const { return subjects_; }
  const std::vector<double>& scores() const { return scores_; }
  const std::vector<Entry>& revisited() const { return revisited_; }

 private:
  std::vector<double> scores_;
  std::vector<Entry> revisited_;
  int64_t subjects_ = 0;
};

struct QuantileShift {
  double probability = 0;
  // The smallest observed score with this share of scores at or below it. NaN,
  // with everything below, where fewer than 10 comparisons lie on a side of it.
  double value = 0;
  double reference = 0;
  double shift = 0;  // value - reference
  double lo = 0;
  double hi = 0;
};

struct ScoreShift {
  int64_t n = 0;  // comparisons
  int64_t reference_n = 0;
  int64_t subjects = 0;
  double ks = 0;  // largest difference of the two shares below a score
  double ks_by_chance = 0;  // what equal distributions exceed in 1 - level
  double p = 0;             // of equal distributions; NaN without replicates
  std::vector<QuantileShift> quantiles;  // 5, 25, 50, 75, 95, 99 %
};

struct ScoreShiftOptions {
  int replicates = 2000;  // at most 300 are drawn; 0: no intervals
  double level = 0.95;
  uint64_t seed = 1;
  int threads = 0;  // 0: all
};

// `groups`: people are drawn with replacement within them, as in
// BootstrapSubjects. Intervals of shifts are percentiles; the distribution of
// the distance by chance is that of the replicates' differences from the
// sample's. Both samples must have a finite score.
//
// Source: Snijders and Borgatti 1999 (vertex bootstrap); Bickel and Freedman
// 1981, Ann. Statist. 9:1196-1217 (centred empirical process).
ScoreShift CompareScores(const SortedSample& group,
                         const SortedSample& reference,
                         const SubjectGroups& groups,
                         const ScoreShiftOptions& options);

}  // namespace plumbline::face
