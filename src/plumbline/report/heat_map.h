// Two attributes against each other, one metric: the intersections.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "plumbline/report/number_text.h"

namespace plumbline::report {

struct HeatCell {
  bool exists = false;  // nobody has this combination
  bool small = false;   // hatched: too few for an interval
  std::optional<double> value;
  std::string value_text;
  std::string count_text;
};

struct HeatMap {
  std::string id;
  std::string title;
  std::string description;
  std::string row_name;
  std::string column_name;
  std::vector<std::string> rows;
  std::vector<std::string> columns;
  std::vector<HeatCell> cells;  // rows x columns, row-major
  NumberKind kind = NumberKind::kDecimal;
  // The shade is for how far a value is from the good side.
  bool low_is_bad = false;
  // The shades reach at least from `at_least_lo` to `at_least_hi`, so that
  // differences that do not matter do not look dramatic.
  std::optional<double> at_least_lo;
  std::optional<double> at_least_hi;
};

// Values as shades in six steps from the best to the worst, always with the
// number written in the cell.
std::string DrawHeatMap(const HeatMap& map);

}  // namespace plumbline::report
