// The disparity measures of an audit, by name.
#pragma once

#include <span>
#include <string_view>

namespace plumbline {

struct GapMeasure {
  const char* name;     // "max_min"
  const char* label;    // "Largest difference between groups"
  const char* summary;  // one sentence
  bool is_default;      // computed when the user names none
};

std::span<const GapMeasure> GapRegistry();

// Null if there is none.
const GapMeasure* FindGapMeasure(std::string_view name);

}  // namespace plumbline
