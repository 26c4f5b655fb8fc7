// How many errors, comparisons and people a face audit needs.
#pragma once

#include <cstdint>

namespace plumbline::face {

// Errors for an interval of +-`relative` of the rate: design_effect (z /
// relative)^2. 30 %: 43, 10 %: 384 (independent comparisons, 95 %).
// Throws Error(kUsage) unless relative > 0, design_effect > 0.
double ErrorsForPrecision(double relative, double design_effect,
                          double level = 0.95);

// Errors in the group with the lower rate, of two groups with equally many
// comparisons, to show a ratio: (z_(1 - alpha/2) + z_power)^2 design_effect (1
// + 1/ratio) / ln(ratio)^2. Throws Error(kUsage) unless ratio > 1.
double ErrorsForRatio(double ratio, double design_effect, double level = 0.95,
                      double power = 0.8);

// The smallest ratio that `errors` errors in the lower group can show.
// Infinite for none.
double SmallestRatio(double errors, double design_effect, double level = 0.95,
                     double power = 0.8);

// Subjects of a group whose N (N - 1) / 2 pairs, one image each, hold so many
// errors at this false-match rate.
int64_t SubjectsForErrors(double errors, double fmr);

}  // namespace plumbline::face
