// A point estimate with a two-sided interval.
#pragma once

namespace plumbline {

// All three on the same scale; lo <= value <= hi unless a header says
// otherwise.
struct Interval {
  double value;
  double lo;
  double hi;
};

}  // namespace plumbline
