// Covariances of estimates from what rows bring to their errors, with subjects
// as the unit.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

#include "plumbline/audit/case_mix/case_mix.h"

namespace plumbline {

struct SubjectSums {
  std::vector<double> covariance;  // width x width
  int64_t rows = 0;                // that count
  int64_t subjects = 0;            // with such a row
};

// `add(i, error)` adds what row i brings to each of `width` errors and returns
// 1 if the row counts, 0 if it is only part of the target distribution, -1 if
// it has no part at all. The covariance is the sum over subjects of the
// products of their errors, times m / (m - 1) for m subjects that count.
template <typename AddRow>
SubjectSums SumOverSubjects(const MixRows& rows, size_t width, AddRow&& add) {
  SubjectSums sums;
  sums.covariance.assign(width * width, 0);
  std::vector<double> error(width, 0);
  const size_t count = rows.positive.size();
  const bool clustered = !rows.subject.empty();
  for (size_t i = 0; i < count;) {
    std::fill(error.begin(), error.end(), 0);
    int64_t counted = 0;
    bool has_part = false;
    const size_t begin = i;
    do {
      const int part = add(i, error.data());
      has_part |= part >= 0;
      counted += part > 0;
      ++i;
    } while (clustered && i < count && rows.subject[i] == rows.subject[begin]);
    if (!has_part) continue;
    sums.rows += counted;
    sums.subjects += counted > 0;
    for (size_t a = 0; a < width; ++a) {
      for (size_t b = 0; b <= a; ++b) {
        sums.covariance[a * width + b] += error[a] * error[b];
      }
    }
  }
  const auto m = static_cast<double>(sums.subjects);
  const double factor =
      m > 1 ? m / (m - 1) : std::numeric_limits<double>::quiet_NaN();
  for (size_t a = 0; a < width; ++a) {
    for (size_t b = 0; b <= a; ++b) {
      sums.covariance[a * width + b] *= factor;
      sums.covariance[b * width + a] = sums.covariance[a * width + b];
    }
  }
  return sums;
}

}  // namespace plumbline
