#include "plumbline/stats/paired_proportion.h"

#include <algorithm>
#include <cmath>

#include <boost/math/distributions/binomial.hpp>

#include "plumbline/stats/proportion.h"

namespace plumbline {

Interval NewcombePaired(const PairedCounts& counts, double level,
                        double design_effect) {
  const double e = counts.both;
  const double f = counts.b_only;
  const double g = counts.a_only;
  const double h = counts.neither;
  const double n = e + f + g + h;
  const auto wilson = [&](double events) {
    return WilsonInterval(static_cast<int64_t>(events), static_cast<int64_t>(n),
                          {level, design_effect});
  };
  const Interval b = wilson(e + f);
  const Interval a = wilson(e + g);
  const double product = (e + f) * (g + h) * (e + g) * (f + h);
  double phi = 0;
  if (product > 0) {
    // Continuity correction of n / 2 where the correlation is positive, of the
    // effective counts.
    const double half = n * design_effect / 2;
    const double cross = e * h - f * g;
    const double corrected = cross > 0 ? std::max(0.0, cross - half) : cross;
    phi = corrected / std::sqrt(product);
  }
  const auto reach = [phi](double x, double y) {
    return std::sqrt(std::max(0.0, x * x - 2 * phi * x * y + y * y));
  };
  const double value = (f - g) / n;
  return {value, value - reach(b.value - b.lo, a.hi - a.value),
          value + reach(b.hi - b.value, a.value - a.lo)};
}

double McNemarExact(int64_t a_only, int64_t b_only) {
  const int64_t discordant = a_only + b_only;
  if (discordant == 0) return 1;
  const boost::math::binomial_distribution<double> binomial(
      static_cast<double>(discordant), 0.5);
  const auto smaller = static_cast<double>(std::min(a_only, b_only));
  return std::min(1.0, 2 * boost::math::cdf(binomial, smaller));
}

}  // namespace plumbline
