// Combinations of attributes that occur, and their projections on some of the
// attributes.
#pragma once

#include <cstdint>
#include <vector>

#include "plumbline/table/column.h"

namespace plumbline {

// The combinations of all attributes that occur, sorted by the level of the
// first attribute, then of the second, ...; missing last.
struct CellTable {
  std::vector<int64_t> rows;     // of each cell
  std::vector<uint32_t> levels;  // cells x attributes, row-major

  uint32_t Level(size_t cell, size_t attribute, size_t attributes) const {
    return levels[cell * attributes + attribute];
  }
};

// Finds them and writes each row's. Takes time and memory by the rows and the
// combinations that occur, not by the product of the levels. Without attributes
// there is one cell, and no rows are known.
CellTable FindCells(const std::vector<CategoricalColumn>& attributes,
                    std::vector<uint32_t>* cell_of_row);

// Groups of cells that agree in some attributes, sorted like cells.
struct Projection {
  std::vector<uint32_t> group_of_cell;
  std::vector<uint32_t> cell_of_group;  // one of its cells
};

// `subset`: increasing places in `attributes`.
Projection Project(const CellTable& cells,
                   const std::vector<CategoricalColumn>& attributes,
                   const std::vector<int>& subset);

}  // namespace plumbline
