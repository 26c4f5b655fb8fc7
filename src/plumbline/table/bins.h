// Numeric columns cut into named intervals, so that they can be groups.
#pragma once

#include <string>
#include <vector>

#include "plumbline/table/column.h"

namespace plumbline {

struct BinRule {
  std::string column;
  std::vector<double> edges;  // strictly increasing, at least one
};

// "age=0,40,60,80". Throws Error(kUsage) that shows the right form.
BinRule ParseBinRule(const std::string& text);

// Intervals [e0, e1), [e1, e2), ..., [ek, inf), and one below e0 if a value
// lies there. Named "0-39", "40-59", "80+" (and "<0") when edges and values are
// whole numbers, else "0 to <40", ">=80". All intervals between the first and
// the last edge are levels, in order, also those without rows. Missing stays
// missing.
CategoricalColumn BinColumn(const NumericColumn& column,
                            const std::vector<double>& edges);

}  // namespace plumbline
