// Which rows every step trains on, and which of them are this process's.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "plumbline/train/batches.h"
#include "plumbline/train/options.h"
#include "plumbline/train/train.h"

namespace plumbline::train {

// The rows of a part that have an image.
std::vector<int64_t> RowsOf(const TrainInput& input, Part part);

class StepPlan {
 public:
  // Every process has at least two rows of every piece of a step, one where
  // batch norm is frozen: a last step of an epoch that is too small for that is
  // left out.
  //
  // Throws Error(kUsage) if options.batch is too small for the processes and
  // pieces, or sampling_attribute is none of the input's groups.
  StepPlan(const TrainInput& input, const TrainOptions& options, int rank,
           int size);

  int64_t steps_per_epoch() const { return steps_per_epoch_; }
  int64_t steps() const { return steps_per_epoch_ * epochs_; }

  // All rows of a step, of all processes. Steps are asked for mostly in order.
  std::vector<int64_t> RowsOfStep(int64_t step);
  // This process's, in pieces.
  std::vector<BatchPlan> PiecesOf(int64_t step);

 private:
  void OpenEpoch(int epoch);

  std::vector<int64_t> rows_;    // of the training part
  std::vector<int32_t> strata_;  // of each; empty: shuffled
  int batch_, pieces_, epochs_, views_;
  uint64_t seed_;
  int rank_, size_;
  int64_t steps_per_epoch_ = 0;
  int epoch_ = -1;  // whose order this is
  std::vector<int64_t> order_;
};

}  // namespace plumbline::train
