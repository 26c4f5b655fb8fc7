// Images of the next steps, made ready while the network works on this one.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

#include "plumbline/train/options.h"
#include "plumbline/train/train.h"

namespace plumbline::train {

// Part of a step: images that go through the network together.
struct Batch {
  int64_t step = 0;
  int piece = 0;
  std::vector<int64_t> rows;  // of the cohort
  // views x rows x channels x side x side: all rows, then all again.
  std::vector<float> input;
};

// One batch to be made.
struct BatchPlan {
  int64_t step = 0;
  int piece = 0;
  std::vector<int64_t> rows;
  // Of each row, in each of its views: the index of its random stream.
  std::vector<uint64_t> streams;  // views x rows
};

// Makes batches on threads of its own, in order, a few ahead. Their content is
// a function of the plan alone.
class BatchLoader {
 public:
  // `next` gives the plans one after another, an empty one (no rows) at the
  // end; it is called on the loader's threads, one call at a time.
  BatchLoader(const TrainInput& input, const Augmentation& augmentation,
              uint64_t seed, int threads, std::function<BatchPlan()> next);
  ~BatchLoader();
  BatchLoader(const BatchLoader&) = delete;
  BatchLoader& operator=(const BatchLoader&) = delete;

  // The next batch; no rows: there are no more. Rethrows what went wrong while
  // it was made.
  Batch Next();
  // Gives the memory of a batch back, to be used again.
  void Recycle(Batch batch);

  double seconds_waiting() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace plumbline::train
