// Whether values are missing completely at random.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace plumbline {

struct LittleTest {
  // "": fine; "nothing_missing", "too_few_rows", "no_spread",
  // "not_converged".
  const char* reason = "";
  double chi_squared = 0;
  double degrees = 0;
  double p = 1;
  int patterns = 0;
  int iterations = 0;
};

// `values`: rows x columns, row-major, NaN missing; rows must be independent
// (one for each subject). The distance of the means of each pattern of missing
// values from those that maximum likelihood gives for all, under a normal
// model. Columns without spread are refused; rows without any value are left
// out. A small p says that values are not missing completely at random; it does
// not say that they are missing at random given the others, which no data can.
//
// Source: Little 1988, J. Am. Stat. Assoc. 83:1198-1202, eq. 5; estimates by
// EM (Little and Rubin 2002, sec. 11.2).
LittleTest LittleMcar(std::span<const double> values, size_t columns);

}  // namespace plumbline
