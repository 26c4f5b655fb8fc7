// Bootstrap replicates of every group at once: one walk down the ranked rows
// with 64 resamples side by side.
//
// A row adds its weight to the counters of its group in every grouping. At the
// end of the walk the counters are the resampled positives and negatives; on
// the way they give the AUROC with ties, the average precision and the ECE; at
// the decision threshold they are the true and false positives. So every metric
// of every group comes from the same resamples, and nothing is sorted twice.
//
// Where rows have sampling weights, a row's weight in a resample is the product
// of the two, and the counters are real numbers (weighted_sweep.cc).
#pragma once

#include <algorithm>
#include <cstdint>
#include <functional>
#include <vector>

#include "plumbline/audit/metrics.h"
#include "plumbline/audit/ranked_rows.h"
#include "plumbline/audit/threshold.h"
#include "plumbline/base/communicator.h"
#include "plumbline/base/random.h"
#include "plumbline/table/groups.h"

namespace plumbline {

// Poisson(1) weights by subject, or the 64 delete-one-group jackknife samples
// (subjects dealt into 64 groups by their number).
enum class Resampling { kPoissonBootstrap, kGroupedJackknife };

struct SweepOptions {
  Resampling resampling = Resampling::kPoissonBootstrap;
  int replicates = 0;  // of the bootstrap; the jackknife always has 64
  uint64_t seed = 1;
  bool auroc = true;
  bool average_precision = false;
  // Ends of the calibration bins, as ranked positions; empty: no ECE.
  std::vector<int64_t> bin_ends;
  // The first `flagged` rows are flagged in every replicate, unless `refit`
  // is set: then each replicate fits this rule on its own rows.
  int64_t flagged = 0;
  const ThresholdRule* refit = nullptr;
  int threads = 0;
  // Processes that share the replicates, each of which then gets all of them;
  // null: this one alone.
  Communicator* processes = nullptr;
};

// What one replicate says of one group. Arrays of groups x stride; replicate r
// of group g is at [g * stride + r]; r < replicates.
struct Replicates {
  int64_t replicates = 0;
  int64_t stride = 0;
  std::vector<uint32_t> tp;
  std::vector<uint32_t> fp;
  std::vector<uint32_t> positives;
  std::vector<uint32_t> negatives;
  // The same as sums of weights, where rows are weighted; then the four above
  // are empty, else these.
  std::vector<double> weighted_tp;
  std::vector<double> weighted_fp;
  std::vector<double> weighted_positives;
  std::vector<double> weighted_negatives;
  std::vector<double> auroc;              // NaN in one-class resamples
  std::vector<double> average_precision;  // empty if not asked for
  std::vector<double> ece;                // empty if not asked for

  // Counts, or sums of weights, of replicate and group [at].
  Confusion Counts(size_t at) const {
    if (!weighted_tp.empty()) {
      const double tp = weighted_tp[at];
      const double fp = weighted_fp[at];
      return {tp, fp, std::max(0.0, weighted_positives[at] - tp),
              std::max(0.0, weighted_negatives[at] - fp)};
    }
    const double tps = tp[at];
    const double fps = fp[at];
    return {tps, fps, positives[at] - tps, negatives[at] - fps};
  }
};

// Same result for any number of threads. `advance` is called with the number of
// finished row-visits (rows x blocks of 64), for progress.
Replicates Sweep(const RankedRows& rows, const GroupIndex& groups,
                 const SweepOptions& options,
                 const std::function<void(int64_t)>& advance = {});

// Ends of `bins` calibration bins of about equal size (of equal weight where
// rows are weighted) that do not cut ties.
std::vector<int64_t> EqualCountBins(const RankedRows& rows, int bins);

}  // namespace plumbline
