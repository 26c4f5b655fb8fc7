#include "plumbline/audit/weighted_sweep.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numeric>

#include "plumbline/audit/shared_replicates.h"
#include "plumbline/audit/sweep_threshold.h"
#include "plumbline/base/thread_pool.h"
#include "plumbline/stats/bootstrap.h"
#include "plumbline/stats/target_clones.h"

namespace plumbline {
namespace {

constexpr int kLanes = kBootstrapLanes;
constexpr int64_t kChunkRows = 256;  // weights of a chunk stay in the L1 cache

// One number a replicate.
struct alignas(64) Lanes {
  double at[kLanes] = {};
};

// What a group has seen so far.
struct Counter {
  Lanes positives;
  Lanes negatives;
  Lanes misorder;   // twice the misordered weight
  Lanes precision;  // average precision times positives
  // Of the current tie block, which is settled at its end.
  Lanes tied_positives;
  Lanes tied_negatives;
  bool tied = false;
};

// Of the current calibration bin.
struct BinCounter {
  Lanes score;  // weighted sum of scores
  Lanes start;  // positives at the start of the bin
  Lanes error;  // ECE times weight, so far
};

PLUMBLINE_TARGET_CLONES
void Product(const uint8_t* __restrict resampled, double weight,
             double* __restrict w) {
  for (int l = 0; l < kLanes; ++l) w[l] = resampled[l] * weight;
}

PLUMBLINE_TARGET_CLONES
void AddTo(const double* __restrict w, double factor, double* __restrict to) {
  for (int l = 0; l < kLanes; ++l) to[l] += w[l] * factor;
}

// One positive whose score no other row has.
PLUMBLINE_TARGET_CLONES
void AddPositive(const double* __restrict w, const double* __restrict negatives,
                 double* __restrict positives, double* __restrict misorder) {
  for (int l = 0; l < kLanes; ++l) {
    misorder[l] += 2 * w[l] * negatives[l];
    positives[l] += w[l];
  }
}

PLUMBLINE_TARGET_CLONES
void AddPrecision(const double* __restrict w,
                  const double* __restrict positives,
                  const double* __restrict negatives,
                  double* __restrict precision) {
  for (int l = 0; l < kLanes; ++l) {
    const double above = positives[l] + negatives[l];
    precision[l] += above > 0 ? w[l] * positives[l] / above : 0;
  }
}

PLUMBLINE_TARGET_CLONES
void SettleTie(Counter& c) {
  for (int l = 0; l < kLanes; ++l) {
    c.misorder.at[l] += c.tied_positives.at[l] *
                        (2 * c.negatives.at[l] + c.tied_negatives.at[l]);
    c.positives.at[l] += c.tied_positives.at[l];
    c.negatives.at[l] += c.tied_negatives.at[l];
  }
}

// One block of 64 replicates.
class BlockSweep {
 public:
  BlockSweep(const RankedRows& rows, const GroupIndex& groups,
             const SweepOptions& options, uint32_t block, Replicates& out)
      : rows_(rows),
        groups_(groups),
        options_(options),
        block_(block),
        out_(out),
        weights_(rows, options.resampling, StreamKey(options.seed, "bootstrap"),
                 block),
        groupings_(static_cast<int>(groups.groupings.size())),
        counters_(groups.groups.size()),
        bins_(options.bin_ends.empty() ? 0 : groups.groups.size()) {
    if (options.refit != nullptr) {
      cuts_ = FitCuts(rows, *options.refit, weights_);
    } else {
      cuts_.fill(options.flagged);
    }
  }

  void Run() {
    std::vector<uint8_t> resampled(kChunkRows * kLanes);
    AtStop(0);
    for (int64_t begin = 0; begin < rows_.size(); begin += kChunkRows) {
      const int64_t end = std::min(begin + kChunkRows, rows_.size());
      weights_.Fill(begin, end, resampled.data());
      for (int64_t i = begin; i < end; ++i) {
        AddRow(i, resampled.data() + (i - begin) * kLanes);
      }
    }
    Finish();
  }

 private:
  bool TiedWith(int64_t i, int64_t other) const {
    return other >= 0 && other < rows_.size() &&
           rows_.scores[i] == rows_.scores[other];
  }

  void AddRow(int64_t i, const uint8_t* resampled) {
    Lanes w;
    Product(resampled, rows_.weights[i], w.at);
    const bool tied_with_next = TiedWith(i, i + 1);
    const bool alone = !tied_with_next && !TiedWith(i, i - 1);
    for (int g = 0; g < groupings_; ++g) {
      const uint32_t group = groups_.GroupOf(rows_.cell(i), g);
      if (!bins_.empty()) {
        AddTo(w.at, rows_.scores[i], bins_[group].score.at);
      }
      if (alone) {
        AddAlone(i, w, counters_[group]);
      } else {
        AddTied(i, w, group);
      }
    }
    if (tied_with_next) return;
    for (const uint32_t group : in_tie_) CloseTie(counters_[group]);
    in_tie_.clear();
    AtStop(i + 1);
  }

  void AddAlone(int64_t i, const Lanes& w, Counter& c) const {
    if (!rows_.positive(i)) {
      AddTo(w.at, 1, c.negatives.at);
      return;
    }
    AddPositive(w.at, c.negatives.at, c.positives.at, c.misorder.at);
    if (options_.average_precision) {
      AddPrecision(w.at, c.positives.at, c.negatives.at, c.precision.at);
    }
  }

