// Pictures of a packed file, prepared for a model one batch ahead of it.
#pragma once

#include <array>
#include <condition_variable>
#include <cstdint>
#include <exception>
#include <mutex>
#include <span>
#include <thread>
#include <vector>

#include "plumbline/cohort/packed/packed_cohort.h"
#include "plumbline/infer/preprocessing.h"

namespace plumbline {

// A thread of its own prepares a batch while the caller works on the one
// before.
class BatchFeed {
 public:
  // `images`: places in the packed file, in the order they are wanted. All
  // arguments must outlive the feed.
  BatchFeed(const PackedCohort& packed, const Preprocessing& preprocessing,
            std::span<const int64_t> images, int64_t batch);
  ~BatchFeed();  // stops early if need be
  BatchFeed(const BatchFeed&) = delete;
  BatchFeed& operator=(const BatchFeed&) = delete;

  // The next batch as its model takes it (infer/preprocessing.h), good until
  // the next call; empty after the last. Throws what went wrong with a picture.
  std::span<const float> Next();

  // That Next() has waited.
  double seconds_waiting() const { return seconds_waiting_; }

 private:
  struct Slot {
    std::vector<float> input;
    bool ready = false;
  };

  void Fill();
  void FillSlot(int64_t first, Slot* slot) const;

  const PackedCohort& packed_;
  const Preprocessing& preprocessing_;
  std::span<const int64_t> images_;
  int64_t batch_;
  int64_t taken_ = 0;  // batches that the caller has, or had
  double seconds_waiting_ = 0;

  std::mutex mutex_;
  std::condition_variable changed_;
  std::array<Slot, 2> slots_;  // of batch b: slots_[b % 2]
  bool stopped_ = false;
  std::exception_ptr failure_;
  std::jthread thread_;  // last: it uses all of the above
};

}  // namespace plumbline
