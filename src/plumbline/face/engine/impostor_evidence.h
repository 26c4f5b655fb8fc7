// What an audit asks of impostor comparisons, whether they stand in a table or
// are computed from embeddings.
#pragma once

#include <cstdint>
#include <vector>

#include "plumbline/face/comparisons/comparisons.h"
#include "plumbline/face/engine/det.h"
#include "plumbline/face/engine/thresholds.h"

namespace plumbline::face {

// The comparisons within one group, or all.
struct Within {
  const SubjectGroups* groups = nullptr;  // null: all comparisons
  uint32_t group = 0;

  bool Contains(uint32_t reference, uint32_t probe) const {
    return groups == nullptr || (groups->of_subject[reference] == group &&
                                 groups->of_subject[probe] == group);
  }
};

class ImpostorEvidence {
 public:
  virtual ~ImpostorEvidence() = default;

  virtual int64_t comparisons() const = 0;
  virtual ImpostorCounts Count(const SubjectGroups& groups) const = 0;

  // As ThresholdsAtFmr; not reachable where there are no comparisons.
  virtual FmrThreshold Threshold(const Within& within, double target) const = 0;

  // Comparisons at or above a threshold.
  virtual FmrThreshold At(double threshold) const = 0;

  // The comparisons at or above `cut`, sorted as HitsAtOrAbove. Turned so that
  // they fit the counts of `groups`.
  virtual std::vector<Hit> Hits(double cut,
                                const SubjectGroups& groups) const = 0;

  // All comparisons, where they stand in memory one by one; else null.
  virtual const ImpostorScores* Scores() const { return nullptr; }

  // For each subject whether they were compared with all others, in either
  // direction.
  virtual std::vector<uint8_t> ComparedWithAll(int64_t subjects) const {
    return std::vector<uint8_t>(subjects, 1);
  }

  // A curve at no more than `most_points` thresholds, and what scores look
  // like. Where scores are not kept one by one, both rest on a sample in part.
  virtual DetCurve Curve(const Within& within, std::span<const double> genuine,
                         int most_points, ScoreSummary* impostor) const = 0;
};

}  // namespace plumbline::face
