// How unequal the error rates of groups are when groups count by their share of
// a population: the measures of disparity.h that have such a form.
//
// NIST and ISO/IEC 19795-10 let groups count equally; these say what a
// population of the stated make-up would meet.
#pragma once

#include <span>

namespace plumbline::face {

struct WeightedMeasure {
  const char* name;   // "weighted_gini"
  const char* label;  // "Gini, weighted"
  const char* summary;
  const char* source;
  double neutral;
  // Of at least two rates, and as many weights, all above 0, whose sum is 1.
  // Equal weights give the value of the measure without weights. NaN: not
  // defined (a ratio to a rate of zero).
  double (*value)(std::span<const double> rates,
                  std::span<const double> weights);
};

std::span<const WeightedMeasure> WeightedMeasures();

}  // namespace plumbline::face
