// What the documents of audit, compare and monitor have in common.
#pragma once

#include <string>
#include <vector>

#include "plumbline/audit/result.h"
#include "plumbline/base/json.h"

namespace plumbline {

// Eight significant digits, enough for limits and p-values: a document half as
// long. Null when not finite. Estimates keep all digits.
Json RoundedNumber(double value);

// Null when there is none.
Json TextOrNull(const char* text);

// Of metrics as `FindMetric` knows them: name, label, direction, unit, summary.
Json MetricsJson(const std::vector<std::string>& names);

// Without what they are about ("target"), which each command says its own way.
Json FindingJson(const Finding& finding, Json target);

Json LimitationsJson(const std::vector<Limitation>& limitations);

}  // namespace plumbline
