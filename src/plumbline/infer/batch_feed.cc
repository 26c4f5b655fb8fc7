#include "plumbline/infer/batch_feed.h"

#include <algorithm>
#include <chrono>

namespace plumbline {

BatchFeed::BatchFeed(const PackedCohort& packed,
                     const Preprocessing& preprocessing,
                     std::span<const int64_t> images, int64_t batch)
    : packed_(packed),
      preprocessing_(preprocessing),
      images_(images),
      batch_(batch),
      thread_([this] { Fill(); }) {}

BatchFeed::~BatchFeed() {
  const std::lock_guard lock(mutex_);
  stopped_ = true;
  changed_.notify_all();
}

std::span<const float> BatchFeed::Next() {
  const auto begin = std::chrono::steady_clock::now();
  std::unique_lock lock(mutex_);
  if (taken_ > 0) {
    slots_[(taken_ - 1) % 2].ready = false;
    changed_.notify_all();
  }
  if (taken_ * batch_ >= static_cast<int64_t>(images_.size())) return {};
  Slot& slot = slots_[taken_ % 2];
  changed_.wait(lock, [&] { return slot.ready || failure_; });
  if (!slot.ready) std::rethrow_exception(failure_);
  ++taken_;
  seconds_waiting_ +=
      std::chrono::duration<double>(std::chrono::steady_clock::now() - begin)
          .count();
  return slot.input;
}

void BatchFeed::Fill() {
  const auto count = static_cast<int64_t>(images_.size());
  for (int64_t first = 0; first < count; first += batch_) {
    Slot& slot = slots_[first / batch_ % 2];
    {
      std::unique_lock lock(mutex_);
      changed_.wait(lock, [&] { return !slot.ready || stopped_; });
      if (stopped_) return;
    }
    std::exception_ptr failure;
    try {
      FillSlot(first, &slot);
    } catch (...) {
      failure = std::current_exception();
    }
    const std::lock_guard lock(mutex_);
    if (failure) {
      failure_ = failure;
    } else {
      slot.ready = true;
    }
    changed_.notify_all();
    if (failure) return;
  }
}

void BatchFeed::FillSlot(int64_t first, Slot* slot) const {
  const int64_t size = preprocessing_.input_size();
  const int64_t n =
      std::min(batch_, static_cast<int64_t>(images_.size()) - first);
  slot->input.resize(n * size);
  for (int64_t i = 0; i < n; ++i) {
    PrepareInput(packed_.ImageAt(images_[first + i]), preprocessing_,
                 slot->input.data() + i * size);
  }
}

}  // namespace plumbline
