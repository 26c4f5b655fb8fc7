// Two proportions of the same trials: two models judged on the same images.
#pragma once

#include <cstdint>

#include "plumbline/stats/interval.h"

namespace plumbline {

// Trials by which of the two had the event.
struct PairedCounts {
  double both = 0;
  double a_only = 0;
  double b_only = 0;
  double neither = 0;
};

// Interval for p_b - p_a, never of zero width. `design_effect` > 0 is that of
// the difference: the counts are divided by it.
//
// Throws Error(kInvalidInput) without trials, Error(kUsage) unless
// 0 < level < 1.
//
// Source: Newcombe 1998c, Stat. Med. 17:2635-2650, method 10.
Interval NewcombePaired(const PairedCounts& counts, double level = 0.95,
                        double design_effect = 1);

// Two-sided exact p of equal proportions: the smaller tail of
// Binomial(a_only + b_only, 1/2), doubled, at most 1. 1 without discordant
// trials.
//
// Source: McNemar 1947, Psychometrika 12:153-157.
double McNemarExact(int64_t a_only, int64_t b_only);

}  // namespace plumbline
