// Subject-cluster bootstrap: counter-based weights and the intervals made from
// replicates.
#pragma once

#include <cstdint>
#include <span>

#include "plumbline/base/random.h"
#include "plumbline/stats/interval.h"

namespace plumbline {

// Replicates are drawn in blocks of this many, one weight a lane.
inline constexpr int kBootstrapLanes = 64;

// Poisson(1) weights of one subject in the replicates
// [block * kBootstrapLanes, (block + 1) * kBootstrapLanes). A pure function of
// its arguments: the same for every thread count, machine and instruction set.
//
// Drawn by inversion from 16 random bits: values 0 to 8, mean exactly 1,
// variance 0.99997. The bits are eight Philox4x32-10 blocks with the counters
// {subject, block, i, kPoissonCounter}, i = 0 to 7. Lane l takes the word
// 2 * (l / 32) + (l / 2) % 2 of block i = (l % 32) / 4: its lower half if l is
// even, else its upper half.
//
// Source: Hanley and MacGibbon 2006, Comput. Methods Programs Biomed. 83:57-62
// (Poisson weights); bits from Philox4x32-10 (base/random.h).
void PoissonWeights(PhiloxKey key, uint32_t block, uint32_t subject,
                    uint8_t weights[kBootstrapLanes]);

// The same for many subjects, one after the other: weights has
// subjects.size() * kBootstrapLanes elements.
void PoissonWeightsBatch(PhiloxKey key, uint32_t block,
                         std::span<const uint32_t> subjects, uint8_t* weights);

// The fourth word of the counters above.
inline constexpr uint32_t kPoissonCounter = 0x504c4257u;

struct BootstrapSummary {
  // value is the estimate on the data itself, which may lie outside lo to hi.
  Interval interval{};
  // Standard deviation of the defined replicates (divisor defined - 1); NaN for
  // fewer than two, infinite if one of them is.
  double standard_error = 0;
  int64_t defined = 0;     // replicates that were not NaN
  int64_t replicates = 0;  // all of them
};

// Percentile interval. NaN replicates (one-class resamples) are left out and
// counted; when fewer than `min_defined_share` of them are defined, fewer than
// two are, or the estimate is NaN, lo and hi are NaN. Infinite replicates (a
// ratio to nothing) are defined. Quantiles by linear interpolation (type 7).
// Throws Error(kUsage) unless 0 < level < 1.
BootstrapSummary PercentileInterval(double estimate,
                                    std::span<const double> replicates,
                                    double level = 0.95,
                                    double min_defined_share = 0.95);

// Bias-corrected and accelerated interval. `jackknife` are the estimates with
// one subject, or one of k >= 20 groups of subjects, left out; values that are
// not finite are not counted. Replicates equal to the estimate count half in
// the bias correction. lo and hi are also NaN when all replicates lie on one
// side of the estimate, when fewer than two jackknife values are left, and when
// the acceleration is too large for the correction to be defined.
//
// Source: Efron 1987, JASA 82:171-185; Efron and Tibshirani 1993, eq. 14.10 and
// 14.15.
BootstrapSummary BcaInterval(double estimate,
                             std::span<const double> replicates,
                             std::span<const double> jackknife,
                             double level = 0.95,
                             double min_defined_share = 0.95);

// Resampled cell counts without touching the rows: when rows are independent
// the row bootstrap of the counts of disjoint cells is exactly
// Poisson(count) a cell (Multinomial given the total). Writes one replicate to
// `resampled`, a pure function of the other arguments.
//
// Throws Error(kInvalidInput) if a count is negative or the lengths differ.
void ResampleCells(std::span<const int64_t> counts, PhiloxKey key,
                   uint64_t replicate, std::span<int64_t> resampled);

// Quantile with linear interpolation (Hyndman and Fan type 7) of values in
// ascending order; probability in [0, 1]. NaN of no values.
double SortedQuantile(std::span<const double> sorted, double probability);

}  // namespace plumbline
