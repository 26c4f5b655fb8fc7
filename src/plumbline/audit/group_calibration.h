// Calibration slope and intercept of every group of one grouping.
#pragma once

#include <vector>

#include "plumbline/audit/ranked_rows.h"
#include "plumbline/stats/calibration.h"
#include "plumbline/table/groups.h"

namespace plumbline {

// logit of the ranked scores, clipped as FitCalibration clips them.
std::vector<double> LogitScores(const RankedRows& rows);

// One entry a group of groups.groupings[grouping], equal to FitCalibration
// (stats/calibration.h) of the group's rows; `logits` is LogitScores(rows),
// `subjects` null where rows are independent. All groups are fitted in the
// same passes over the rows.
std::vector<CalibrationFit> CalibrateGroups(const RankedRows& rows,
                                            const std::vector<double>& logits,
                                            const SubjectRows* subjects,
                                            const GroupIndex& groups,
                                            int grouping);

}  // namespace plumbline
