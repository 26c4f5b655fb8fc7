// Groups of rows by any set of attributes, and all their intersections.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "plumbline/table/column.h"

namespace plumbline {

// One group: the attributes that define it and their levels (kMissingCode: the
// rows where the attribute is missing, a group of its own).
struct Group {
  int grouping = 0;              // index into GroupIndex::groupings
  std::vector<uint32_t> levels;  // one for each attribute of the grouping
  int64_t rows = 0;
};

// All groups of one set of attributes: a contiguous range of group ids.
struct Grouping {
  std::vector<int> attributes;  // indices, increasing; empty: everyone
  int first_group = 0;
  int group_count = 0;
};

// Rows carry the id of their cell, the combination of all attributes; every
// group of every grouping is a union of cells. Only combinations that occur
// exist.
struct GroupIndex {
  std::vector<CategoricalColumn> attributes;  // levels sorted for display
  std::vector<Grouping> groupings;            // [0] is everyone
  std::vector<Group> groups;                  // group 0 is everyone
  std::vector<uint32_t> cell_of_row;
  int64_t cells = 0;
  // cells x groupings, row-major: the group of a cell in a grouping.
  std::vector<uint32_t> group_of_cell;

  int64_t rows() const { return static_cast<int64_t>(cell_of_row.size()); }
  uint32_t GroupOf(uint32_t cell, int grouping) const {
    return group_of_cell[cell * groupings.size() + grouping];
  }
  // "everyone", "sex=F", "sex=F, race=missing".
  std::string Name(int group) const;
};

// All groupings of 0 to `order` of the attributes (order 2: everyone, every
// attribute, every pair). Groups of a grouping are sorted by level, missing
// last. Levels are sorted: binned columns keep the order of their bins
// (`keep_order` true for them), words go by natural order ("D2" before "D10").
//
// Throws Error(kUsage) if an attribute is given twice, Error(kInvalidInput) if
// one is missing in every row, or if more than `max_groups` groups would arise
// (names the attribute with the most levels).
GroupIndex BuildGroups(std::vector<CategoricalColumn> attributes,
                       const std::vector<bool>& keep_order, int order,
                       int64_t max_groups = 200000);

}  // namespace plumbline
