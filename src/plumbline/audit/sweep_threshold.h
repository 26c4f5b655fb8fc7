// Resampling weights of ranked rows, and thresholds refitted in each resample.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "plumbline/audit/ranked_rows.h"
#include "plumbline/audit/sweep.h"
#include "plumbline/audit/threshold.h"
#include "plumbline/base/random.h"
#include "plumbline/stats/bootstrap.h"

namespace plumbline {

// The weights of one block of replicates: a pure function of (key, block,
// subject), made when they are needed and never stored.
class LaneWeights {
 public:
  LaneWeights(const RankedRows& rows, Resampling resampling, PhiloxKey key,
              uint32_t block)
      : rows_(rows), resampling_(resampling), key_(key), block_(block) {}

  // Ranked rows [begin, end), kBootstrapLanes weights a row.
  void Fill(int64_t begin, int64_t end, uint8_t* weights) const;

  const RankedRows& rows() const { return rows_; }

 private:
  const RankedRows& rows_;
  const Resampling resampling_;
  const PhiloxKey key_;
  const uint32_t block_;
};

// How many ranked rows each replicate flags when `rule` is fitted on its own
// resample; always the end of a tie block. Equal to FitThreshold (threshold.h)
// on the resampled rows with their sampling weights.
std::array<int64_t, kBootstrapLanes> FitCuts(const RankedRows& rows,
                                             const ThresholdRule& rule,
                                             const LaneWeights& weights);

}  // namespace plumbline
