#include "plumbline/audit/slices/slice_exact.h"

#include <math.h>

#include <algorithm>
#include <cmath>

#include "plumbline/base/error.h"

namespace plumbline {
namespace {

// std::lgamma writes to a global; searches run side by side.
double LogFactorial(int64_t n) {
  int sign = 0;
  return lgamma_r(static_cast<double>(n) + 1, &sign);
}

double LogChoose(int64_t n, int64_t k) {
  return LogFactorial(n) - LogFactorial(k) - LogFactorial(n - k);
}

}  // namespace

double FisherUpperTail(int64_t errors, int64_t rows, int64_t all_errors,
                       int64_t all_rows) {
  const int64_t lowest = std::max<int64_t>(0, all_errors - (all_rows - rows));
  const int64_t highest = std::min(rows, all_errors);
  if (rows < 0 || rows > all_rows || all_errors < 0 || all_errors > all_rows ||
      errors < lowest || errors > highest) {
    throw Error(ErrorCode::kInternal,
                "{} errors in {} rows, {} in {} overall: not a table", errors,
                rows, all_errors, all_rows);
  }
  if (errors == lowest) return 1;
  const double mean = static_cast<double>(rows) *
                      static_cast<double>(all_errors) /
                      static_cast<double>(all_rows);
  const auto mass = [&](int64_t k) {
    return std::exp(LogChoose(all_errors, k) +
                    LogChoose(all_rows - all_errors, rows - k) -
                    LogChoose(all_rows, rows));
  };
  // P(k + 1) / P(k).
  const auto step = [&](int64_t k) {
    return static_cast<double>(all_errors - k) * static_cast<double>(rows - k) /
           (static_cast<double>(k + 1) *
            static_cast<double>(all_rows - all_errors - rows + k + 1));
  };
  // The shorter tail is summed, outwards, until its terms vanish.
  constexpr double kVanishing = 1e-17;
  double sum = 0;
  if (static_cast<double>(errors) > mean) {
    double term = mass(errors);
    for (int64_t k = errors; k <= highest; ++k) {
      sum += term;
      if (term <= kVanishing * sum) break;
      term *= step(k);
    }
    return std::min(sum, 1.0);
  }
  double term = mass(errors - 1);
  for (int64_t k = errors - 1; k >= lowest; --k) {
    sum += term;
    if (term <= kVanishing * sum || k == lowest) break;
    term /= step(k - 1);
  }
  return std::clamp(1 - sum, 0.0, 1.0);
}

double SliceP(int64_t errors, int64_t rows, int64_t all_errors,
              int64_t all_rows, double design_effect) {
  const int64_t rest = all_rows - rows;
  if (rows == 0 || rest == 0) return 1;
  if (design_effect <= 1) {
    return FisherUpperTail(errors, rows, all_errors, all_rows);
  }
  const auto scaled = [design_effect](int64_t count) {
    return std::max<int64_t>(
        1, std::llround(static_cast<double>(count) / design_effect));
  };
  const int64_t rows_in = scaled(rows);
  const int64_t rows_out = scaled(rest);
  // A whole number stays whole in spite of the division.
  constexpr double kSlack = 1e-9;
  const auto errors_in = static_cast<int64_t>(
      std::floor(static_cast<double>(errors) / static_cast<double>(rows) *
                     static_cast<double>(rows_in) +
                 kSlack));
  const auto errors_out = static_cast<int64_t>(
      std::ceil(static_cast<double>(all_errors - errors) /
                    static_cast<double>(rest) * static_cast<double>(rows_out) -
                kSlack));
  return FisherUpperTail(errors_in, rows_in, errors_in + errors_out,
                         rows_in + rows_out);
}

}  // namespace plumbline
