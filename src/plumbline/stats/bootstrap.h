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
// Drawn by inversion from 16 random bits (values 0 to 8).
//
// Source: Hanley and MacGibbon 2006, Comput. Methods Programs Biomed. 83:57-62
// (Poisson weights); bits from Philox4x32-10 (base/random.h).
void PoissonWeights(PhiloxKey key, uint32_t block, uint32_t subject,
                    uint8_t weights[kBootstrapLanes]);

struct BootstrapSummary {
  Interval interval{};        // value is the estimate on the data itself
  double standard_error = 0;  // standard deviation of the defined replicates
  int64_t defined = 0;        // replicates that were not NaN
  int64_t replicates = 0;     // all of them
};

// Percentile interval. NaN replicates (one-class resamples) are left out and
// counted; when fewer than `min_defined_share` of them are defined, lo and hi
// are NaN. Quantiles by linear interpolation (type 7).
BootstrapSummary PercentileInterval(double estimate,
                                    std::span<const double> replicates,
                                    double level = 0.95,
                                    double min_defined_share = 0.95);

// Bias-corrected and accelerated interval. `jackknife` are the estimates with
// one subject, or one of k >= 20 groups of subjects, left out.
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
// `resampled` (as long as `counts`).
void ResampleCells(std::span<const int64_t> counts, PhiloxKey key,
                   uint64_t replicate, std::span<int64_t> resampled);

// Quantile with linear interpolation (Hyndman and Fan type 7) of sorted values.
double SortedQuantile(std::span<const double> sorted, double probability);

}  // namespace plumbline
