// The rows of one half, and the sums of slices over them.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "plumbline/audit/slices/slice_cells.h"

namespace plumbline {

// Half of the subjects, with the rows of each together.
struct SliceHalf {
  std::vector<uint32_t> cell;  // a row
  std::vector<uint8_t> error;  // a row, 0 or 1
  // First row of each subject, and one past the last row; empty: every row is a
  // subject of its own.
  std::vector<uint32_t> subject_start;
  int64_t errors = 0;
  // With A = errors - rate * rows of a subject: the sum of A squared, and the
  // correlation of two rows of one subject that explains it (moment estimate,
  // between 0 and 1).
  double squares = 0;
  double correlation = 0;

  int64_t rows() const { return static_cast<int64_t>(cell.size()); }
  int64_t subjects() const {
    return subject_start.empty()
               ? rows()
               : static_cast<int64_t>(subject_start.size()) - 1;
  }
  double rate() const {
    return rows() == 0
               ? 0
               : static_cast<double>(errors) / static_cast<double>(rows());
  }
};

// Splits by subject: each goes to one half or the other by the seed and its
// number alone, so the order of rows does not matter. `rows` are rows of the
// table, `errors` stand beside them; `subjects` are by row of the table, empty:
// the row's number.
std::array<SliceHalf, 2> SplitIntoHalves(std::span<const uint32_t> rows,
                                         std::span<const uint8_t> errors,
                                         const SliceCells& cells,
                                         std::span<const uint32_t> subjects,
                                         int64_t subject_count, uint64_t seed);

struct SliceCount {
  int64_t rows = 0;
  int64_t errors = 0;
  int64_t subjects = 0;
  // Sums over subjects, with a = errors - rate * rows of the subject within the
  // slice (rate: of the whole half) and A the same for all its rows.
  double squares = 0;      // a a
  double cross = 0;        // a A
  double row_squares = 0;  // rows squared
};

// Every slice of the index, by its position.
std::vector<SliceCount> CountSlices(const SliceHalf& half,
                                    const SliceIndex& index);

// One slice, given as which cells it takes.
SliceCount CountRows(const SliceHalf& half,
                     const std::function<bool(uint32_t cell)>& takes);

// By how much subjects widen the variance of (slice - rest) against independent
// rows: the larger of 1, the cluster-robust variance of the score statistic
// over its hypergeometric variance, and Kish's 1 + (m - 1) correlation with m
// the row-weighted mean of a subject's rows in the slice (Kish 1965, Survey
// Sampling, section 8.2). The second keeps a slice of few subjects, whose own
// variance is hardly known, from looking better than it is.
double SliceDesignEffect(const SliceHalf& half, const SliceCount& count);

}  // namespace plumbline
