// Sampling weights of the rows: what is accepted.
#pragma once

#include <string>
#include <vector>

#include "plumbline/audit/input.h"
#include "plumbline/table/table.h"

namespace plumbline {

// Takes the weights out of a numeric column; no column ("") gives none.
//
// Throws Error(kInvalidInput) with file, row, column and value for a weight
// that is missing, negative or not finite, and if all are 0.
std::vector<double> TakeWeights(Table& table, const std::string& column);

// The same of an input that was put together by hand, with the row counted from
// 0; also if there is not one weight a row.
void CheckWeights(const AuditInput& input);

}  // namespace plumbline
