// Which combination of levels each row has, and which slices those
// combinations make.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "plumbline/table/column.h"

namespace plumbline {

// Base cells: the combinations of all columns that occur. 4 bytes a row.
struct SliceCells {
  int columns = 0;
  std::vector<uint32_t> cell_of_row;
  // cells x columns, row-major: codes of the columns, kMissingCode for missing.
  std::vector<uint32_t> codes;

  int64_t cells() const {
    return columns == 0 ? 0 : static_cast<int64_t>(codes.size()) / columns;
  }
  uint32_t Code(uint32_t cell, int column) const {
    return codes[static_cast<size_t>(cell) * columns + column];
  }
};

// One pass over the rows for each column. All columns have the same length.
SliceCells BuildSliceCells(std::span<const CategoricalColumn> columns);

// A slice: the rows that have, in some columns, the levels of one base cell.
struct Slice {
  int combination = 0;  // index into SliceIndex::combinations
  uint32_t cell = 0;    // the first base cell that lies in it
};

// All slices of 1 to `depth` columns.
struct SliceIndex {
  std::vector<std::vector<int>> combinations;  // columns, increasing
  std::vector<Slice> slices;
  // By combination and cell: the slice in which the cell lies.
  std::vector<std::vector<uint32_t>> slice_of_cell;

  const std::vector<int>& Columns(const Slice& slice) const {
    return combinations[slice.combination];
  }
  // Position in `combinations`; -1 if there is none.
  int Find(const std::vector<int>& columns) const;
};

// Throws Error(kUsage) if combinations x cells exceed `most`; the message names
// the column with the most levels.
SliceIndex EnumerateSlices(const SliceCells& cells,
                           std::span<const CategoricalColumn> columns,
                           int depth, int64_t most = 20'000'000);

}  // namespace plumbline
