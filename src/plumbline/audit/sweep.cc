#include "plumbline/audit/sweep.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <cstring>
#include <limits>
#include <memory>
#include <new>

#include "plumbline/audit/shared_replicates.h"
#include "plumbline/audit/sweep_threshold.h"
#include "plumbline/audit/weighted_sweep.h"
#include "plumbline/base/thread_pool.h"
#include "plumbline/stats/bootstrap.h"
#include "plumbline/stats/target_clones.h"

#define PLUMBLINE_INLINE inline __attribute__((always_inline))

namespace plumbline {
namespace {

constexpr int kLanes = kBootstrapLanes;
constexpr int64_t kChunkRows = 256;  // weights of a chunk stay in the L1 cache

// Zeroed, cache-line aligned counters, one run of lanes a group.
template <typename T>
class LaneCounters {
 public:
  explicit LaneCounters(size_t groups) : size_(groups * kLanes) {
    const size_t bytes = std::max<size_t>(64, size_ * sizeof(T));
    data_.reset(
        static_cast<T*>(std::aligned_alloc(64, (bytes + 63) / 64 * 64)));
    if (!data_) throw std::bad_alloc();
    Clear();
  }
  T* data() { return data_.get(); }
  T* operator[](size_t group) { return data_.get() + group * kLanes; }
  void Clear() { std::memset(data_.get(), 0, size_ * sizeof(T)); }

 private:
  struct Free {
    void operator()(T* p) const { std::free(p); }
  };
  size_t size_;
  std::unique_ptr<T, Free> data_;
};

struct Counters {
  Counters(size_t groups, bool average_precision, bool ece)
      : positives(groups),
        negatives(groups),
        misorder(groups),
        precision(average_precision ? groups : 0),
        score(ece ? groups : 0),
        bin_start(ece ? groups : 0),
        bin_error(ece ? groups : 0) {}

