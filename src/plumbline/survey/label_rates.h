// How often a label is given, is missing, is uncertain, in each group: counted
// once, for all checks.
#pragma once

#include <vector>

#include "plumbline/stats/cell_statistic.h"
#include "plumbline/survey/input.h"

namespace plumbline::survey {

// Of the rows of one level of an attribute.
struct LabelRates {
  ProportionSums positive;  // of the rows with a 0 or a 1
  // Of all rows:
  ProportionSums blank, uncertain, not_mentioned;
  ProportionSums missing;  // any of the three
};

// All labels and attributes: [label][attribute][level].
std::vector<std::vector<std::vector<LabelRates>>> RatesOfLabels(
    const SurveyInput& input, int threads);

}  // namespace plumbline::survey
