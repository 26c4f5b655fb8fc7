// A number of a survey with what it rests on.
#pragma once

#include <cstdint>
#include <limits>
#include <string>

#include "plumbline/stats/cell_statistic.h"
#include "plumbline/stats/interval.h"

namespace plumbline::survey {

inline constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

struct Estimate {
  double value = kNaN;
  double lo = kNaN;
  double hi = kNaN;
  int64_t n = 0;         // rows
  int64_t subjects = 0;  // people
  int64_t events = -1;   // of the rows, where they are counted; -1: not
  const char* method = "";
  double p = kNaN;           // of no difference; NaN: no test
  double p_adjusted = kNaN;  // within its family
  const char* reason = "";   // why there is no value
};

inline Estimate FromInterval(const Interval& interval, const char* method) {
  Estimate estimate;
  estimate.value = interval.value;
  estimate.lo = interval.lo;
  estimate.hi = interval.hi;
  estimate.method = method;
  return estimate;
}

inline Estimate FromProportion(const ClusteredProportion& p) {
  Estimate estimate = FromInterval(p.interval, "wilson_clustered");
  estimate.n = p.rows;
  estimate.subjects = p.subjects;
  estimate.events = p.positives;
  if (p.rows == 0) estimate.reason = "no_rows";
  return estimate;
}

inline Estimate FromCell(const CellEstimate& cell, double level) {
  Estimate estimate =
      FromInterval(NormalInterval(cell, level), "linearised_clustered");
  estimate.p = TwoSidedP(cell);
  return estimate;
}

}  // namespace plumbline::survey
