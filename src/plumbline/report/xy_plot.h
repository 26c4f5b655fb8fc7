// Lines on two axes with a legend below: what ROC, calibration and net benefit
// share.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "plumbline/report/svg.h"

namespace plumbline::report {

struct XySeries {
  struct Whisker {
    double x;
    double lo;
    double hi;
  };
  std::string label;
  // 0 is everyone: black, unbroken, thick. 1 to 7: groups. Colour, dash and
  // marker go together, so that no two series differ by colour alone.
  int style = 0;
  std::vector<Point> line;
  std::vector<Point> marks;
  std::vector<Whisker> whiskers;
  // A second, dotted line without marks (treat everyone).
  std::vector<Point> dotted;
};

struct XyPlot {
  std::string id;
  std::string title;
  std::string description;
  std::string x_label;
  std::string y_label;
  double x_lo = 0;
  double x_hi = 1;
  double y_lo = 0;
  double y_hi = 1;
  bool percent_x = true;  // ticks of 0.2 read 20
  bool percent_y = true;
  bool diagonal = false;   // from (0, 0) with slope 1
  bool zero_line = false;  // y = 0
  // Thin lines across the frame at these places, with what they stand for in
  // the description (a planned size).
  std::optional<double> x_line;
  std::optional<double> y_line;
  std::vector<XySeries> series;
};

// Lines are thinned to a third of a pixel and cut at the frame.
std::string DrawXyPlot(const XyPlot& plot);

}  // namespace plumbline::report
