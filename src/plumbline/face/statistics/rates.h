// False-match and false non-match rates with the uncertainty of comparisons
// that share people.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "plumbline/face/comparisons/comparisons.h"

namespace plumbline::face {

struct RateEstimate {
  double value = 0;  // NaN without comparisons
  double lo = 0;     // NaN where no interval is possible
  double hi = 0;
  double variance = 0;       // of value
  double design_effect = 1;  // variance over that of independent comparisons
  int64_t n = 0;             // comparisons
  int64_t events = 0;        // errors among them
  int64_t subjects = 0;      // people in them
  // Where there are no events: the upper limit with only as many comparisons as
  // pairs of people without one in common. NaN elsewhere.
  double conservative_hi = 0;
  const char* method = "none";  // dyadic_log, cluster_wilson, rule_of_three
};

// Of two rates of comparisons that share people (cell_covariance.h).
struct SharedCovariance {
  double all = 0;
  double pairs = 0;  // that part which is of comparisons of the same pairs
};

// Rates of all cells of a grouping at one threshold.
struct FalseMatchRates {
  int groups = 0;
  std::vector<RateEstimate> cells;  // G x G, reference group x probe group
  RateEstimate any;                 // all comparisons
  RateEstimate within;              // reference and probe of one group

  const RateEstimate& cell(int g, int h) const {
    return cells[static_cast<size_t>(g) * groups + h];
  }
};

// `accepted`: the impostor comparisons at or above the threshold, from
// HitsAtOrAbove, in any order.
//
// With theta = H / M, h_i and m_i the false matches and comparisons of subject
// i in the cell, and H_ij, M_ij those of a pair of subjects:
//   V = [sum_i (h_i - theta m_i)^2 - sum_{i<j} (H_ij - theta M_ij)^2] / M^2,
// at least theta (1 - theta) / M. The interval is theta exp(+-z sqrt(V) /
// theta), at most 1. Without false matches it is [0, -ln(1 - level) / M].
//
// Source: Fafchamps and Gubert 2007, J. Dev. Econ. 83:326-350, eq. 2.5; Aronow,
// Samii, Assenova 2015, Political Analysis 23:564-577 (dyadic cluster-robust
// variance). Rule of three: Hanley and Lippman-Hand 1983, JAMA 249:1743-1745.
FalseMatchRates EstimateFalseMatchRates(const ImpostorCounts& counts,
                                        const SubjectGroups& groups,
                                        std::span<const Hit> accepted,
                                        double level);

// One a group: genuine comparisons below the threshold. The variance is
// clustered by subject with the factor N / (N - 1), at least that of
// independent comparisons; the interval is Wilson's with the effective number
// of comparisons.
//
// Source: Cochran 1977, Sampling Techniques, eq. 9.29 (clusters of unequal
// size); Wilson 1927.
std::vector<RateEstimate> EstimateFalseNonMatchRates(
    const GenuineScores& genuine, const SubjectGroups& groups, double threshold,
    double level);

struct RatioEstimate {
  double value = 0;  // NaN if either rate has no events
  double lo = 0;
  double hi = 0;
  double log_standard_error = 0;
  double p = 0;  // two-sided, of a ratio of 1
};

// a / b of two rates whose errors are independent (groups without a subject in
// common): normal on the log scale. With no events in one of them, only a bound
// is known: lo or hi from the limits of both, value and p NaN.
RatioEstimate RatioOfRates(const RateEstimate& a, const RateEstimate& b,
                           double level);

// The same of rates that share people: Var ln(a / b) = V_a / a^2 + V_b / b^2 -
// 2 Cov / (a b), at least that of comparisons which are independent but for
// those of the same pairs of people.
RatioEstimate RatioOfSharedRates(const RateEstimate& a, const RateEstimate& b,
                                 const SharedCovariance& covariance,
                                 double level);

}  // namespace plumbline::face
