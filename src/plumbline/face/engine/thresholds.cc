#include "plumbline/face/engine/thresholds.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <cmath>
#include <functional>
#include <limits>
#include <optional>

#include "plumbline/base/error.h"
#include "plumbline/base/thread_pool.h"
#include "plumbline/face/engine/score_key.h"

namespace plumbline::face {
namespace {

constexpr int64_t kBlock = 1 << 18;
constexpr int kBins = 1 << 16;

using Histogram = std::vector<int64_t>;

int64_t Blocks(size_t n) {
  return (static_cast<int64_t>(n) + kBlock - 1) / kBlock;
}

std::span<const double> Block(std::span<const double> scores, int64_t block) {
  const auto begin = static_cast<size_t>(block * kBlock);
  return scores.subspan(begin, std::min<size_t>(kBlock, scores.size() - begin));
}

// Counts of the first 16 bits of the keys, from several threads' parts.
Histogram CountFirstBits(std::span<const double> scores, int threads) {
  const int parts =
      std::max(1, std::min<int>(threads > 0 ? threads : DefaultThreads(),
                                static_cast<int>(Blocks(scores.size()))));
  std::vector<Histogram> partial(parts);
  std::atomic<int64_t> next = 0;
  ParallelFor(parts, parts, [&](int64_t part) {
    // Two tables in turn: runs of equal scores do not wait for each other.
    std::vector<uint32_t> even(kBins), odd(kBins);
    Histogram& total = partial[part];
    total.assign(kBins, 0);
    for (int64_t block = next++; block < Blocks(scores.size());
         block = next++) {
      const std::span<const double> values = Block(scores, block);
      size_t i = 0;
      for (; i + 1 < values.size(); i += 2) {
        ++even[ScoreKey(values[i]) >> 48];
        ++odd[ScoreKey(values[i + 1]) >> 48];
      }
      if (i < values.size()) ++even[ScoreKey(values[i]) >> 48];
      // Before the 32-bit counts can overflow.
      if (block % 4096 == 4095) {
        for (int bin = 0; bin < kBins; ++bin) {
          total[bin] += even[bin] + int64_t{odd[bin]};
          even[bin] = odd[bin] = 0;
        }
      }
    }
    for (int bin = 0; bin < kBins; ++bin) {
      total[bin] += even[bin] + int64_t{odd[bin]};
    }
  });
  for (int part = 1; part < parts; ++part) {
    for (int bin = 0; bin < kBins; ++bin) {
      partial[0][bin] += partial[part][bin];
    }
  }
  return std::move(partial[0]);
}

// The keys whose first 16 bits are `bin`, in any order.
std::vector<uint64_t> KeysOfBin(std::span<const double> scores, int bin,
                                int threads) {
  std::vector<std::vector<uint64_t>> of_block(Blocks(scores.size()));
  ParallelFor(Blocks(scores.size()), threads, [&](int64_t block) {
    for (const double score : Block(scores, block)) {
      const uint64_t key = ScoreKey(score);
      if (static_cast<int>(key >> 48) == bin) of_block[block].push_back(key);
    }
  });
  std::vector<uint64_t> keys;
  for (const auto& part : of_block) {
    keys.insert(keys.end(), part.begin(), part.end());
  }
  return keys;
}

// Scores by their rank from the top, for one set of scores.
class Ranks {
 public:
  Ranks(std::span<const double> scores, int threads)
      : scores_(scores),
        threads_(threads),
        counts_(CountFirstBits(scores, threads)) {}

