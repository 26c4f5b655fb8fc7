// Everything that is computed once for a target and then read by estimates,
// gaps, curves and missingness.
#pragma once

#include <cstdint>
#include <vector>

#include "plumbline/audit/group_calibration.h"
#include "plumbline/audit/group_ranking.h"
#include "plumbline/audit/group_sums.h"
#include "plumbline/audit/input.h"
#include "plumbline/audit/metrics.h"
#include "plumbline/audit/options.h"
#include "plumbline/audit/ranked_rows.h"
#include "plumbline/audit/result.h"
#include "plumbline/audit/sweep.h"

namespace plumbline {

// ECE of one group and what it would be on average if the scores were
// calibrated: sqrt(2 / pi) sum_b sqrt(sum_{i in b} w_i^2 p_i (1 - p_i)) / sum
// w, the mean absolute value of a normal in each bin, all w = 1 without
// weights.
struct GroupEce {
  double value = 0;
  double null_expected = 0;
};

struct TargetData {
  int index = 0;
  bool clustered = false;
  RankedRows rows;
  SubjectRows subjects;  // filled if clustered
  FittedThreshold threshold;
  int64_t flagged = 0;    // ranked rows at or above the threshold
  bool refitted = false;  // in every replicate
  bool hard_decisions = false;
  std::vector<GroupSums> sums;                // a group
  std::vector<GroupRanking> ranking;          // a group
  std::vector<GroupCalibration> calibration;  // a group, or empty
  std::vector<GroupEce> ece;                  // a group, or empty
  Replicates bootstrap;                       // empty without replicates
  Replicates jackknife;                       // only for BCa

  const SubjectRows* SubjectsOrNull() const {
    return clustered ? &subjects : nullptr;
  }
  double threshold_odds() const;
};

// What the wanted metrics need.
struct Needs {
  bool ranking = false;
  bool average_precision = false;
  bool sums_of_scores = false;
  bool ece = false;
  bool calibration = false;
};
Needs NeedsOf(const std::vector<const Metric*>& metrics);

// Ranks, fits the threshold, sums, and draws the replicates.
TargetData PrepareTarget(const AuditInput& input, int target,
                         const AuditOptions& options,
                         const std::vector<const Metric*>& metrics);

// CountMetric of `counts`, which are sums of weights of this group or of a
// resample of it: the metrics that add half a row to a count need to know how
// many rows there are (InRows, group_sums.h).
double GroupCountMetric(const Metric& metric, const GroupSums& sums,
                        const Confusion& counts, double threshold_odds);

// One metric of one group in replicate r, NaN where it is undefined.
double ReplicateMetric(const TargetData& data, const Replicates& replicates,
                       const Metric& metric, int group, int64_t r);

// All replicates of it.
std::vector<double> ReplicatesOf(const TargetData& data,
                                 const Replicates& replicates,
                                 const Metric& metric, int group);

}  // namespace plumbline
