#include "plumbline/stats/proportion.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include <boost/math/special_functions/beta.hpp>
#include <boost/math/tools/roots.hpp>

#include "plumbline/base/error.h"
#include "plumbline/stats/normal.h"

namespace plumbline {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

using Policy =
    boost::math::policies::policy<boost::math::policies::promote_double<false>>;

void Check(int64_t successes, int64_t trials,
           const ProportionOptions& options) {
  if (trials <= 0 || successes < 0 || successes > trials) {
    throw Error(ErrorCode::kInvalidInput,
                "a proportion needs 0 <= successes <= trials and trials > 0, "
                "found {} of {}",
                successes, trials);
  }
  CheckLevel(options.level);
  if (!(options.design_effect > 0) || std::isinf(options.design_effect)) {
    throw Error(ErrorCode::kInvalidInput,
                "a design effect must be a number above 0, found {}",
                options.design_effect);
  }
}

void CheckShare(double p, double effective_trials, double level) {
  if (!(p >= 0 && p <= 1) || !(effective_trials > 0) ||
      std::isinf(effective_trials)) {
    throw Error(ErrorCode::kInvalidInput,
                "a proportion lies in [0, 1] and needs an effective number of "
                "trials above 0, found {} of {}",
                p, effective_trials);
  }
  CheckLevel(level);
}

// Counts after division by the design effect.
struct Sample {
  double successes;
  double trials;

  double proportion() const { return successes / trials; }
};

Sample Effective(int64_t successes, int64_t trials, double design_effect) {
  return {static_cast<double>(successes) / design_effect,
          static_cast<double>(trials) / design_effect};
}

// Squared score statistic of the hypothesis p_a / p_b = ratio, with p_b at its
// most likely value under it (Koopman 1984, eq. 2; the root of the quadratic is
// written so that nothing cancels).
double RatioChiSquared(double ratio, const Sample& a, const Sample& b) {
  const double trials = a.trials + b.trials;
  const double successes = a.successes + b.successes;
  const double linear =
      ratio * (a.trials + b.successes) + a.successes + b.trials;
  const double discriminant =
      std::max(0.0, linear * linear - 4 * ratio * trials * successes);
  const double p_b = 2 * successes / (linear + std::sqrt(discriminant));
  const double p_a = ratio * p_b;
  const double distance = a.proportion() - ratio * b.proportion();
  const double variance =
      std::max(0.0, p_a * (1 - p_a) / a.trials) +
      ratio * ratio * std::max(0.0, p_b * (1 - p_b) / b.trials);
  if (variance <= 0) return distance == 0 ? 0 : kInfinity;
  return distance * distance / variance;
}

// The largest ratio that the score test does not reject. Needs successes in b.
double UpperRatioLimit(const Sample& a, const Sample& b, double z) {
  const auto excess = [&](double log_ratio) {
    return RatioChiSquared(std::exp(log_ratio), a, b) - z * z;
  };
  // The statistic grows with the distance from the estimate, which is minus
  // infinity on this scale when a has no successes.
  double low = a.successes > 0 ? std::log(a.proportion() / b.proportion())
                               : std::log(1 / (a.trials * b.proportion()));
  while (excess(low) > 0) low -= 1;
  double step = 1;
  while (excess(low + step) < 0) {
    low += step;
    step *= 2;
  }
  std::uintmax_t steps = 200;
  const auto [left, right] = boost::math::tools::toms748_solve(
      excess, low, low + step, boost::math::tools::eps_tolerance<double>(52),
      steps);
  return std::exp(left + (right - left) / 2);
}

Interval RatioInterval(const Sample& a, const Sample& b, double level) {
  if (a.successes == 0 && b.successes == 0) return {kNaN, 0, kInfinity};
  const double z = TwoSidedZ(level);
  Interval interval{a.proportion() / b.proportion(), 0, kInfinity};
  if (a.successes > 0) interval.lo = 1 / UpperRatioLimit(b, a, z);
  if (b.successes > 0) interval.hi = UpperRatioLimit(a, b, z);
  return interval;
}

}  // namespace

