// The numbers of a column of scores.
#pragma once

#include <vector>

#include "plumbline/table/table.h"

namespace plumbline {

// The column's values as probabilities; with `take` they are moved out of the
// table. Log-odds keep the order of distinct values.
//
// Throws Error(kInvalidInput) with file, row and value for a score outside
// [0, 1], with `logit` for one outside [-700, 700].
std::vector<double> ReadScores(Table& table, const std::string& column,
                               bool logit, bool take);

}  // namespace plumbline
