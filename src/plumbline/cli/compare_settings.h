// The options of `plumbline compare`, and what they mean for its parts.
#pragma once

#include <array>
#include <string>
#include <vector>

#include "plumbline/audit/compare/compare_input.h"
#include "plumbline/audit/compare/model_comparison.h"
#include "plumbline/cli/option.h"
#include "plumbline/cli/settings.h"

namespace plumbline {

OptionGroups CompareOptionGroups();

// Two tables if --image is given, else one. Throws Error(kUsage) if the number
// of inputs does not go with that, and if there are not two scores for each
// label (or, with two tables, one that both have).
CompareColumns ReadCompareColumns(const Settings& settings,
                                  const std::vector<std::string>& inputs);

CompareOptions ReadCompareOptions(const Settings& settings,
                                  const std::vector<std::string>& by);

// --names, else the scores of one table or the names of two files.
std::array<std::string, 2> ReadModelNames(
    const Settings& settings, const std::vector<std::string>& inputs,
    const CompareColumns& columns);

}  // namespace plumbline
