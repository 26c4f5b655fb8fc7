#include "plumbline/face/statistics/sample_size.h"

#include <cmath>
#include <limits>

#include "plumbline/base/error.h"
#include "plumbline/stats/normal.h"

namespace plumbline::face {

double ErrorsForPrecision(double relative, double design_effect, double level) {
  if (!(relative > 0) || !(design_effect > 0)) {
    throw Error(ErrorCode::kUsage,
                "a relative precision and a design effect must be above 0, not "
                "{} and {}",
                relative, design_effect);
  }
  const double z = TwoSidedZ(level) / relative;
  return design_effect * z * z;
}

double ErrorsForRatio(double ratio, double design_effect, double level,
                      double power) {
  if (!(ratio > 1)) {
    throw Error(ErrorCode::kUsage, "a ratio to show must be above 1, not {}",
                ratio);
  }
  const double z = TwoSidedZ(level) + NormalQuantile(power);
  const double log_ratio = std::log(ratio);
  return z * z * design_effect * (1 + 1 / ratio) / (log_ratio * log_ratio);
}

double SmallestRatio(double errors, double design_effect, double level,
                     double power) {
  double lo = 1 + 1e-9;
  double hi = 1e9;
  if (!(errors > 0) ||
      ErrorsForRatio(hi, design_effect, level, power) > errors) {
    return std::numeric_limits<double>::infinity();
  }
  // The errors needed fall as the ratio rises.
  for (int i = 0; i < 100; ++i) {
    const double middle = std::sqrt(lo * hi);
    (ErrorsForRatio(middle, design_effect, level, power) > errors ? lo : hi) =
        middle;
  }
  return hi;
}

int64_t SubjectsForErrors(double errors, double fmr) {
  const double pairs = errors / fmr;
  return static_cast<int64_t>(std::ceil((1 + std::sqrt(1 + 8 * pairs)) / 2));
}

}  // namespace plumbline::face
