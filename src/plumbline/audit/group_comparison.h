// Two groups side by side, and all groups of a grouping at once, from their
// estimates.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "plumbline/audit/metrics.h"
#include "plumbline/audit/options.h"
#include "plumbline/audit/result.h"
#include "plumbline/audit/target_data.h"
#include "plumbline/stats/heterogeneity.h"

namespace plumbline {

struct Comparison {
  double value = 0;
  double lo = 0;
  double hi = 0;
  double p = 0;
  const char* method = "none";
};

// a - b of disjoint groups (MOVER: Newcombe 1998b for rates, Zou and Donner
// 2008, Stat. Med. 27:1693-1702, for other estimates). p: score test with the
// pooled rate for rates, else Wald. When the groups share subjects the result
// is conservative.
Comparison Difference(const Metric& metric, const Estimate& a,
                      const Estimate& b, const AuditOptions& options);

// a / b: Koopman's score interval for rates (with the larger of the two design
// effects), else on the log scale. p is that of the difference.
Comparison RatioOf(const Metric& metric, const Estimate& a, const Estimate& b,
                   const AuditOptions& options);

// a - b from replicates, for groups that share subjects.
Comparison ReplicateDifference(const TargetData& data, const Metric& metric,
                               int group_a, int group_b, double value,
                               const AuditOptions& options);

// max - min over groups, what it would be by chance alone, and an interval that
// says how far chance can carry it either way.
struct LargestGap {
  Comparison gap;  // p: of the null below
  RangeNull null;
};

// The interval is value +- q, q the 95th percentile (1 - level, rather) of the
// range of the groups' errors: |max-min of estimates - max-min of truths| can
// never exceed that range. q is taken under no difference and with each group's
// own standard error, whichever is larger, so the interval holds 0 whenever the
// p-value exceeds 1 - level. `worst` (an index into estimates, or -1) is the
// group that smallest_detectable shifts. At least two estimates.
LargestGap FindLargestGap(const Metric& metric,
                          const std::vector<const Estimate*>& estimates,
                          int worst, const AuditOptions& options,
                          uint64_t stream);

// The largest a / b over pairs with an interval that holds for all pairs at
// once (Tukey-Kramer on the log scale; p is not set). NaN if a value is not
// above 0. At least two estimates.
Comparison FindLargestRatio(const std::vector<const Estimate*>& estimates,
                            const AuditOptions& options);

// Which of several groups is most probably worst by posterior, after
// shrinkage. -1 if the metric has no worse end.
struct WorstGroup {
  int index = -1;  // into the estimates
  int best = -1;
  double probability = 0;
};
WorstGroup FindWorst(const Metric& metric,
                     const std::vector<const Estimate*>& estimates,
                     const AuditOptions& options, uint64_t stream);

}  // namespace plumbline
