#include "plumbline/train/batches.h"

#include <chrono>
#include <condition_variable>
#include <exception>
#include <map>
#include <mutex>
#include <thread>
#include <utility>

#include "plumbline/base/random.h"
#include "plumbline/train/augment.h"

namespace plumbline::train {
namespace {

// Enough that a slow image does not stop the network.
constexpr int64_t kBatchesAhead = 4;

}  // namespace

struct BatchLoader::State {
  const TrainInput& input;
  Augmentation augmentation;
  uint64_t seed;
  std::function<BatchPlan()> next_plan;

  std::mutex plans;  // held while next_plan is called
  std::mutex mutex;
  std::condition_variable changed;
  // Under `mutex`, unless said otherwise.
  int64_t planned = 0;  // batches that somebody makes or has made
  int64_t taken = 0;    // batches that Next has given out
  int64_t end = -1;     // batches in all, once known
  std::map<int64_t, Batch> ready;
  std::map<int64_t, std::exception_ptr> failed;
  std::vector<std::vector<float>> spare;
  bool stop = false;
  double waited = 0;  // by Next's thread alone

  std::vector<std::thread> threads;

  Batch Make(BatchPlan plan) {
    Batch batch;
    batch.step = plan.step;
    batch.piece = plan.piece;
    batch.rows = std::move(plan.rows);
    {
      const std::lock_guard lock(mutex);
      if (!spare.empty()) {
        batch.input = std::move(spare.back());
        spare.pop_back();
      }
    }
    const Preprocessing& preprocessing = input.preprocessing;
    const int64_t size = preprocessing.input_size();
    batch.input.resize(plan.streams.size() * size);
    for (size_t i = 0; i < plan.streams.size(); ++i) {
      Fill(batch.rows[i % batch.rows.size()], plan.streams[i],
           batch.input.data() + static_cast<int64_t>(i) * size);
    }
    return batch;
  }

  void Fill(int64_t row, uint64_t stream, float* to) const {
    const Preprocessing& preprocessing = input.preprocessing;
    Image image = input.images->ImageAt(input.image_of_row[row]);
    if (image.channels == 3 && preprocessing.channels == 1) {
      image = ToGrey(image);
    }
    if (image.width != preprocessing.side) {
      image = Resize(image, preprocessing.side, preprocessing.resize);
    }
    RandomStream random(seed, "augmentation", stream);
    const AugmentDraw draw = DrawAugmentation(augmentation, &random);
    AugmentInto(image, augmentation, draw, preprocessing, &random, to);
  }

  // The number of the batch that the calling thread shall make; -1: none.
  int64_t Claim(BatchPlan* plan) {
    const std::lock_guard planning(plans);
    {
      std::unique_lock lock(mutex);
      changed.wait(lock,
                   [&] { return stop || planned - taken < kBatchesAhead; });
      if (stop || end >= 0) return -1;
    }
    *plan = next_plan();
    const std::lock_guard lock(mutex);
    if (plan->rows.empty()) {
      end = planned;
      changed.notify_all();
      return -1;
    }
    return planned++;
  }

  void Work() {
    while (true) {
      BatchPlan plan;
      int64_t number = -1;
      try {
        number = Claim(&plan);
        if (number < 0) return;
        Batch batch = Make(std::move(plan));
        const std::lock_guard lock(mutex);
        ready[number] = std::move(batch);
      } catch (...) {
        const std::lock_guard lock(mutex);
        if (number < 0) number = planned++;
        failed[number] = std::current_exception();
      }
      changed.notify_all();
    }
  }
};

BatchLoader::BatchLoader(const TrainInput& input,
                         const Augmentation& augmentation, uint64_t seed,
                         int threads, std::function<BatchPlan()> next)
    : state_(new State{.input = input,
                       .augmentation = augmentation,
                       .seed = seed,
                       .next_plan = std::move(next)}) {
  for (int i = 0; i < threads; ++i) {
    state_->threads.emplace_back([this] { state_->Work(); });
  }
}

BatchLoader::~BatchLoader() {
  {
    const std::lock_guard lock(state_->mutex);
    state_->stop = true;
  }
  state_->changed.notify_all();
  for (std::thread& thread : state_->threads) thread.join();
}

Batch BatchLoader::Next() {
  const auto start = std::chrono::steady_clock::now();
  std::unique_lock lock(state_->mutex);
  const int64_t number = state_->taken;
  state_->changed.wait(lock, [&] {
    return state_->ready.contains(number) || state_->failed.contains(number) ||
           state_->end == number;
  });
  state_->waited +=
      std::chrono::duration<double>(std::chrono::steady_clock::now() - start)
          .count();
  if (const auto failed = state_->failed.find(number);
      failed != state_->failed.end()) {
    std::rethrow_exception(failed->second);
  }
  if (state_->end == number) return {};
  Batch batch = std::move(state_->ready.at(number));
  state_->ready.erase(number);
  ++state_->taken;
  lock.unlock();
  state_->changed.notify_all();
  return batch;
}

void BatchLoader::Recycle(Batch batch) {
  const std::lock_guard lock(state_->mutex);
  state_->spare.push_back(std::move(batch.input));
}

double BatchLoader::seconds_waiting() const { return state_->waited; }

}  // namespace plumbline::train
