#include "plumbline/audit/slices/slice_cells.h"

#include <algorithm>
#include <unordered_map>

#include "plumbline/base/error.h"
#include "plumbline/base/text.h"

namespace plumbline {
namespace {

// Numbers keys 0, 1, 2, ... in the order of their first appearance.
class DenseNumbers {
 public:
  // All keys are below `bound`.
  explicit DenseNumbers(uint64_t bound) {
    if (bound <= kLargestTable) table_.assign(bound, kNone);
  }

  uint32_t operator()(uint64_t key) {
    if (table_.empty()) return hashed_.try_emplace(key, count()).first->second;
    uint32_t& number = table_[key];
    if (number == kNone) number = used_++;
    return number;
  }
  uint32_t count() const {
    return table_.empty() ? static_cast<uint32_t>(hashed_.size()) : used_;
  }

 private:
  static constexpr uint64_t kLargestTable = uint64_t{1} << 21;
  static constexpr uint32_t kNone = UINT32_MAX;

  std::vector<uint32_t> table_;
  uint32_t used_ = 0;
  std::unordered_map<uint64_t, uint32_t> hashed_;
};

// Missing comes after the levels.
uint32_t Digit(uint32_t code, uint32_t levels) {
  return code == kMissingCode ? levels : code;
}

// Refines the cells by one more column; `old_cell` and `digit` of the new ones.
void Refine(const CategoricalColumn& column, SliceCells* cells) {
  const auto levels = static_cast<uint32_t>(column.levels.size());
  const uint64_t radix = uint64_t{levels} + 1;
  const int64_t before =
      cells->columns == 0 ? 1 : std::max<int64_t>(cells->cells(), 1);
  DenseNumbers numbers(before * radix);
  const int width = cells->columns + 1;
  std::vector<uint32_t> codes;
  for (size_t row = 0; row < cells->cell_of_row.size(); ++row) {
    uint32_t& cell = cells->cell_of_row[row];
    const uint32_t code = column.codes[row];
    const uint32_t number = numbers(cell * radix + Digit(code, levels));
    if (static_cast<size_t>(number) * width == codes.size()) {
      for (int c = 0; c + 1 < width; ++c) codes.push_back(cells->Code(cell, c));
      codes.push_back(code);
    }
    cell = number;
  }
  cells->codes = std::move(codes);
  cells->columns = width;
}

void AddCombinations(int columns, int depth, int first, std::vector<int>* head,
                     std::vector<std::vector<int>>* out) {
  for (int column = first; column < columns; ++column) {
    head->push_back(column);
    out->push_back(*head);
    if (static_cast<int>(head->size()) < depth) {
      AddCombinations(columns, depth, column + 1, head, out);
    }
    head->pop_back();
  }
}

[[noreturn]] void ThrowTooMany(int64_t combinations, int64_t cells,
                               std::span<const CategoricalColumn> columns,
                               int depth) {
  const auto widest = std::max_element(
      columns.begin(), columns.end(), [](const auto& a, const auto& b) {
        return a.levels.size() < b.levels.size();
      });
  throw Error(
      ErrorCode::kUsage,
      "--slices: {} columns to depth {} make {} combinations of columns over "
      "{} occurring cells, too many to search. Most levels has \"{}\" ({}): "
      "leave it out, cut a number into intervals with --bins, or give a "
      "smaller --slice-depth.",
      columns.size(), depth, WithThousands(combinations), WithThousands(cells),
      widest->name,
      WithThousands(static_cast<long long>(widest->levels.size())));
}

}  // namespace

SliceCells BuildSliceCells(std::span<const CategoricalColumn> columns) {
  SliceCells cells;
  if (columns.empty()) return cells;
  cells.cell_of_row.assign(columns.front().codes.size(), 0);
  for (const CategoricalColumn& column : columns) Refine(column, &cells);
  return cells;
}

int SliceIndex::Find(const std::vector<int>& columns) const {
  const auto found = std::lower_bound(
      combinations.begin(), combinations.end(), columns,
      [](const std::vector<int>& a, const std::vector<int>& b) {
        return a.size() != b.size() ? a.size() < b.size() : a < b;
      });
  if (found == combinations.end() || *found != columns) return -1;
  return static_cast<int>(found - combinations.begin());
}

SliceIndex EnumerateSlices(const SliceCells& cells,
                           std::span<const CategoricalColumn> columns,
                           int depth, int64_t most) {
  SliceIndex index;
  // Counted before they are made: 100 columns to depth 4 are 4 million.
  double combinations = 0;
  double choose = 1;
  for (int d = 1; d <= std::min(depth, cells.columns); ++d) {
    choose *= static_cast<double>(cells.columns - d + 1) / d;
    combinations += choose;
  }
  if (combinations * static_cast<double>(cells.cells()) >
      static_cast<double>(most)) {
    ThrowTooMany(static_cast<int64_t>(combinations + 0.5), cells.cells(),
                 columns, depth);
  }
  std::vector<int> head;
  AddCombinations(cells.columns, depth, 0, &head, &index.combinations);
  std::sort(index.combinations.begin(), index.combinations.end(),
            [](const auto& a, const auto& b) {
              return a.size() != b.size() ? a.size() < b.size() : a < b;
            });
  for (const std::vector<int>& combination : index.combinations) {
    // Each column refines the numbering of the ones before it, so that keys
    // stay below cells x levels.
    std::vector<uint32_t> number(cells.cells(), 0);
    uint32_t count = 1;
    for (const int column : combination) {
      const auto levels = static_cast<uint32_t>(columns[column].levels.size());
      DenseNumbers numbers(count * (uint64_t{levels} + 1));
      for (uint32_t cell = 0; cell < number.size(); ++cell) {
        number[cell] = numbers(number[cell] * (uint64_t{levels} + 1) +
                               Digit(cells.Code(cell, column), levels));
      }
      count = numbers.count();
    }
    const auto first = static_cast<uint32_t>(index.slices.size());
    for (uint32_t cell = 0; cell < number.size(); ++cell) {
      number[cell] += first;
      if (number[cell] == index.slices.size()) {
        const auto at = static_cast<int>(index.slice_of_cell.size());
        index.slices.push_back({at, cell});
      }
    }
    index.slice_of_cell.push_back(std::move(number));
  }
  return index;
}

}  // namespace plumbline
