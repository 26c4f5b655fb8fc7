// Stable codes of findings and limitations, explained by `plumbline explain`.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "plumbline/base/rule.h"

namespace plumbline {

// All rules, by code. PB1xx error rates, PB2xx discrimination, PB3xx
// calibration, PB4xx utility, PB5xx slices, PB6xx data, PB7xx not enough data,
// PB90x two models compared, PB91x drift, PL1xx limitations.
std::span<const Rule> AllRules();

// Null if there is none.
const Rule* FindRule(std::string_view code);

}  // namespace plumbline
