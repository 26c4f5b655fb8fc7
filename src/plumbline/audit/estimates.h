// Estimates with intervals, one metric of one group at a time.
#pragma once

#include "plumbline/audit/metrics.h"
#include "plumbline/audit/options.h"
#include "plumbline/audit/result.h"
#include "plumbline/audit/target_data.h"

namespace plumbline {

// The metric's value in `group` (index into GroupIndex::groups) with its
// cluster-robust interval at options.level. `reason` is set where the value or
// the interval is missing:
//   one_class      the denominator is empty (or one class only)
//   below_minimum  fewer than options.minimum rows in the denominator
//   unstable       no variance can be given (one subject, no convergence, too
//                  few defined replicates)
//   needs_scores   the target has hard decisions
//   not_requested  it needs replicates and options.replicates is 0
Estimate EstimateMetric(const TargetData& data, const Metric& metric, int group,
                        const AuditOptions& options);

// Rows in the metric's denominator, and distinct subjects with such a row.
struct Denominator {
  int64_t rows = 0;
  int64_t subjects = 0;
};
Denominator DenominatorOf(const Metric& metric, const GroupSums& sums);

// The variance of a rate over that of as many independent rows of equal weight,
// so that rows / design effect is its effective number of trials.
//
// By clustering alone it is at least 1; where all or none of the rows are
// events nothing is known of it and rows per subject is taken, the most it can
// be. Weights multiply it by what they do to the variance of this rate, which
// may be less than 1 (rare positives that were sampled more often), and where
// all or none of the rows are events by Kish's effect.
double DesignEffect(const TargetData& data, const Metric& metric,
                    const GroupSums& sums);

// The part of it that comes from clustering.
double ClusterEffect(const TargetData& data, const Metric& metric,
                     const GroupSums& sums);

// Gradient of a kRate, kCounts or kSums metric with respect to the sums.
SumVector GradientOf(const Metric& metric, const GroupSums& sums,
                     double threshold_odds);

// A standard error on the metric's own scale that is never 0 for a rate of 0 or
// 1: a quarter of the width of the 95 % interval, so to speak.
double WorkingStandardError(const Estimate& estimate, double level);

}  // namespace plumbline
