// The texts of a column of labels or decisions.
#pragma once

#include <cstdint>
#include <string>

#include "plumbline/table/column.h"

namespace plumbline {

inline constexpr int8_t kMissingLabel = -1;

// 0 or 1 (also 0.0, 1.0, true, false in any case); anything else:
// kMissingLabel.
int8_t ParseLabel(const std::string& text);

// True if a value of the column is neither 0 nor 1: the name of a class.
bool HoldsClassNames(const CategoricalColumn& column);

}  // namespace plumbline
