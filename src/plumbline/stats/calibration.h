// Calibration of probabilities.
#pragma once

#include <cstdint>
#include <span>

namespace plumbline {

struct CalibrationFit {
  // Logistic regression of the label on logit(score): slope 1 and intercept 0
  // for a calibrated model. Standard errors are cluster-robust (sandwich).
  double slope = 0;
  double slope_se = 0;
  double intercept = 0;  // at slope 1 (offset): calibration in the large
  double intercept_se = 0;
  bool converged = false;  // false: separated or constant scores; values NaN
};

// `scores` in [0, 1], clipped to [1e-12, 1 - 1e-12] before the logit; labels 0
// or 1; `clusters` may be empty. Newton's method, at most 50 steps.
//
// Source: Cox 1958, Biometrika 45:562-565; Van Calster et al. 2019, BMC Med.
// 17:230.
CalibrationFit FitCalibration(std::span<const double> scores,
                              std::span<const uint8_t> labels,
                              std::span<const uint32_t> clusters);

// Spiegelhalter's z: ~ N(0, 1) if calibrated. Spiegelhalter 1986, Stat. Med.
// 5:421-433.
double SpiegelhalterZ(std::span<const double> scores,
                      std::span<const uint8_t> labels);

}  // namespace plumbline
