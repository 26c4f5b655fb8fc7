// Where does the model err more than elsewhere? Every combination of up to
// `depth` conditions on categorical columns, tested on one half of the subjects
// and estimated on the other.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "plumbline/audit/slices/slice_cells.h"
#include "plumbline/stats/interval.h"
#include "plumbline/table/column.h"

namespace plumbline {

struct SliceSearchOptions {
  int depth = 3;  // conditions of a slice, 1 to 4
  // Level of the false-discovery rate in the first half, of the tests between
  // slices, and of the family-wise error in the second half.
  double fdr = 0.05;
  // Rows of the denominator that a slice and its complement must have in the
  // first half to be tested. With subjects also kFewestSubjects of them.
  int64_t minimum = 30;
  double level = 0.95;  // of intervals, two-sided
  uint64_t seed = 1;    // of the halves
};

inline constexpr int64_t kFewestSliceSubjects = 10;

// The rows that can err: positives for misses, negatives for false alarms.
struct SliceRows {
  std::span<const uint32_t> rows;   // of the table
  std::span<const uint8_t> errors;  // beside them, 0 or 1
  // By row of the table, below subject_count; empty: every row is a subject.
  std::span<const uint32_t> subjects;
  int64_t subject_count = 0;
};

struct SliceCondition {
  int column = 0;      // index into the columns
  uint32_t level = 0;  // kMissingCode: missing
};

// One slice on one half. NaN where slice or rest have no rows.
struct SliceEstimate {
  int64_t rows = 0;
  int64_t subjects = 0;
  int64_t errors = 0;
  int64_t rest_rows = 0;
  int64_t rest_errors = 0;
  double design_effect = 1;
  Interval rate;        // Wilson
  Interval rest;        // of all rows outside the slice, Wilson
  Interval difference;  // rate - rest, Newcombe
  Interval excess;      // errors beyond the rest's rate: rows x difference
  double p = 1;         // one-sided, Fisher on effective counts
  // Held-out half only: of the test within strata of the other listed slices.
  double p_beyond_others = 0;
  // Of p in the first half, of the larger of the two in the second.
  double p_adjusted = 1;
};

struct FoundSlice {
  std::vector<SliceCondition> conditions;
  SliceEstimate found_on;  // the half that it was chosen on: too extreme
  SliceEstimate held_out;  // the half that had no part in the choice
  bool confirmed = false;  // p_adjusted of held_out <= fdr
};

// The smallest excess rate that this search shows with 80 % power in a slice
// that holds `share` of the rows: both halves must show it. NaN: none.
struct DetectableSlice {
  double share = 0;
  double difference = 0;
};

struct SliceHalfSummary {
  int64_t rows = 0;
  int64_t subjects = 0;
  int64_t errors = 0;
};

struct SliceSearchResult {
  SliceHalfSummary found_on;
  SliceHalfSummary held_out;
  double correlation = 0;       // of two rows of one subject, first half
  int64_t tested = 0;           // slices in the family
  int64_t too_small = 0;        // not tested: fewer than the minimum
  int64_t same_as_simpler = 0;  // not tested: the rows of a simpler slice
  int64_t discoveries = 0;      // pass the control of false discoveries
  int64_t redundant = 0;        // of them, explained by those listed
  // Confirmed ones first; within these, slices of several conditions (what one
  // column shows alone stands in the table of groups), then those of one; each
  // by the lower limit of held_out.excess.
  std::vector<FoundSlice> found;
  std::vector<DetectableSlice> detectable;  // shares 0.02, 0.05, 0.1, 0.2
};

// p-values are adjusted by Benjamini and Hochberg over all tested slices of the
// first half, and by Holm over the listed ones in the second.
//
// `cells` and `index` are those of `columns` (slice_cells.h), which several
// searches can share.
SliceSearchResult SearchSlices(const SliceCells& cells, const SliceIndex& index,
                               std::span<const CategoricalColumn> columns,
                               const SliceRows& rows,
                               const SliceSearchOptions& options = {});

// "sex=F, race=missing".
std::string SliceName(std::span<const SliceCondition> conditions,
                      std::span<const CategoricalColumn> columns);

}  // namespace plumbline
