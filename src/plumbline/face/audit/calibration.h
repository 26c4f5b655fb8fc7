// Thresholds that are fitted on a set of people of its own.
#pragma once

#include <vector>

#include "plumbline/face/audit/face_result.h"

namespace plumbline::face {

struct Calibrated {
  FaceCalibration about;
  std::string source;                // "calibration", "calibration, sex=M"
  std::vector<FmrThreshold> fitted;  // one for each of options.at
  // For each of options.at, the threshold of each replicate, in which people
  // of the calibration set are drawn; empty for a given threshold, and for one
  // that cannot be reached.
  std::vector<std::vector<double>> replicates;
};

// Throws Error(kInvalidInput) if there are no impostor comparisons,
// Error(kUsage) if the calibration set lacks options.threshold_group.
Calibrated Calibrate(const FaceInput& calibration, const FaceInput& audited,
                     const FaceAuditOptions& options);

}  // namespace plumbline::face
