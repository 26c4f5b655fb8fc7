// Tables with planted slices, for the tests of this folder.
#pragma once

#include <cmath>
#include <functional>
#include <string>
#include <vector>

#include "plumbline/audit/slices/slice_search.h"
#include "plumbline/base/random.h"
#include "plumbline/stats/normal.h"

namespace plumbline {

struct SliceTable {
  std::vector<CategoricalColumn> columns;
  std::vector<uint32_t> rows;
  std::vector<uint8_t> errors;
  std::vector<uint32_t> subjects;
  int64_t subject_count = 0;
};

struct SliceTableOptions {
  int64_t rows = 20000;
  std::vector<int> levels = {2, 4, 5, 6};  // of columns a, b, ...
  double rate = 0.2;
  // Rows of a subject; above 1 they share a latent normal with this share of
  // the variance, and their levels.
  int rows_per_subject = 1;
  double shared = 0;
  // Levels may differ from row to row although a subject has several.
  bool levels_by_row = false;
  uint64_t seed = 1;
};

// `extra(levels)` is added to the rate of a row.
inline SliceTable MakeSliceTable(
    const SliceTableOptions& options,
    const std::function<double(const std::vector<uint32_t>&)>& extra =
        nullptr) {
  RandomStream random(options.seed, "slice table");
  SliceTable table;
  const size_t columns = options.levels.size();
  std::vector<std::vector<uint32_t>> codes(columns);
  std::vector<uint32_t> level(columns);
  double shared = 0;
  for (int64_t row = 0; row < options.rows; ++row) {
    const bool new_subject = row % options.rows_per_subject == 0;
    if (new_subject) shared = random.NextNormal();
    for (size_t c = 0; c < columns; ++c) {
      if (new_subject || options.levels_by_row) {
        level[c] = static_cast<uint32_t>(random.NextBelow(options.levels[c]));
      }
      codes[c].push_back(level[c]);
    }
    // A row errs where a standard normal, in part its subject's, falls below
    // the quantile of its rate.
    const double z = std::sqrt(options.shared) * shared +
                     std::sqrt(1 - options.shared) * random.NextNormal();
    const double rate = options.rate + (extra ? extra(level) : 0);
    table.rows.push_back(static_cast<uint32_t>(row));
    table.errors.push_back(z < NormalQuantile(rate) ? 1 : 0);
    if (options.rows_per_subject > 1) {
      table.subjects.push_back(
          static_cast<uint32_t>(row / options.rows_per_subject));
    }
  }
  if (!table.subjects.empty()) {
    table.subject_count = table.subjects.back() + 1;
  }
  table.columns.resize(columns);
  for (size_t c = 0; c < columns; ++c) {
    table.columns[c].name = std::string(1, static_cast<char>('a' + c));
    for (int l = 0; l < options.levels[c]; ++l) {
      table.columns[c].levels.push_back(std::to_string(l));
    }
    table.columns[c].codes =
        CodeVector::Pack(codes[c], static_cast<uint32_t>(options.levels[c]));
  }
  return table;
}

inline SliceSearchResult Search(const SliceTable& table,
                                const SliceSearchOptions& options = {}) {
  const SliceCells cells = BuildSliceCells(table.columns);
  const SliceIndex index = EnumerateSlices(cells, table.columns, options.depth);
  return SearchSlices(
      cells, index, table.columns,
      {table.rows, table.errors, table.subjects, table.subject_count}, options);
}

inline std::vector<std::string> NamesFound(const SliceTable& table,
                                           const SliceSearchResult& result) {
  std::vector<std::string> names;
  for (const FoundSlice& found : result.found) {
    names.push_back(SliceName(found.conditions, table.columns));
  }
  return names;
}

}  // namespace plumbline
