#include "plumbline/audit/power/power_chance.h"

#include <math.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "plumbline/stats/normal.h"
#include "plumbline/stats/proportion.h"

namespace plumbline {
namespace {

struct Outcome {
  double probability;
  Interval interval;
};

double LogFactorial(int64_t n) {
  int sign = 0;
  return lgamma_r(static_cast<double>(n) + 1, &sign);
}

// Counts of one group with their probabilities and Wilson intervals; those
// farther than 8 standard deviations are left out.
std::vector<Outcome> Outcomes(const PowerSide& side, double level) {
  const auto n = static_cast<int64_t>(std::floor(side.trials));
  const auto size = static_cast<double>(n);
  const double p = side.value;
  const double reach = 8 * std::sqrt(size * p * (1 - p)) + 8;
  const auto first =
      std::max<int64_t>(0, static_cast<int64_t>(size * p - reach));
  const auto last = std::min(n, static_cast<int64_t>(size * p + reach));
  std::vector<Outcome> outcomes;
  for (int64_t k = first; k <= last; ++k) {
    const double mass =
        std::exp(LogFactorial(n) - LogFactorial(k) - LogFactorial(n - k) +
                 static_cast<double>(k) * std::log(p) +
                 static_cast<double>(n - k) * std::log1p(-p));
    outcomes.push_back({mass, WilsonInterval(k, n, {.level = level})});
  }
  return outcomes;
}

bool Reached(const Interval& difference, const PowerDecision& decision) {
  switch (decision.goal) {
    case PowerGoal::kDifference:
      return difference.lo > 0;
    case PowerGoal::kEquivalence:
      return difference.lo > -decision.margin &&
             difference.hi < decision.margin;
    case PowerGoal::kNonInferiority:
      return difference.hi < decision.margin;
    case PowerGoal::kPrecision:
      break;
  }
  return false;
}

}  // namespace

double ExactChance(const PowerSide& a, const PowerSide& b,
                   const PowerDecision& decision) {
  if (a.trials < 1 || b.trials < 1) return 0;
  const double level = 2 * NormalCdf(decision.z) - 1;
  const std::vector<Outcome> outcomes_a = Outcomes(a, level);
  double chance = 0;
  for (const Outcome& of_b : Outcomes(b, level)) {
    for (const Outcome& of_a : outcomes_a) {
      if (Reached(NewcombeDifference(of_b.interval, of_a.interval), decision)) {
        chance += of_a.probability * of_b.probability;
      }
    }
  }
  return std::min(chance, 1.0);
}

double NormalChance(double difference, double standard_error,
                    const PowerDecision& decision) {
  const auto beyond = [&](double distance) {
    return NormalCdf(distance / standard_error - decision.z);
  };
  switch (decision.goal) {
    case PowerGoal::kDifference:
      return beyond(difference);
    case PowerGoal::kEquivalence:
      return std::max(0.0, beyond(decision.margin - difference) +
                               beyond(decision.margin + difference) - 1);
    case PowerGoal::kNonInferiority:
      return beyond(decision.margin - difference);
    case PowerGoal::kPrecision:
      break;
  }
  return 0;
}

double WilsonReach(const PowerSide& side, double z) {
  const double n = side.trials;
  const double p = side.value;
  const double half = z * std::sqrt(p * (1 - p) / n + z * z / (4 * n * n));
  const double shift = z * z / n * std::abs(0.5 - p);
  return (half + shift) / (1 + z * z / n);
}

}  // namespace plumbline
