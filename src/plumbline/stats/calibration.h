// Calibration of probabilities.
#pragma once

#include <cstdint>
#include <span>

namespace plumbline {

struct CalibrationFit {
  // Logistic regression of the label on logit(score): slope 1 and intercept 0
  // for a calibrated model. Standard errors are cluster-robust (sandwich, times
  // S / (S - 1) for S clusters; NaN for one cluster).
  double slope = 0;
  double slope_se = 0;
  double intercept = 0;  // at slope 1 (offset): calibration in the large
  double intercept_se = 0;
  // Both are defined. The slope is NaN if the scores are constant or separate
  // the classes (there is no maximum of the likelihood); the intercept is NaN
  // if one class is absent or the maximum is flat (nearly all scores 0 or 1).
  bool converged = false;
};

// `scores` in [0, 1], clipped to [1e-12, 1 - 1e-12] before the logit; labels 0
// or 1; `clusters` may be empty (rows independent: each is its own cluster).
// Newton's method, at most 50 steps.
//
// Throws Error(kInvalidInput) if a score lies outside [0, 1], a label is
// neither 0 nor 1, or the lengths differ.
//
// Source: Cox 1958, Biometrika 45:562-565; Van Calster et al. 2019, BMC Med.
// 17:230; sandwich: Liang and Zeger 1986, Biometrika 73:13-22.
CalibrationFit FitCalibration(std::span<const double> scores,
                              std::span<const uint8_t> labels,
                              std::span<const uint32_t> clusters);

// Spiegelhalter's z: ~ N(0, 1) if calibrated. Infinite if a certain score (0 or
// 1) is wrong and none is uncertain; NaN if it is 0 / 0 (all scores are 0, 1/2
// or 1 and nothing contradicts them). Throws as FitCalibration.
//
// Source: Spiegelhalter 1986, Stat. Med. 5:421-433.
double SpiegelhalterZ(std::span<const double> scores,
                      std::span<const uint8_t> labels);

}  // namespace plumbline