  LaneCounters<uint32_t> positives;
  LaneCounters<uint32_t> negatives;
  LaneCounters<uint64_t> misorder;   // twice the misordered pairs
  LaneCounters<float> precision;     // average precision times positives
  LaneCounters<float> score;         // weighted sum of scores in this bin
  LaneCounters<uint32_t> bin_start;  // positives at the start of this bin
  LaneCounters<float> bin_error;     // ECE times rows, so far
};

// The rows of a chunk and where their counters are.
struct Chunk {
  const uint8_t* weights;      // rows x kLanes
  const double* scores;        // rows
  const uint32_t* cell_label;  // rows
  const uint32_t* offsets;     // cells x groupings: group * kLanes
  int groupings;
  int64_t rows;
  bool average_precision;
  bool ece;
};

PLUMBLINE_INLINE void AddWeights(const uint32_t* __restrict w,
                                 uint32_t* __restrict counter) {
  for (int l = 0; l < kLanes; ++l) counter[l] += w[l];
}

PLUMBLINE_INLINE void AddMisorder(const uint32_t* __restrict w,
                                  const uint32_t* __restrict negatives,
                                  uint64_t* __restrict misorder) {
  for (int l = 0; l < kLanes; ++l) {
    misorder[l] += static_cast<uint64_t>(w[l]) * negatives[l];
  }
}

PLUMBLINE_INLINE void AddPrecision(const uint32_t* __restrict w,
                                   const uint32_t* __restrict positives,
                                   const uint32_t* __restrict negatives,
                                   float* __restrict precision) {
  for (int l = 0; l < kLanes; ++l) {
    const float p = static_cast<float>(static_cast<int32_t>(positives[l]));
    const float n = static_cast<float>(static_cast<int32_t>(negatives[l]));
    const float weight = static_cast<float>(static_cast<int32_t>(w[l]));
    precision[l] += weight * p / std::max(p + n, 1.0f);
  }
}

PLUMBLINE_INLINE void AddScores(const float* __restrict weighted,
                                float* __restrict score) {
  for (int l = 0; l < kLanes; ++l) score[l] += weighted[l];
}

PLUMBLINE_INLINE void Widen(const uint8_t* __restrict from,
                            uint32_t* __restrict to) {
  for (int l = 0; l < kLanes; ++l) to[l] = from[l];
}

// All rows of a tie block [begin, end) of a chunk.
PLUMBLINE_INLINE void TieBlock(const Chunk& chunk, int64_t begin, int64_t end,
                               uint32_t* positives, uint32_t* negatives,
                               uint64_t* misorder, float* precision,
                               float* score) {
  alignas(64) uint32_t w[kLanes];
  const int groupings = chunk.groupings;
  const auto offsets = [&chunk, groupings](int64_t i) {
    return chunk.offsets +
           static_cast<size_t>(chunk.cell_label[i] >> 1) * groupings;
  };
  const bool tied = end - begin > 1;
  bool any_negative = false;
  for (int64_t i = begin; i < end; ++i) {
    if (!(chunk.cell_label[i] & 1)) {
      any_negative = true;
      continue;
    }
    Widen(chunk.weights + i * kLanes, w);
    const uint32_t* group = offsets(i);
    for (int g = 0; g < groupings; ++g) {
      AddMisorder(w, negatives + group[g], misorder + group[g]);
      AddWeights(w, positives + group[g]);
    }
  }
  if (any_negative) {
    for (int64_t i = begin; i < end; ++i) {
      if (chunk.cell_label[i] & 1) continue;
      Widen(chunk.weights + i * kLanes, w);
      const uint32_t* group = offsets(i);
      for (int g = 0; g < groupings; ++g) AddWeights(w, negatives + group[g]);
    }
  }
  if (!any_negative || tied) {
    for (int64_t i = begin; i < end; ++i) {
      if (!(chunk.cell_label[i] & 1)) continue;
      Widen(chunk.weights + i * kLanes, w);
      const uint32_t* group = offsets(i);
      for (int g = 0; g < groupings; ++g) {
        AddMisorder(w, negatives + group[g], misorder + group[g]);
        if (chunk.average_precision) {
          AddPrecision(w, positives + group[g], negatives + group[g],
                       precision + group[g]);
        }
      }
    }
  }
  if (chunk.ece) {
    alignas(64) float weighted[kLanes];
    for (int64_t i = begin; i < end; ++i) {
      const float s = static_cast<float>(chunk.scores[i]);
      const uint8_t* from = chunk.weights + i * kLanes;
      for (int l = 0; l < kLanes; ++l) {
        weighted[l] = static_cast<float>(from[l]) * s;
      }
      const uint32_t* group = offsets(i);
      for (int g = 0; g < groupings; ++g) AddScores(weighted, score + group[g]);
    }
  }
}

// Rows of a chunk up to `stop`, which lies between two tie blocks.
PLUMBLINE_TARGET_CLONES
void SweepRows(const Chunk& chunk, int64_t begin, int64_t stop,
               uint32_t* positives, uint32_t* negatives, uint64_t* misorder,
               float* precision, float* score) {
  for (int64_t i = begin; i < stop;) {
    int64_t end = i + 1;
    while (end < stop && chunk.scores[end] == chunk.scores[i]) ++end;
    TieBlock(chunk, i, end, positives, negatives, misorder, precision, score);
    i = end;
  }
}

// One block of 64 replicates.
class BlockSweep {
 public:
  BlockSweep(const RankedRows& rows, const GroupIndex& groups,
             const std::vector<uint32_t>& offsets, const SweepOptions& options,
             uint32_t block, Replicates& out)
      : rows_(rows),
        offsets_(offsets),
        options_(options),
        block_(block),
        out_(out),
        weights_(rows, options.resampling, StreamKey(options.seed, "bootstrap"),
                 block),
        groupings_(static_cast<int>(groups.groupings.size())),
        group_count_(groups.groups.size()),
        counters_(group_count_, options.average_precision,
                  !options.bin_ends.empty()) {
    if (options.refit != nullptr) {
      cuts_ = FitCuts(rows, *options.refit, weights_);
    } else {
      cuts_.fill(options.flagged);
    }
    stops_.assign(cuts_.begin(), cuts_.end());
    stops_.insert(stops_.end(), options.bin_ends.begin(),
                  options.bin_ends.end());
    stops_.push_back(rows.size());
    std::sort(stops_.begin(), stops_.end());
    stops_.erase(std::unique(stops_.begin(), stops_.end()), stops_.end());
  }

