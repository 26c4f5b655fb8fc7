// Forest plot: one estimate with its interval per line.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "plumbline/report/number_text.h"

namespace plumbline::report {

struct ForestRow {
  enum class Mark {
    kHeading,    // a line of its own above its rows, no estimate
    kGroup,      // filled square
    kReference,  // filled diamond
    kEveryone,   // hollow diamond
    kUncertain,  // hollow circle: a value without an interval
  };
  Mark mark = Mark::kGroup;
  std::string label;
  std::string count;  // n
  std::optional<double> value;
  std::optional<double> lo;
  std::optional<double> hi;
  std::string text;  // what is written at the right
};

struct ForestPlot {
  std::string id;
  std::string title;
  std::string description;
  NumberKind kind = NumberKind::kDecimal;
  std::optional<double> line;  // dashed vertical line, with its name
  std::string line_name;
  // Tinted from -band to band, where a difference is within the margin.
  std::optional<double> band;
  std::string axis;  // what the axis shows
  std::string count_heading = "n";
  int label_columns = 17;  // longer labels are cut
  std::vector<ForestRow> rows;
};

// The part of the number line that the plot shows: all values, and of the
// intervals as much as leaves the values apart. Always lo < hi.
struct ForestRange {
  double lo;
  double hi;
};
ForestRange RangeOfForest(const ForestPlot& plot);

// Intervals that leave the range end in an arrow.
std::string DrawForest(const ForestPlot& plot);

}  // namespace plumbline::report