Interval WilsonInterval(int64_t successes, int64_t trials,
                        const ProportionOptions& options) {
  Check(successes, trials, options);
  return WilsonIntervalOfShare(static_cast<double>(successes) / trials,
                               trials / options.design_effect, options.level);
}

Interval WilsonIntervalOfShare(double p, double effective_trials,
                               double level) {
  CheckShare(p, effective_trials, level);
  const double n = effective_trials;
  const double z = TwoSidedZ(level);
  const double z2_over_n = z * z / n;

  const double centre = (p + z2_over_n / 2) / (1 + z2_over_n);
  const double half_width =
      z * std::sqrt(p * (1 - p) / n + z2_over_n / (4 * n)) / (1 + z2_over_n);
  // At the ends the limit is the end itself; rounding must not pass it.
  return {p, p == 0 ? 0 : std::clamp(centre - half_width, 0.0, p),
          p == 1 ? 1 : std::clamp(centre + half_width, p, 1.0)};
}

Interval ClopperPearsonInterval(int64_t successes, int64_t trials,
                                const ProportionOptions& options) {
  Check(successes, trials, options);
  const Sample hits = Effective(successes, trials, options.design_effect);
  const Sample misses =
      Effective(trials - successes, trials, options.design_effect);
  const double tail = (1 - options.level) / 2;
  Interval interval{static_cast<double>(successes) / trials, 0, 1};
  if (successes > 0) {
    interval.lo = boost::math::ibeta_inv(hits.successes, misses.successes + 1,
                                         tail, Policy());
  }
  if (successes < trials) {
    interval.hi = boost::math::ibetac_inv(hits.successes + 1, misses.successes,
                                          tail, Policy());
  }
  return interval;
}

Interval NewcombeDifference(const Interval& a, const Interval& b) {
  const double difference = a.value - b.value;
  return {difference, difference - std::hypot(a.value - a.lo, b.hi - b.value),
          difference + std::hypot(a.hi - a.value, b.value - b.lo)};
}

Interval KoopmanRatio(int64_t successes_a, int64_t trials_a,
                      int64_t successes_b, int64_t trials_b,
                      const ProportionOptions& options) {
  Check(successes_a, trials_a, options);
  Check(successes_b, trials_b, options);
  return RatioInterval(Effective(successes_a, trials_a, options.design_effect),
                       Effective(successes_b, trials_b, options.design_effect),
                       options.level);
}

Interval KoopmanRatioOfShares(double p_a, double effective_trials_a, double p_b,
                              double effective_trials_b, double level) {
  CheckShare(p_a, effective_trials_a, level);
  CheckShare(p_b, effective_trials_b, level);
  return RatioInterval({p_a * effective_trials_a, effective_trials_a},
                       {p_b * effective_trials_b, effective_trials_b}, level);
}

double FisherExactP(int64_t successes_a, int64_t trials_a, int64_t successes_b,
                    int64_t trials_b) {
  if (trials_a == 0 || trials_b == 0) return 1;
  Check(successes_a, trials_a, {});
  Check(successes_b, trials_b, {});
  // Tables that are as likely, but for rounding, count.
  constexpr double kTolerance = 1e-7;
  const int64_t marked = successes_a + successes_b;
  const int64_t low = std::max<int64_t>(0, marked - trials_b);
  const int64_t high = std::min(trials_a, marked);
  // Chances over that of the table seen: each from its neighbour.
  const auto step = [&](int64_t k) {
    return static_cast<double>(trials_a - k) * static_cast<double>(marked - k) /
           (static_cast<double>(k + 1) *
            static_cast<double>(trials_b - marked + k + 1));
  };
  double all = 1, no_likelier = 1;
  const auto add = [&](double chance) {
    all += chance;
    if (chance <= 1 + kTolerance) no_likelier += chance;
  };
  double chance = 1;
  for (int64_t k = successes_a; k < high && chance > 0; ++k) {
    add(chance *= step(k));
  }
  chance = 1;
  for (int64_t k = successes_a; k > low && chance > 0; --k) {
    add(chance /= step(k - 1));
  }
  // Far out in a tail the tables near the mode outgrow the numbers: the one
  // seen is then as good as impossible.
  return std::isinf(all) ? 0 : std::min(1.0, no_likelier / all);
}

}  // namespace plumbline
