// JSON values. Include this only where JSON is built or read; headers that
// mention it use <nlohmann/json_fwd.hpp>.
#pragma once

#include <string>
#include <string_view>

#include <nlohmann/json.hpp>

namespace plumbline {

// Keys keep the order in which they were written.
using Json = nlohmann::ordered_json;

// The number, or null when it is not finite: JSON has no NaN.
Json Number(double value);

// Text of a document: two-space indent, doubles with the shortest digits that
// read back to the same value, a newline at the end.
// Throws Error(kInternal) if a number in it is not finite.
std::string WriteJson(const Json& value);

// Throws Error(kInvalidInput) with file, line and what was expected, also for a
// key that one object has twice and for more than 200 levels.
Json ParseJson(std::string_view text, const std::string& file);

}  // namespace plumbline
