// Calibration slope and intercept of every group of one grouping.
#pragma once

#include <vector>

#include "plumbline/audit/ranked_rows.h"
#include "plumbline/stats/calibration.h"
#include "plumbline/table/groups.h"

namespace plumbline {

struct GroupCalibration {
  CalibrationFit fit;
  // Of the sandwich variances; 1 where rows are independent.
  double slope_design_effect = 1;
  double intercept_design_effect = 1;
};

// logit of the ranked scores, clipped as FitCalibration clips them.
std::vector<double> LogitScores(const RankedRows& rows);

// Sampling weights multiply a row's likelihood, and its score in the sandwich
// (Binder 1983, Int. Stat. Rev. 51:279-292).
//
// One entry a group of groups.groupings[grouping]; the fit equals
// FitCalibration (stats/calibration.h) of the group's rows; `logits` is
// LogitScores(rows), `subjects` null where rows are independent. All groups are
// fitted in the same passes over the rows.
std::vector<GroupCalibration> CalibrateGroups(const RankedRows& rows,
                                              const std::vector<double>& logits,
                                              const SubjectRows* subjects,
                                              const GroupIndex& groups,
                                              int grouping);

}  // namespace plumbline
