// How the sums of two models vary together from subject to subject: enough for
// the paired variance of every metric that is a smooth function of sums.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "plumbline/audit/compare/paired_rows.h"
#include "plumbline/audit/group_sums.h"
#include "plumbline/table/groups.h"

namespace plumbline {

// Of the rows of one class: how often which model flagged.
struct JointFlags {
  double both = 0;
  double baseline_only = 0;
  double challenger_only = 0;
  double neither = 0;
};

struct PairedSums {
  // The baseline's sums of a subject (SumIndex, group_sums.h), then the
  // challenger's minus the baseline's.
  static constexpr int kSize = 2 * kSumCount;
  // Sum over subjects of the products of these, the upper triangle by rows.
  // From the differences, not from each model's own: exactly 0 where the
  // models agree.
  std::array<double, size_t{kSize} * (kSize + 1) / 2> second{};
  // The same with every row a subject of its own.
  std::array<double, size_t{kSize} * (kSize + 1) / 2> row_second{};
  std::array<JointFlags, 2> flags{};  // by label
  int64_t rows = 0;
  int64_t subjects = 0;
};

// One entry a group of `groups`.
std::vector<PairedSums> SumPairs(const PairedRows& rows,
                                 const GroupIndex& groups, bool with_scores);

// Variance of f(challenger) - f(baseline) from the gradients of f at the two
// models' sums (see LinearisedVariance, group_sums.h): the linearisation of the
// difference, with factor S / (S - 1) for S subjects. NaN for one subject.
double PairedVariance(const PairedSums& sums, const SumVector& of_baseline,
                      const SumVector& of_challenger);

// The same over the variance if rows were independent, at least 1. Where
// nothing differs nothing can be learned of it; rows per subject, the most it
// can be, is then taken.
double PairedDesignEffect(const PairedSums& sums, const SumVector& of_baseline,
                          const SumVector& of_challenger);

}  // namespace plumbline
