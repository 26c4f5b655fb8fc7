#include "plumbline/stats/studentized_range.h"

#include <cmath>
#include <numbers>

#include "plumbline/base/error.h"
#include "plumbline/stats/normal.h"

namespace plumbline {

double StudentizedRangeCdf(double q, int groups) {
  if (q <= 0) return 0;
  // groups * integral of phi(z) (Phi(z) - Phi(z - q))^(groups - 1), by the
  // trapezoid rule, which converges exponentially for this integrand.
  constexpr double kLimit = 8.5;
  constexpr int kSteps = 400;
  constexpr double kStep = 2 * kLimit / kSteps;
  double sum = 0;
  for (int i = 0; i <= kSteps; ++i) {
    // z is the largest of the values, so the mass lies above the centre too.
    const double z = -kLimit + i * kStep;
    const double inside = NormalCdf(z) - NormalCdf(z - q);
    sum += std::exp(-z * z / 2) * std::pow(inside, groups - 1);
  }
  const double density = 1 / std::sqrt(2 * std::numbers::pi);
  return std::fmin(1.0, groups * density * sum * kStep);
}

double StudentizedRangeQuantile(double level, int groups) {
  if (!(level > 0 && level < 1) || groups < 2) {
    throw Error(ErrorCode::kInvalidInput,
                "a studentised range needs a level in (0, 1) and two groups or "
                "more, found level {} and {} groups",
                level, groups);
  }
  double lo = 0;
  double hi = 40;
  while (hi - lo > 1e-10) {
    const double middle = (lo + hi) / 2;
    (StudentizedRangeCdf(middle, groups) < level ? lo : hi) = middle;
  }
  return (lo + hi) / 2;
}

}  // namespace plumbline
