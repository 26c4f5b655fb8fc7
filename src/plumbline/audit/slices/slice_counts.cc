#include "plumbline/audit/slices/slice_counts.h"

#include <algorithm>
#include <numeric>

#include "plumbline/base/interrupt.h"
#include "plumbline/base/random.h"

namespace plumbline {
namespace {

void SumSubjects(SliceHalf* half) {
  const double rate = half->rate();
  const auto rows = static_cast<double>(half->rows());
  const double variance = rate * (1 - rate);
  if (half->subject_start.empty()) {
    half->squares = variance * rows;
    return;
  }
  double pairs = 0;
  for (size_t s = 0; s + 1 < half->subject_start.size(); ++s) {
    double residual = 0;
    for (uint32_t i = half->subject_start[s]; i < half->subject_start[s + 1];
         ++i) {
      residual += half->error[i] - rate;
    }
    const double size = half->subject_start[s + 1] - half->subject_start[s];
    half->squares += residual * residual;
    pairs += size * (size - 1);
  }
  if (pairs > 0 && variance > 0) {
    half->correlation =
        std::clamp((half->squares / variance - rows) / pairs, 0.0, 1.0);
  }
}

// Adds what one subject has in one slice.
void AddSubject(int64_t rows, int64_t errors, double rate, double whole,
                SliceCount* count) {
  const double part =
      static_cast<double>(errors) - rate * static_cast<double>(rows);
  count->rows += rows;
  count->errors += errors;
  ++count->subjects;
  count->squares += part * part;
  count->cross += part * whole;
  count->row_squares += static_cast<double>(rows) * static_cast<double>(rows);
}

// Independent rows: a = A for rows in the slice.
void FillIndependent(double rate, SliceCount* count) {
  const auto rows = static_cast<double>(count->rows);
  const auto errors = static_cast<double>(count->errors);
  count->subjects = count->rows;
  count->squares =
      errors * (1 - rate) * (1 - rate) + (rows - errors) * rate * rate;
  count->cross = count->squares;
  count->row_squares = rows;
}

double Residual(const SliceHalf& half, size_t subject) {
  double residual = 0;
  for (uint32_t i = half.subject_start[subject];
       i < half.subject_start[subject + 1]; ++i) {
    residual += half.error[i] - half.rate();
  }
  return residual;
}

// A subject's rows in one slice.
struct Part {
  uint32_t slice;
  int64_t rows;
  int64_t errors;
};

void CountClustered(const SliceHalf& half,
                    const std::vector<uint32_t>& slice_of_cell,
                    const std::vector<double>& residual,
                    std::vector<SliceCount>* counts) {
  const double rate = half.rate();
  std::vector<Part> parts;
  // Where a slice stands among the parts, true if that part is of this slice:
  // a subject may have rows in thousands of them.
  std::vector<uint32_t> place(counts->size(), 0);
  for (size_t s = 0; s + 1 < half.subject_start.size(); ++s) {
    parts.clear();
    for (uint32_t i = half.subject_start[s]; i < half.subject_start[s + 1];
         ++i) {
      const uint32_t slice = slice_of_cell[half.cell[i]];
      if (place[slice] >= parts.size() || parts[place[slice]].slice != slice) {
        place[slice] = static_cast<uint32_t>(parts.size());
        parts.push_back({slice, 0, 0});
      }
      ++parts[place[slice]].rows;
      parts[place[slice]].errors += half.error[i];
    }
    for (const Part& part : parts) {
      AddSubject(part.rows, part.errors, rate, residual[s],
                 &(*counts)[part.slice]);
    }
  }
}

}  // namespace

std::array<SliceHalf, 2> SplitIntoHalves(std::span<const uint32_t> rows,
                                         std::span<const uint8_t> errors,
                                         const SliceCells& cells,
                                         std::span<const uint32_t> subjects,
                                         int64_t subject_count, uint64_t seed) {
  const PhiloxKey key = StreamKey(seed, "slices");
  const auto half_of = [&key](uint32_t subject) {
    return Philox4x32({subject, 0, 0, 0}, key)[0] & 1;
  };
  std::array<SliceHalf, 2> halves;
  const auto add = [&](size_t i, uint32_t half) {
    SliceHalf& to = halves[half];
    to.cell.push_back(cells.cell_of_row[rows[i]]);
    to.error.push_back(errors[i]);
    to.errors += errors[i];
  };
  if (subjects.empty()) {
    for (size_t i = 0; i < rows.size(); ++i) add(i, half_of(rows[i]));
  } else {
    // Rows in the order of their subjects, by counting.
    std::vector<uint32_t> start(subject_count + 1, 0);
    for (const uint32_t row : rows) ++start[subjects[row] + 1];
    std::partial_sum(start.begin(), start.end(), start.begin());
    std::vector<uint32_t> order(rows.size());
    std::vector<uint32_t> next(start.begin(), start.end() - 1);
    for (size_t i = 0; i < rows.size(); ++i) {
      order[next[subjects[rows[i]]]++] = static_cast<uint32_t>(i);
    }
    for (int64_t s = 0; s < subject_count; ++s) {
      if (start[s] == start[s + 1]) continue;
      const uint32_t half = half_of(static_cast<uint32_t>(s));
      halves[half].subject_start.push_back(
          static_cast<uint32_t>(halves[half].cell.size()));
      for (uint32_t i = start[s]; i < start[s + 1]; ++i) add(order[i], half);
    }
    for (SliceHalf& half : halves) {
      half.subject_start.push_back(static_cast<uint32_t>(half.cell.size()));
      // One row each: the shorter way gives the same.
      if (half.subjects() == half.rows()) half.subject_start.clear();
    }
  }
  for (SliceHalf& half : halves) SumSubjects(&half);
  return halves;
}

std::vector<SliceCount> CountSlices(const SliceHalf& half,
                                    const SliceIndex& index) {
  std::vector<SliceCount> counts(index.slices.size());
  if (half.subject_start.empty()) {
    const size_t cells =
        index.slice_of_cell.empty() ? 0 : index.slice_of_cell[0].size();
    std::vector<SliceCount> of_cell(cells);
    for (size_t i = 0; i < half.cell.size(); ++i) {
      ++of_cell[half.cell[i]].rows;
      of_cell[half.cell[i]].errors += half.error[i];
    }
    for (const std::vector<uint32_t>& slice_of_cell : index.slice_of_cell) {
      for (size_t cell = 0; cell < cells; ++cell) {
        counts[slice_of_cell[cell]].rows += of_cell[cell].rows;
        counts[slice_of_cell[cell]].errors += of_cell[cell].errors;
      }
    }
    for (SliceCount& count : counts) FillIndependent(half.rate(), &count);
    return counts;
  }
  std::vector<double> residual(half.subjects());
  for (size_t s = 0; s < residual.size(); ++s) residual[s] = Residual(half, s);
  for (const std::vector<uint32_t>& slice_of_cell : index.slice_of_cell) {
    StopIfInterrupted();
    CountClustered(half, slice_of_cell, residual, &counts);
  }
  return counts;
}

SliceCount CountRows(const SliceHalf& half,
                     const std::function<bool(uint32_t cell)>& takes) {
  SliceCount count;
  if (half.subject_start.empty()) {
    for (size_t i = 0; i < half.cell.size(); ++i) {
      if (!takes(half.cell[i])) continue;
      ++count.rows;
      count.errors += half.error[i];
    }
    FillIndependent(half.rate(), &count);
    return count;
  }
  for (size_t s = 0; s + 1 < half.subject_start.size(); ++s) {
    int64_t rows = 0;
    int64_t errors = 0;
    for (uint32_t i = half.subject_start[s]; i < half.subject_start[s + 1];
         ++i) {
      if (!takes(half.cell[i])) continue;
      ++rows;
      errors += half.error[i];
    }
    if (rows > 0) {
      AddSubject(rows, errors, half.rate(), Residual(half, s), &count);
    }
  }
  return count;
}

double SliceDesignEffect(const SliceHalf& half, const SliceCount& count) {
  if (half.subject_start.empty() || count.rows == 0) return 1;
  const double rate = half.rate();
  const auto all = static_cast<double>(half.rows());
  const auto rows = static_cast<double>(count.rows);
  const double share = rows / all;
  const double kish = 1 + half.correlation * (count.row_squares / rows - 1);
  const double independent = rate * (1 - rate) * rows * (1 - share);
  if (!(independent > 0)) return std::max(1.0, kish);
  const double robust =
      count.squares - 2 * share * count.cross + share * share * half.squares;
  return std::max({1.0, kish, robust / independent});
}

}  // namespace plumbline
