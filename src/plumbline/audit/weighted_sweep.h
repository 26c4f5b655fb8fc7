// The sweep (sweep.h) of rows with sampling weights.
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "plumbline/audit/sweep.h"

namespace plumbline {

// As Sweep, for rows.weighted(): a row counts with its sampling weight times
// its weight in the resample, in double precision. Same result for any number
// of threads, because the rows of a block of replicates are added in one order.
Replicates WeightedSweep(const RankedRows& rows, const GroupIndex& groups,
                         const SweepOptions& options,
                         const std::function<void(int64_t)>& advance = {});

// Ends of `bins` bins that do not cut ties: the first end of a tie block at
// which the weight so far reaches a bin's share of all, less one row. One row
// is the smallest weight, so that equal weights give the bins of EqualCountBins
// and whole weights those of repeated rows.
std::vector<int64_t> EqualWeightBins(const RankedRows& rows, int bins);

}  // namespace plumbline
