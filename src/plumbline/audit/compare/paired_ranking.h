// The difference of two models' AUROC in every group of one grouping, from the
// two orders of the rows that were found once.
#pragma once

#include <cstdint>
#include <vector>

#include "plumbline/audit/compare/paired_rows.h"
#include "plumbline/table/groups.h"

namespace plumbline {

// challenger - baseline, as PairedAuroc (stats/roc.h) of the group's rows gives
// it: DeLong's covariance form where rows are independent, else Obuchowski's.
struct PairedRanking {
  double difference = 0;  // NaN if one class is absent
  // NaN if fewer than two rows (subjects) of either class.
  double variance = 0;
  int64_t positive_clusters = 0;
  int64_t negative_clusters = 0;
};

// One entry a group of groups.groupings[grouping].
//
// Source: DeLong, DeLong, Clarke-Pearson 1988, Biometrics 44:837-845, eq. 6;
// Obuchowski 1997, Biometrics 53:567-578, section 2.
std::vector<PairedRanking> RankPairs(const PairedRows& rows,
                                     const GroupIndex& groups, int grouping);

}  // namespace plumbline
