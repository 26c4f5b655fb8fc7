// Stable codes of findings and limitations, explained by `plumbline explain`.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace plumbline {

struct Rule {
  const char* code;   // "PB101"
  const char* title;  // "Underdiagnosis gap"
  const char* text;   // what it means, how it is found, what to do
};

// All rules, by code. PB1xx error rates, PB2xx discrimination, PB3xx
// calibration, PB4xx utility, PB5xx slices, PB6xx data, PB7xx not enough data,
// PB90x two models compared, PB91x drift, PL1xx limitations.
std::span<const Rule> AllRules();

// Null if there is none.
const Rule* FindRule(std::string_view code);

}  // namespace plumbline
