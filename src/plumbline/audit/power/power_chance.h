// The probability that a comparison of two groups ends as hoped.
#pragma once

#include <cstdint>

namespace plumbline {

enum class PowerGoal {
  kDifference,      // show a difference of the margin, if there is one
  kEquivalence,     // show that the difference is within the margin
  kNonInferiority,  // show that the second is not worse by the margin
  kPrecision,       // an interval that reaches the margin at most
};

// One group's side: the expected value and how many independent rows stand
// behind it (rows of the denominator / design effect).
struct PowerSide {
  double value = 0;  // in (0, 1)
  double trials = 0;
};

// What decides, as a two-sided interval of the difference b - a: the goal is
// reached if it lies above 0 (kDifference), within +-margin (kEquivalence),
// below the margin (kNonInferiority: larger is worse).
struct PowerDecision {
  PowerGoal goal = PowerGoal::kDifference;
  double margin = 0;
  double z = 1.959964;  // of the interval, standard normal
};

// Exact: sums the probabilities of all pairs of counts whose Newcombe interval
// (stats/proportion.h) reaches the goal. Trials are rounded down. Takes time as
// sqrt(trials_a trials_b).
double ExactChance(const PowerSide& a, const PowerSide& b,
                   const PowerDecision& decision);

// Large samples, with the variance of each value for one trial:
// kDifference Phi(d / se - z), kNonInferiority Phi((margin - d) / se - z),
// kEquivalence Phi((margin - d) / se - z) + Phi((margin + d) / se - z) - 1, at
// least 0 (Julious 2004, Stat. Med. 23:1921-1986, sections 3 to 5).
double NormalChance(double difference, double standard_error,
                    const PowerDecision& decision);

// How far the Wilson interval at the expected value reaches, to the side to
// which it reaches farther (the one of 1/2).
double WilsonReach(const PowerSide& side, double z);

}  // namespace plumbline
