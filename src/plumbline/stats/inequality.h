// Summary of how unequal a metric is over groups.
#pragma once

#include <span>

namespace plumbline {

// Gini coefficient of values >= 0 with weights (group sizes): half the relative
// mean absolute difference, 0 = equal. NaN if the mean is 0, fewer than two
// values are finite with a weight > 0, or one of them is negative. Non-finite
// values are left out with their weights.
//
// Throws Error(kInvalidInput) if there is not one weight a value.
//
// Source: Gini 1912, as in Cowell 2011, "Measuring Inequality", ch. 2.
double Gini(std::span<const double> values, std::span<const double> weights);

// Theil's T: mean of (x / mean) ln(x / mean); 0 ln 0 = 0. Same conventions.
//
// Source: Theil 1967; Cowell 2011, ch. 3.
double TheilIndex(std::span<const double> values,
                  std::span<const double> weights);

}  // namespace plumbline