  // The smallest key of which at most `most` keys are at or above it, and how
  // many these are. Nothing if there is none.
  struct Found {
    uint64_t key;
    int64_t at_or_above;
  };
  std::optional<Found> Lowest(int64_t most) {
    int64_t above = 0;  // keys in higher bins
    int bin = kBins - 1;
    while (bin >= 0 && above + counts_[bin] <= most) above += counts_[bin--];
    if (bin >= 0) {
      // The limit falls into this bin; perhaps on none of its keys.
      const std::vector<uint64_t>& keys = Sorted(bin, most - above);
      size_t end = static_cast<size_t>(most - above);
      // keys[end] is the first that is too many, with all that equal it.
      while (end > 0 && keys[end - 1] == keys[end]) --end;
      if (end > 0) {
        return Found{keys[end - 1], above + static_cast<int64_t>(end)};
      }
    }
    // The lowest key of the bins above.
    int higher = bin + 1;
    while (higher < kBins && counts_[higher] == 0) ++higher;
    if (higher == kBins) return std::nullopt;
    const std::vector<uint64_t> keys = KeysOfBin(scores_, higher, threads_);
    return Found{*std::min_element(keys.begin(), keys.end()), above};
  }

 private:
  // The keys of a bin, in descending order up to and with place `rank`.
  const std::vector<uint64_t>& Sorted(int bin, int64_t rank) {
    if (bin != sorted_bin_) {
      keys_ = KeysOfBin(scores_, bin, threads_);
      sorted_bin_ = bin;
    }
    const auto place = keys_.begin() + rank;
    std::nth_element(keys_.begin(), place, keys_.end(), std::greater<>());
    // Only the keys that equal the one at `rank` matter below it: bring the
    // smallest larger one to its side.
    const uint64_t limit = *place;
    const auto equal = std::partition(
        keys_.begin(), place, [limit](uint64_t key) { return key > limit; });
    if (equal != keys_.begin()) {
      std::iter_swap(std::min_element(keys_.begin(), equal), equal - 1);
    }
    return keys_;
  }

  std::span<const double> scores_;
  int threads_;
  Histogram counts_;
  int sorted_bin_ = -1;
  std::vector<uint64_t> keys_;
};

// The largest whole number c with c / n <= f, as doubles divide.
int64_t MostAccepted(double f, int64_t n) {
  const auto total = static_cast<double>(n);
  auto most = static_cast<int64_t>(f * total);
  while (static_cast<double>(most + 1) / total <= f) ++most;
  while (most > 0 && static_cast<double>(most) / total > f) --most;
  return most;
}

}  // namespace

std::vector<FmrThreshold> ThresholdsAtFmr(std::span<const double> impostor,
                                          std::span<const double> targets,
                                          int threads) {
  if (impostor.empty()) {
    throw Error(ErrorCode::kInvalidInput,
                "no impostor comparison to set a threshold on");
  }
  const auto n = static_cast<int64_t>(impostor.size());
  Ranks ranks(impostor, threads);
  std::vector<FmrThreshold> thresholds;
  for (const double target : targets) {
    if (!(target > 0 && target < 1)) {
      throw Error(ErrorCode::kUsage,
                  "a false-match rate must lie between 0 and 1, not at {}",
                  target);
    }
    FmrThreshold threshold{.target = target,
                           .value = std::numeric_limits<double>::infinity(),
                           .comparisons = n};
    if (const auto found = ranks.Lowest(MostAccepted(target, n));
        found && std::isfinite(ScoreOfKey(found->key))) {
      threshold.value = ScoreOfKey(found->key);
      threshold.accepted = found->at_or_above;
      threshold.reachable = true;
    } else {
      threshold.accepted = CountAtOrAbove(impostor, threshold.value, threads);
    }
    threshold.achieved =
        static_cast<double>(threshold.accepted) / static_cast<double>(n);
    thresholds.push_back(threshold);
  }
  return thresholds;
}

int64_t CountAtOrAbove(std::span<const double> scores, double threshold,
                       int threads) {
  std::vector<int64_t> of_block(Blocks(scores.size()));
  ParallelFor(Blocks(scores.size()), threads, [&](int64_t block) {
    int64_t count = 0;
    for (const double score : Block(scores, block)) count += score >= threshold;
    of_block[block] = count;
  });
  int64_t count = 0;
  for (const int64_t part : of_block) count += part;
  return count;
}

}  // namespace plumbline::face
