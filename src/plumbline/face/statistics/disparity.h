// How unequal the error rates of groups are: the measures in use, by name.
#pragma once

#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace plumbline::face {

// A measure of one rate over groups.
struct DisparityMeasure {
  const char* name;     // "max_geomean"
  const char* label;    // "Max/GeoMean"
  const char* summary;  // one sentence for a reader who is no statistician
  const char* source;
  double neutral;  // what equal rates give: 0 or 1
  // Of at least two rates, all finite and not negative. NaN: not defined for
  // them (a ratio to a rate of zero).
  double (*value)(std::span<const double> rates);
};

std::span<const DisparityMeasure> DisparityMeasures();
const DisparityMeasure* FindDisparityMeasure(std::string_view name);

// A measure of both error rates together. a: weight of the false-match rate.
struct CompositeMeasure {
  const char* name;
  const char* label;
  const char* summary;
  const char* source;
  double neutral;
  double (*value)(std::span<const double> fmr, std::span<const double> fnmr,
                  double a);
};

std::span<const CompositeMeasure> CompositeMeasures();

}  // namespace plumbline::face
