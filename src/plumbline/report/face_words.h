// Words and numbers of a face audit, as terminal and page say them.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "plumbline/report/json_place.h"

namespace plumbline::report {

inline constexpr DocumentKind kFaceDocument{"face.json", "face audit"};

// "11.7 in 1,000", "0", "-".
std::string FrequencyText(std::optional<double> rate);
// "11.7 in 1,000 (9.8 to 13.9)", both on the scale of the value; what is
// missing and why otherwise.
std::string RateText(const JsonPlace& rate);
// "4.3 (3.3 to 5.6)"; "at least 2.1" for a bound.
std::string FactorText(const JsonPlace& factor);
// "sex", "sex x race".
std::string GroupingText(const JsonPlace& entry);
bool IsEveryone(const JsonPlace& entry);
// "0.6123 (fmr=0.01 on all comparisons)".
std::string ThresholdText(const JsonPlace& threshold);
// "false matches", "false non-matches".
const char* ErrorWords(const std::string& error);

// "bootstrap", "permutation": of a test of equal rates.
const char* TestWords(const std::string& method);
// "below_minimum" is "too few people".
std::string ReasonWords(const std::string& reason);

// What the audit found, in sentences for a reader who is no statistician.
std::vector<std::string> FaceSummary(const JsonPlace& face);
// Failure policy, direction, ties, pairing, source of the thresholds,
// intervals.
std::vector<std::pair<std::string, std::string>> FacePolicies(
    const JsonPlace& face);

}  // namespace plumbline::report
