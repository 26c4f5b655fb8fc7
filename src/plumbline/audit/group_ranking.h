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

// Adds the point to a curve if it lies at least 2 / limit from the last one in
// either direction, or ends the curve; (0, 0) comes first.
class RocTrace {
 public:
  void Add(double fpr, double tpr, int limit,
           std::vector<std::pair<double, double>>& roc);

 private:
  double last_fpr_ = 0;
  double last_tpr_ = 0;
};

struct RankingOptions {
  bool variance = true;
  bool average_precision = true;
  int roc_points = 0;
};

// One entry a group of groups.groupings[grouping]. `subjects` is null where
// rows are independent (DeLong's variance), else it is Obuchowski's. Equal to
// DelongAuroc / ClusteredAuroc (stats/roc.h) of the group's rows. Weighted rows
// go to RankWeightedGroups.
std::vector<GroupRanking> RankGroups(const RankedRows& rows,
                                     const SubjectRows* subjects,
                                     const GroupIndex& groups, int grouping,
                                     const RankingOptions& options);

// The same for rows with sampling weights, rows.weighted(): AUROC is the
// weighted share of pairs in order, sum w_i w_j [s_i > s_j] / (W1 W0), ties
// half, over positives i and negatives j. Its variance is that of its
// linearisation: row i has the influence w_i (V_i - AUROC) / W of its class,
// V_i its weighted placement in the other class, and influences are summed by
// subject with the factors of ClusteredAuroc (stats/roc.h), of rows where these
// are independent. With equal weights it is DeLong's, or Obuchowski's. The
// average precision is scikit-learn's with sample_weight. The design effect is
// clustering times Kish's effect of the weights.
//
// Source: Obuchowski 1997, Biometrics 53:567-578, section 2, with the weighted
// placements and the linearisation of Binder 1983, Int. Stat. Rev. 51:279-292;
// Yao, Li and Graubard 2015, Stat. Med. 34:1293-1303 (the ROC curve from
// samples with unequal probabilities).
std::vector<GroupRanking> RankWeightedGroups(const RankedRows& rows,
                                             const SubjectRows* subjects,
                                             const GroupIndex& groups,
                                             int grouping,
                                             const RankingOptions& options);

}  // namespace plumbline
