// Sums of every group, and how they vary from subject to subject: enough for
// every metric that is a smooth function of sums, and for its cluster-robust
// variance.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "plumbline/audit/metrics.h"
#include "plumbline/audit/ranked_rows.h"
#include "plumbline/table/groups.h"

namespace plumbline {

// The sums that are kept, in this order; of weights, or of weights times
// values, where rows are weighted.
enum SumIndex {
  kTp,
  kFp,
  kFn,
  kTn,
  kScore,    // of the scores
  kBrier,    // of (score - label)^2
  kLogLoss,  // of -log(probability given to the label)
  kSumCount,
};

using SumVector = std::array<double, kSumCount>;
// kSumCount x kSumCount, row-major.
using SumProducts = std::array<double, size_t{kSumCount} * kSumCount>;

struct GroupSums {
  SumVector sums{};
  // Rows by outcome: what counts() is without weights.
  Confusion row_counts{};
  // Sum over subjects of the outer product of a subject's sums.
  SumProducts second{};
  // The same with every row a subject of its own; equal to `second`
  // where rows are independent.
  SumProducts row_second{};
  int64_t rows = 0;
  bool weighted = false;
  // Distinct subjects: all, and those with at least one such row.
  int64_t subjects = 0;
  int64_t subjects_positive = 0;
  int64_t subjects_negative = 0;
  int64_t subjects_flagged = 0;
  int64_t subjects_unflagged = 0;

  // Sums of weights by outcome.
  Confusion counts() const {
    return {sums[kTp], sums[kFp], sums[kFn], sums[kTn]};
  }
  // Sums of squared weights by outcome.
  Confusion squared_weights() const;
};

// How much more a mean varies because rows are weighted unequally, whatever is
// averaged: n sum w^2 / (sum w)^2 of `rows` rows; 1 for equal weights. The
// effective number of rows is n over it.
//
// Source: Kish 1965, "Survey Sampling", section 11.7; Kish 1992, J. Off. Stat.
// 8:183-200.
double KishEffect(double rows, double weights, double squared_weights);
double KishEffect(const GroupSums& sums);

// `counts` (sums of weights of this group, or of a resample of it) in units of
// rows: each class scaled so that the group's own would be as large as its
// number of rows. For formulas that add half a row. Without weights `counts`.
Confusion InRows(const GroupSums& sums, const Confusion& counts);

// One entry a group of `groups`. The first `flagged` ranked rows are flagged.
// `subjects` is null where rows are independent. Without `with_scores` the
// last three sums stay 0.
std::vector<GroupSums> SumGroups(const RankedRows& rows,
                                 const SubjectRows* subjects,
                                 const GroupIndex& groups, int64_t flagged,
                                 bool with_scores, int threads = 1);

// Variance of a function of the sums that does not change when all of them are
// scaled (every rate and mean), from its gradient at `sums.sums`: the
// linearisation ("ultimate cluster") estimator with factor S / (S - 1) for S
// subjects. With weights it is that of a sample drawn with replacement with
// unequal probabilities, the weights being their inverses. NaN for a single
// subject.
//
// Source: Kish and Frankel 1974, JRSS-B 36:1-37; Binder 1983, Int. Stat. Rev.
// 51:279-292.
double LinearisedVariance(const GroupSums& sums, const SumVector& gradient);

// Variance by clustering over variance as if rows were independent (with the
// weights in both): the design effect of any such function. Not below 0; NaN
// where either is unknown.
double LinearisedDesignEffect(const GroupSums& sums, const SumVector& gradient);

// The same variance as if rows were independent, without a factor: p (1 - p) /
// n for a rate without weights.
double RowVariance(const GroupSums& sums, const SumVector& gradient);

}  // namespace plumbline
