// Tests of one slice against the rows outside it.
#pragma once

#include <cstdint>

namespace plumbline {

// P(X >= errors) for X hypergeometric: the number of errors that fall into a
// slice of `rows` rows when `all_errors` errors lie anywhere among `all_rows`
// rows. The one-sided exact test of Fisher 1935 (J. R. Stat. Soc. 98:39-82).
// Relative error below 1e-8 up to 10^7 rows; 0 below 1e-300.
//
// Throws Error(kInternal) unless 0 <= errors <= rows <= all_rows and
// errors <= all_errors and all_errors - errors <= all_rows - rows.
double FisherUpperTail(int64_t errors, int64_t rows, int64_t all_errors,
                       int64_t all_rows);

// The same on effective counts: rows of slice and rest divided by the design
// effect (Rao and Scott 1992, Biometrics 48:577-585), the slice's errors
// rounded down and the rest's up, so that rounding never makes p smaller.
// A design effect of 1 gives FisherUpperTail. 1 where slice or rest are empty.
double SliceP(int64_t errors, int64_t rows, int64_t all_errors,
              int64_t all_rows, double design_effect);

}  // namespace plumbline
