// What the words of a label column say.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "plumbline/cohort/roles.h"
#include "plumbline/table/table.h"

namespace plumbline {

// Of each row: 0, 1, or kLabelUncertain, kLabelBlank, kLabelNotMentioned
// (cohort.h). Numbers may be written 1, 1.0 or 1e0; "true", "false", "yes",
// "no", "positive" and "negative" are understood in any letters, and the words
// that the roles name.
//
// Throws Error(kInvalidInput) with the row for anything else.
std::vector<int8_t> LabelValues(const CategoricalColumn& column,
                                const Table& table, const CohortRoles& roles);

// The columns that the patterns of `roles.labels` name, in their order.
// Throws as CohortColumns does.
std::vector<std::string> LabelColumns(const CohortRoles& roles,
                                      const std::vector<std::string>& header,
                                      const std::string& file);

}  // namespace plumbline
