// Which rows a metric is a mean over, and of what.
#pragma once

#include <cstddef>
#include <string_view>

#include "plumbline/audit/case_mix/case_mix.h"

namespace plumbline {

// Whether row i is in the denominator.
bool IsIn(const MixRows& rows, size_t i, MixDenominator denominator);

// What the metric (any of MixMetrics() but auroc) is the mean of, for row i of
// its denominator: whether it is an error, its squared error, ...
double MixOutcome(std::string_view metric, const MixRows& rows, size_t i);

}  // namespace plumbline