  void AddTied(int64_t i, const Lanes& w, uint32_t group) {
    Counter& c = counters_[group];
    if (!c.tied) in_tie_.push_back(group);
    c.tied = true;
    AddTo(w.at, 1,
          rows_.positive(i) ? c.tied_positives.at : c.tied_negatives.at);
  }

  void CloseTie(Counter& c) const {
    SettleTie(c);
    if (options_.average_precision) {
      AddPrecision(c.tied_positives.at, c.positives.at, c.negatives.at,
                   c.precision.at);
    }
    c.tied_positives = c.tied_negatives = Lanes{};
    c.tied = false;
  }

  void AtStop(int64_t position) {
    if (!bins_.empty() &&
        std::binary_search(options_.bin_ends.begin(), options_.bin_ends.end(),
                           position)) {
      CloseBin();
    }
    for (int l = 0; l < kLanes; ++l) {
      if (cuts_[l] != position || Replicate(l) >= out_.replicates) continue;
      for (size_t g = 0; g < counters_.size(); ++g) {
        const size_t at = g * out_.stride + Replicate(l);
        out_.weighted_tp[at] = counters_[g].positives.at[l];
        out_.weighted_fp[at] = counters_[g].negatives.at[l];
      }
    }
  }

  void CloseBin() {
    for (size_t g = 0; g < counters_.size(); ++g) {
      const Lanes& p = counters_[g].positives;
      BinCounter& bin = bins_[g];
      for (int l = 0; l < kLanes; ++l) {
        bin.error.at[l] +=
            std::abs(p.at[l] - bin.start.at[l] - bin.score.at[l]);
        bin.start.at[l] = p.at[l];
        bin.score.at[l] = 0;
      }
    }
  }

  void Finish() {
    const double nan = std::numeric_limits<double>::quiet_NaN();
    for (size_t g = 0; g < counters_.size(); ++g) {
      const Counter& c = counters_[g];
      for (int l = 0; l < kLanes && Replicate(l) < out_.replicates; ++l) {
        const size_t at = g * out_.stride + Replicate(l);
        const double p = out_.weighted_positives[at] = c.positives.at[l];
        const double n = out_.weighted_negatives[at] = c.negatives.at[l];
        if (options_.auroc) {
          out_.auroc[at] =
              p > 0 && n > 0 ? 1 - c.misorder.at[l] / (2 * p * n) : nan;
        }
        if (options_.average_precision) {
          out_.average_precision[at] = p > 0 ? c.precision.at[l] / p : nan;
        }
        if (!bins_.empty()) {
          out_.ece[at] = p + n > 0 ? bins_[g].error.at[l] / (p + n) : nan;
        }
      }
    }
  }

  int64_t Replicate(int lane) const {
    return static_cast<int64_t>(block_) * kLanes + lane;
  }

  const RankedRows& rows_;
  const GroupIndex& groups_;
  const SweepOptions& options_;
  const uint32_t block_;
  Replicates& out_;
  const LaneWeights weights_;
  const int groupings_;
  std::vector<Counter> counters_;
  std::vector<BinCounter> bins_;  // empty: no ECE
  std::array<int64_t, kLanes> cuts_{};
  std::vector<uint32_t> in_tie_;  // groups with rows in the current tie block
};

}  // namespace

Replicates WeightedSweep(const RankedRows& rows, const GroupIndex& groups,
                         const SweepOptions& options,
                         const std::function<void(int64_t)>& advance) {
  Replicates out;
  out.replicates = options.resampling == Resampling::kGroupedJackknife
                       ? kLanes
                       : options.replicates;
  out.stride = out.replicates;
  const size_t cells = groups.groups.size() * out.stride;
  for (auto* sums : {&out.weighted_tp, &out.weighted_fp,
                     &out.weighted_positives, &out.weighted_negatives}) {
    sums->resize(cells);
  }
  if (options.auroc) out.auroc.resize(cells);
  if (options.average_precision) out.average_precision.resize(cells);
  if (!options.bin_ends.empty()) out.ece.resize(cells);
  const int64_t blocks = (out.replicates + kLanes - 1) / kLanes;
  const BlockRange own = OwnBlocks(options.processes, blocks);
  ParallelFor(own.end - own.begin, options.threads, [&](int64_t i) {
    BlockSweep(rows, groups, options, static_cast<uint32_t>(own.begin + i), out)
        .Run();
    if (advance) advance(rows.size());
  });
  ShareReplicates(options.processes, &out);
  return out;
}

std::vector<int64_t> EqualWeightBins(const RankedRows& rows, int bins) {
  // Rounding must not decide on which side of a share a whole weight falls.
  constexpr double kSlack = 1e-9;
  const double all =
      std::accumulate(rows.weights.begin(), rows.weights.end(), 0.0);
  const double one_row =
      *std::min_element(rows.weights.begin(), rows.weights.end());
  std::vector<int64_t> ends;
  double weight = 0;
  int64_t end = 0;
  for (int bin = 1; bin <= bins; ++bin) {
    const double reached = all * bin / bins - one_row * (1 - kSlack);
    while (end < rows.size() && (bin == bins || !(weight > reached))) {
      const int64_t next = rows.TieEnd(end);
      for (; end < next; ++end) weight += rows.weights[end];
    }
    if (end > (ends.empty() ? 0 : ends.back())) ends.push_back(end);
  }
  return ends;
}

}  // namespace plumbline
