// Intervals for a proportion and for the difference and ratio of two
// proportions.
#pragma once

#include <cstdint>

#include "plumbline/stats/interval.h"

namespace plumbline {

struct ProportionOptions {
  // Two-sided coverage, in (0, 1).
  double level = 0.95;

  // Variance inflation from clustering (images of one subject), > 0.
  // 1 means that the trials are independent. The effective sample size is
  // trials / design_effect.
  double design_effect = 1.0;
};

// Score interval for `successes` out of `trials`. Never leaves [0, 1] and is
// defined for 0 and for `trials` successes.
//
// Throws Error(kInvalidInput) if trials == 0 or successes > trials.
//
// Source: Wilson 1927, JASA 22(158):209-212, as stated in Newcombe 1998a
// (Stat. Med. 17:857-872), method 3.
Interval WilsonInterval(int64_t successes, int64_t trials,
                        const ProportionOptions& options = {});

// The same for a proportion p that need not be a count over a count (a weighted
// one), known as well as from `effective_trials` independent trials, a real
// number.
//
// Throws Error(kInvalidInput) unless 0 <= p <= 1 and 0 < effective_trials <
// inf.
//
// Source: Korn and Graubard 1998, Surv. Methodol. 24:193-201 (effective sample
// size in an interval for a proportion), with Wilson's in place of the exact
// interval; Dean and Pagano 2015, J. Surv. Stat. Methodol. 3:484-503.
Interval WilsonIntervalOfShare(double p, double effective_trials, double level);

// Exact interval: its coverage is never below the level. With a design effect
// both counts are divided by it (beta quantiles with real parameters).
//
// Throws as WilsonInterval.
//
// Source: Clopper and Pearson 1934, Biometrika 26:404-413.
Interval ClopperPearsonInterval(int64_t successes, int64_t trials,
                                const ProportionOptions& options = {});

// Interval for p_a - p_b of two independent samples, from their Wilson limits.
// Keeps the sign convention of its arguments: value > 0 means that a is larger.
//
// Source: Newcombe 1998b, Stat. Med. 17:873-890, method 10.
Interval NewcombeDifference(const Interval& a, const Interval& b);

// Score interval for the ratio p_a / p_b of two independent proportions. With
// no successes in a the lower limit is 0, with none in b the upper limit (and
// the value) is infinite, with none in either it is [0, inf) and the value is
// NaN: "no information", never "equal".
//
// Throws as WilsonInterval.
//
// Source: Koopman 1984, Biometrics 40:513-517.
Interval KoopmanRatio(int64_t successes_a, int64_t trials_a,
                      int64_t successes_b, int64_t trials_b,
                      const ProportionOptions& options = {});

// The same for proportions that need not be counts over counts, each known as
// well as from so many independent trials. Throws as WilsonInterval.
Interval KoopmanRatioOfShares(double p_a, double effective_trials_a, double p_b,
                              double effective_trials_b, double level);

// Two-sided p of Fisher's exact test that two proportions are one: the chance
// of all tables with the same margins that are no likelier than the one seen. 1
// for a sample without trials.
//
// Throws as WilsonInterval if there are more successes than trials.
//
// Source: Fisher 1935, J. R. Stat. Soc. 98:39-82.
double FisherExactP(int64_t successes_a, int64_t trials_a, int64_t successes_b,
                    int64_t trials_b);

}  // namespace plumbline
