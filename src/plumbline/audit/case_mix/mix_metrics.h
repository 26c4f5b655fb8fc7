// Which rows a metric is a mean over, and of what.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "plumbline/audit/case_mix/case_mix.h"

namespace plumbline {

// Whether row i is in the denominator.
bool IsIn(const MixRows& rows, size_t i, MixDenominator denominator);

// Whether the metric (a name of MixMetrics()) takes scores, not only decisions.
bool NeedsScores(std::string_view metric);

// What the metric (any of MixMetrics() but auroc) is the mean of, one a row:
// whether it is an error, its squared error, ... Only rows of its denominator
// mean anything.
std::vector<double> MixOutcomes(std::string_view metric, const MixRows& rows);

}  // namespace plumbline
