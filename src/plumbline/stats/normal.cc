#include "plumbline/stats/normal.h"

#include <cmath>
#include <limits>
#include <numbers>

#include <boost/math/distributions/students_t.hpp>
#include <boost/math/special_functions/erf.hpp>
#include <boost/math/special_functions/gamma.hpp>

#include "plumbline/base/error.h"

namespace plumbline {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

// Plain double arithmetic: long double differs between processors.
using Policy =
    boost::math::policies::policy<boost::math::policies::promote_double<false>>;

// True when p is 0, 1 or no probability; `*end` is then the quantile.
bool IsEnd(double p, double* end) {
  if (p > 0 && p < 1) return false;
  *end = p == 0 ? -kInfinity : p == 1 ? kInfinity : kNaN;
  return true;
}

}  // namespace

double NormalCdf(double z) { return 0.5 * std::erfc(-z / std::numbers::sqrt2); }

double NormalQuantile(double p) {
  double end;
  if (IsEnd(p, &end)) return end;
  return -std::numbers::sqrt2 * boost::math::erfc_inv(2 * p, Policy());
}

double TwoSidedNormalP(double z) {
  return std::erfc(std::abs(z) / std::numbers::sqrt2);
}

double TwoSidedZ(double level) {
  CheckLevel(level);
  return std::numbers::sqrt2 * boost::math::erf_inv(level, Policy());
}

double ChiSquaredUpperTail(double x, double degrees) {
  if (std::isnan(x) || !(degrees > 0)) return kNaN;
  if (x <= 0) return 1;
  if (std::isinf(x)) return 0;
  return boost::math::gamma_q(degrees / 2, x / 2, Policy());
}

double StudentQuantile(double p, double degrees) {
  if (!(degrees > 0)) return kNaN;
  if (std::isinf(degrees)) return NormalQuantile(p);
  double end;
  if (IsEnd(p, &end)) return end;
  return boost::math::quantile(
      boost::math::students_t_distribution<double, Policy>(degrees), p);
}

double TwoSidedStudentP(double t, double degrees) {
  if (std::isnan(t) || !(degrees > 0)) return kNaN;
  if (std::isinf(degrees)) return TwoSidedNormalP(t);
  if (std::isinf(t)) return 0;
  const boost::math::students_t_distribution<double, Policy> student(degrees);
  return 2 * boost::math::cdf(boost::math::complement(student, std::abs(t)));
}

double TwoSidedT(double level, double degrees) {
  CheckLevel(level);
  return StudentQuantile(0.5 + level / 2, degrees);
}

void CheckLevel(double level) {
  if (level > 0 && level < 1) return;
  throw Error(ErrorCode::kUsage,
              "the level of an interval must lie between 0 and 1, found {}; "
              "write 0.95 for 95 %",
              level);
}

}  // namespace plumbline