  void Run() {
    int64_t position = 0;
    for (const int64_t stop : stops_) {
      while (position < stop) position = Advance(position, stop);
      AtStop(stop);
    }
    Finish();
  }

 private:
  // Sweeps one chunk, or one tie block too long for a chunk.
  int64_t Advance(int64_t begin, int64_t stop) {
    int64_t end = std::min(begin + kChunkRows, stop);
    if (end < stop && rows_.scores[end] == rows_.scores[end - 1]) {
      const double tied = rows_.scores[end];
      while (end > begin && rows_.scores[end - 1] == tied) --end;
      if (end == begin) {
        end = rows_.TieEnd(begin);
        LongTie(begin, end);
        return end;
      }
    }
    buffer_.resize(kChunkRows * kLanes);
    weights_.Fill(begin, end, buffer_.data());
    const Chunk chunk{buffer_.data(),
                      rows_.scores.data() + begin,
                      rows_.cell_label.data() + begin,
                      offsets_.data(),
                      groupings_,
                      end - begin,
                      options_.average_precision,
                      !options_.bin_ends.empty()};
    SweepRows(chunk, 0, end - begin, counters_.positives.data(),
              counters_.negatives.data(), counters_.misorder.data(),
              counters_.precision.data(), counters_.score.data());
    return end;
  }

  // Hard decisions and coarse scores: first the block's own sums, then one
  // update a group.
  void LongTie(int64_t begin, int64_t end) {
    if (!tied_positives_) {
      tied_positives_ = std::make_unique<LaneCounters<uint32_t>>(group_count_);
      tied_negatives_ = std::make_unique<LaneCounters<uint32_t>>(group_count_);
    }
    tied_positives_->Clear();
    tied_negatives_->Clear();
    buffer_.resize(kChunkRows * kLanes);
    for (int64_t from = begin; from < end; from += kChunkRows) {
      const int64_t to = std::min(from + kChunkRows, end);
      weights_.Fill(from, to, buffer_.data());
      for (int64_t i = from; i < to; ++i) {
        const uint32_t* group =
            offsets_.data() + static_cast<size_t>(rows_.cell(i)) * groupings_;
        uint32_t* counter = rows_.positive(i) ? tied_positives_->data()
                                              : tied_negatives_->data();
        const uint8_t* w = buffer_.data() + (i - from) * kLanes;
        for (int g = 0; g < groupings_; ++g) {
          for (int l = 0; l < kLanes; ++l) counter[group[g] + l] += w[l];
        }
      }
    }
    const float tied_score = static_cast<float>(rows_.scores[begin]);
    for (size_t g = 0; g < group_count_; ++g) AddTie(g, tied_score);
  }

  void AddTie(size_t group, float tied_score) {
    const uint32_t* tied_p = (*tied_positives_)[group];
    const uint32_t* tied_n = (*tied_negatives_)[group];
    uint32_t* p = counters_.positives[group];
    uint32_t* n = counters_.negatives[group];
    uint64_t* misorder = counters_.misorder[group];
    for (int l = 0; l < kLanes; ++l) {
      misorder[l] += static_cast<uint64_t>(tied_p[l]) *
                     (2 * static_cast<uint64_t>(n[l]) + tied_n[l]);
    }
    AddWeights(tied_p, p);
    AddWeights(tied_n, n);
    if (options_.average_precision) {
      AddPrecision(tied_p, p, n, counters_.precision[group]);
    }
    if (!options_.bin_ends.empty()) {
      float* score = counters_.score[group];
      for (int l = 0; l < kLanes; ++l) {
        score[l] += static_cast<float>(tied_p[l] + tied_n[l]) * tied_score;
      }
    }
  }

  void AtStop(int64_t position) {
    if (std::binary_search(options_.bin_ends.begin(), options_.bin_ends.end(),
                           position)) {
      CloseBin();
    }
    for (int l = 0; l < kLanes; ++l) {
      if (cuts_[l] != position || Replicate(l) >= out_.replicates) continue;
      for (size_t g = 0; g < group_count_; ++g) {
        out_.tp[g * out_.stride + Replicate(l)] = counters_.positives[g][l];
        out_.fp[g * out_.stride + Replicate(l)] = counters_.negatives[g][l];
      }
    }
  }

