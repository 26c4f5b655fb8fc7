// Intervals and p-values of differences from the covariance of estimates.
#pragma once

#include <vector>

#include "plumbline/audit/case_mix/case_mix.h"

namespace plumbline {

// value +- z sqrt(variance), and the two-sided p-value of 0; without variance
// the reason "no_variation". `not_negative`: the interval begins at 0 or above.
void Wald(double value, double variance, bool not_negative, double level,
          MixEstimate* estimate);

// Largest minus smallest of estimate->of_group, whose errors have this
// covariance. The interval is the value and the `level` quantile of the range
// of the errors either way (the range of estimates is never farther from that
// of the truths than the range of the errors); p: a range of errors at least as
// large as the value.
void LargestDifference(const std::vector<double>& covariance,
                       const MixOptions& options, MixEstimate* estimate);

}  // namespace plumbline
