#include "plumbline/stats/equivalence.h"

#include <cmath>
#include <limits>

#include "plumbline/base/error.h"
#include "plumbline/stats/normal.h"

namespace plumbline {
namespace {

// `distance` in standard errors; at 0 / 0 there is no evidence either way.
double InStandardErrors(double distance, double standard_error) {
  if (distance == 0) return 0;
  return distance / standard_error;
}

}  // namespace

EquivalenceResult TwoOneSidedTests(double difference, double standard_error,
                                   double margin, double alpha) {
  if (!(margin > 0)) {
    throw Error(ErrorCode::kInvalidInput,
                "an equivalence margin must be > 0, found {}", margin);
  }
  if (standard_error < 0) {
    throw Error(ErrorCode::kInvalidInput,
                "a standard error must be >= 0, found {}", standard_error);
  }
  if (!(alpha > 0 && alpha < 0.5)) {
    throw Error(ErrorCode::kInvalidInput,
                "alpha must lie between 0 and 0.5, found {}", alpha);
  }
  EquivalenceResult result;
  if (!std::isfinite(difference) || !std::isfinite(standard_error)) {
    constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
    result.p_lower = result.p_upper = result.p = result.lo = result.hi = kNan;
    return result;
  }
  result.p_lower =
      NormalCdf(-InStandardErrors(difference + margin, standard_error));
  result.p_upper =
      NormalCdf(InStandardErrors(difference - margin, standard_error));
  result.p = std::fmax(result.p_lower, result.p_upper);

  const double half_width = NormalQuantile(1 - alpha) * standard_error;
  result.lo = difference - half_width;
  result.hi = difference + half_width;
  if (result.lo > -margin && result.hi < margin) {
    result.verdict = EquivalenceVerdict::kEquivalent;
  } else if (result.lo >= margin || result.hi <= -margin) {
    result.verdict = EquivalenceVerdict::kDifferent;
  }
  return result;
}

}  // namespace plumbline
