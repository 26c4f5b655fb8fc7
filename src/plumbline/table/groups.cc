#include "plumbline/table/groups.h"

#include <algorithm>
#include <numeric>
#include <string_view>

#include "plumbline/base/error.h"
#include "plumbline/base/text.h"
#include "plumbline/table/group_cells.h"
#include "plumbline/table/natural_order.h"

namespace plumbline {
namespace {

void CheckAttributes(const std::vector<CategoricalColumn>& attributes) {
  for (size_t i = 0; i < attributes.size(); ++i) {
    const CategoricalColumn& attribute = attributes[i];
    for (size_t j = 0; j < i; ++j) {
      if (attributes[j].name != attribute.name) continue;
      throw Error(ErrorCode::kUsage, "attribute \"{}\" is given twice",
                  attribute.name);
    }
    const size_t rows = attribute.codes.size();
    if (rows != attributes[0].codes.size()) {
      throw Error(ErrorCode::kInternal,
                  "attribute \"{}\" has {} rows, \"{}\" has {}", attribute.name,
                  rows, attributes[0].name, attributes[0].codes.size());
    }
    if (attribute.missing == static_cast<int64_t>(rows)) {
      throw Error(ErrorCode::kInvalidInput,
                  "attribute \"{}\" is missing in every row; there are no "
                  "groups to compare",
                  attribute.name);
    }
  }
}

template <typename Code>
void Recode(const std::vector<uint32_t>& new_code, std::vector<Code>* codes) {
  constexpr Code kMissing = std::numeric_limits<Code>::max();
  for (Code& code : *codes) {
    if (code != kMissing) code = static_cast<Code>(new_code[code]);
  }
}

// Puts the levels into natural order.
void SortLevels(CategoricalColumn* attribute) {
  const size_t count = attribute->levels.size();
  std::vector<uint32_t> order(count);
  std::iota(order.begin(), order.end(), 0);
  std::sort(order.begin(), order.end(), [&](uint32_t a, uint32_t b) {
    return NaturalLess(attribute->levels[a], attribute->levels[b]);
  });
  if (std::is_sorted(order.begin(), order.end())) return;

  std::vector<uint32_t> new_code(count);
  std::vector<std::string> levels(count);
  std::vector<int64_t> first_row(attribute->first_row.size());
  for (size_t i = 0; i < count; ++i) {
    new_code[order[i]] = static_cast<uint32_t>(i);
    levels[i] = std::move(attribute->levels[order[i]]);
    if (!first_row.empty()) first_row[i] = attribute->first_row[order[i]];
  }
  attribute->levels = std::move(levels);
  attribute->first_row = std::move(first_row);
  CodeVector::Storage codes = attribute->codes.storage();
  std::visit([&](auto& storage) { Recode(new_code, &storage); }, codes);
  attribute->codes = CodeVector(std::move(codes));
}

// All sets of `size` of the numbers below `count`, in lexicographic order.
std::vector<std::vector<int>> Subsets(int count, int size) {
  std::vector<std::vector<int>> subsets;
  std::vector<int> subset(size);
  std::iota(subset.begin(), subset.end(), 0);
  while (true) {
    subsets.push_back(subset);
    int i = size - 1;
    while (i >= 0 && subset[i] == count - size + i) --i;
    if (i < 0) return subsets;
    ++subset[i];
    for (int j = i + 1; j < size; ++j) subset[j] = subset[j - 1] + 1;
  }
}

[[noreturn]] void ThrowTooManyGroups(
    const std::vector<CategoricalColumn>& attributes, int64_t max_groups) {
  const CategoricalColumn* worst = &attributes[0];
  for (const CategoricalColumn& attribute : attributes) {
    if (attribute.levels.size() > worst->levels.size()) worst = &attribute;
  }
  throw Error(ErrorCode::kInvalidInput,
              "more than {} groups; attribute \"{}\" alone has {} levels: cut "
              "it into bins, leave it out or cross fewer attributes",
              WithThousands(max_groups), worst->name,
              WithThousands(static_cast<int64_t>(worst->levels.size())));
}

class GroupBuilder {
 public:
  GroupBuilder(GroupIndex* index, CellTable cells, int64_t max_groups)
      : index_(*index), cells_(std::move(cells)), max_groups_(max_groups) {}

  // Adds the grouping of `order` and fewer attributes.
  void Build(int order) {
    const int attributes = static_cast<int>(index_.attributes.size());
    std::vector<std::vector<int>> sets;
    for (int size = 0; size <= std::min(order, attributes); ++size) {
      for (auto& subset : Subsets(attributes, size)) sets.push_back(subset);
    }
    index_.group_of_cell.resize(cells_.rows.size() * sets.size());
    for (size_t i = 0; i < sets.size(); ++i) {
      AddGrouping(sets[i], i, sets.size());
    }
  }

 private:
  void AddGrouping(const std::vector<int>& attributes, size_t grouping,
                   size_t groupings) {
    const Projection projection =
        Project(cells_, index_.attributes, attributes);
    const int first = static_cast<int>(index_.groups.size());
    const int count = static_cast<int>(projection.cell_of_group.size());
    if (first + int64_t{count} > max_groups_) {
      ThrowTooManyGroups(index_.attributes, max_groups_);
    }
    index_.groupings.push_back({attributes, first, count});
    for (const uint32_t cell : projection.cell_of_group) {
      Group group{static_cast<int>(grouping), {}, 0};
      for (const int attribute : attributes) {
        group.levels.push_back(
            cells_.Level(cell, attribute, index_.attributes.size()));
      }
      index_.groups.push_back(std::move(group));
    }
    for (size_t cell = 0; cell < cells_.rows.size(); ++cell) {
      const uint32_t group = first + projection.group_of_cell[cell];
      index_.group_of_cell[cell * groupings + grouping] = group;
      index_.groups[group].rows += cells_.rows[cell];
    }
  }

  GroupIndex& index_;
  CellTable cells_;
  int64_t max_groups_;
};

}  // namespace

std::string GroupIndex::Name(int group) const {
  const Group& of = groups[group];
  const Grouping& grouping = groupings[of.grouping];
  if (grouping.attributes.empty()) return "everyone";
  std::string name;
  for (size_t i = 0; i < grouping.attributes.size(); ++i) {
    const CategoricalColumn& attribute = attributes[grouping.attributes[i]];
    if (i > 0) name += ", ";
    name += attribute.name + "=";
    name += of.levels[i] == kMissingCode ? "missing"
                                         : attribute.levels[of.levels[i]];
  }
  return name;
}

GroupIndex BuildGroups(std::vector<CategoricalColumn> attributes,
                       const std::vector<bool>& keep_order, int order,
                       int64_t max_groups) {
  CheckAttributes(attributes);
  GroupIndex index;
  index.attributes = std::move(attributes);
  for (size_t i = 0; i < index.attributes.size(); ++i) {
    if (i >= keep_order.size() || !keep_order[i]) {
      SortLevels(&index.attributes[i]);
    }
  }
  CellTable cells = FindCells(index.attributes, &index.cell_of_row);
  index.cells = static_cast<int64_t>(cells.rows.size());
  GroupBuilder(&index, std::move(cells), max_groups).Build(order);
  return index;
}

}  // namespace plumbline