  void CloseBin() {
    for (size_t g = 0; g < group_count_; ++g) {
      const uint32_t* p = counters_.positives[g];
      uint32_t* start = counters_.bin_start[g];
      float* score = counters_.score[g];
      float* error = counters_.bin_error[g];
      for (int l = 0; l < kLanes; ++l) {
        const float observed = static_cast<float>(p[l] - start[l]);
        error[l] += std::abs(observed - score[l]);
        score[l] = 0;
        start[l] = p[l];
      }
    }
  }

  void Finish() {
    const double nan = std::numeric_limits<double>::quiet_NaN();
    for (size_t g = 0; g < group_count_; ++g) {
      for (int l = 0; l < kLanes; ++l) {
        if (Replicate(l) >= out_.replicates) break;
        const size_t at = g * out_.stride + Replicate(l);
        const double p = out_.positives[at] = counters_.positives[g][l];
        const double n = out_.negatives[at] = counters_.negatives[g][l];
        if (options_.auroc) {
          out_.auroc[at] =
              p > 0 && n > 0
                  ? 1 - static_cast<double>(counters_.misorder[g][l]) /
                            (2 * p * n)
                  : nan;
        }
        if (options_.average_precision) {
          out_.average_precision[at] =
              p > 0 ? counters_.precision[g][l] / p : nan;
        }
        if (!options_.bin_ends.empty()) {
          out_.ece[at] = p + n > 0 ? counters_.bin_error[g][l] / (p + n) : nan;
        }
      }
    }
  }

  int64_t Replicate(int lane) const {
    return static_cast<int64_t>(block_) * kLanes + lane;
  }

  const RankedRows& rows_;
  const std::vector<uint32_t>& offsets_;
  const SweepOptions& options_;
  const uint32_t block_;
  Replicates& out_;
  const LaneWeights weights_;
  const int groupings_;
  const size_t group_count_;
  Counters counters_;
  std::array<int64_t, kLanes> cuts_{};
  std::vector<int64_t> stops_;
  std::vector<uint8_t> buffer_;
  std::unique_ptr<LaneCounters<uint32_t>> tied_positives_;
  std::unique_ptr<LaneCounters<uint32_t>> tied_negatives_;
};

}  // namespace

Replicates Sweep(const RankedRows& rows, const GroupIndex& groups,
                 const SweepOptions& options,
                 const std::function<void(int64_t)>& advance) {
  if (rows.weighted()) return WeightedSweep(rows, groups, options, advance);
  Replicates out;
  out.replicates = options.resampling == Resampling::kGroupedJackknife
                       ? kLanes
                       : options.replicates;
  const int64_t blocks = (out.replicates + kLanes - 1) / kLanes;
  out.stride = out.replicates;
  const size_t cells = groups.groups.size() * out.stride;
  for (auto* counts : {&out.tp, &out.fp, &out.positives, &out.negatives}) {
    counts->resize(cells);
  }
  if (options.auroc) out.auroc.resize(cells);
  if (options.average_precision) out.average_precision.resize(cells);
  if (!options.bin_ends.empty()) out.ece.resize(cells);

  std::vector<uint32_t> offsets(groups.group_of_cell.size());
  for (size_t i = 0; i < offsets.size(); ++i) {
    offsets[i] = groups.group_of_cell[i] * kLanes;
  }
  const BlockRange own = OwnBlocks(options.processes, blocks);
  ParallelFor(own.end - own.begin, options.threads, [&](int64_t i) {
    BlockSweep(rows, groups, offsets, options,
               static_cast<uint32_t>(own.begin + i), out)
        .Run();
    if (advance) advance(rows.size());
  });
  ShareReplicates(options.processes, &out);
  return out;
}

std::vector<int64_t> EqualCountBins(const RankedRows& rows, int bins) {
  if (rows.weighted()) return EqualWeightBins(rows, bins);
  std::vector<int64_t> ends;
  for (int bin = 1; bin <= bins; ++bin) {
    int64_t end = rows.size() * bin / bins;
    if (end > 0 && end < rows.size()) end = rows.TieEnd(end - 1);
    if (end > (ends.empty() ? 0 : ends.back())) ends.push_back(end);
  }
  return ends;
}

}  // namespace plumbline
