// AUROC (with its exact variance), average precision, ROC points and ECE of
// every group of one grouping, in one pass over the ranked rows.
#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "plumbline/audit/ranked_rows.h"
#include "plumbline/stats/roc.h"
#include "plumbline/table/groups.h"

namespace plumbline {

struct GroupRanking {
  AurocResult auroc;
  // Of the AUROC's variance; 1 where rows are independent, NaN if unknown.
  double design_effect = 1;
  double average_precision = 0;  // NaN without positives
  // Points (FPR, TPR) from (0, 0) to (1, 1), at most about `roc_points`; empty
  // if they were not asked for or one class is absent.
  std::vector<std::pair<double, double>> roc;
};

struct RankingOptions {
  bool variance = true;
  bool average_precision = true;
  int roc_points = 0;
};

// One entry a group of groups.groupings[grouping]. `subjects` is null where
// rows are independent (DeLong's variance), else it is Obuchowski's. Equal to
// DelongAuroc / ClusteredAuroc (stats/roc.h) of the group's rows.
std::vector<GroupRanking> RankGroups(const RankedRows& rows,
                                     const SubjectRows* subjects,
                                     const GroupIndex& groups, int grouping,
                                     const RankingOptions& options);

}  // namespace plumbline
