#include "plumbline/table/group_cells.h"

#include <algorithm>
#include <atomic>
#include <bit>
#include <functional>
#include <mutex>
#include <type_traits>

#include "plumbline/base/thread_pool.h"

namespace plumbline {
namespace {

// A table of all combinations is used up to this size, so that it stays in the
// second-level cache; beyond it the combinations that occur are sorted.
constexpr uint64_t kDenseKeys = uint64_t{1} << 18;
// Rows of a task: their cell numbers stay in that cache, too.
constexpr int64_t kRowsPerTask = 64 << 10;
// Cells up to which every task counts its rows on its own.
constexpr size_t kCountedApart = 64 << 10;

// Levels of an attribute and one for missing, which comes last.
uint64_t Radix(const CategoricalColumn& attribute) {
  return attribute.levels.size() + 1;
}

void ForRowRanges(size_t rows,
                  const std::function<void(size_t, size_t)>& work) {
  const int64_t tasks =
      (static_cast<int64_t>(rows) + kRowsPerTask - 1) / kRowsPerTask;
  ParallelFor(tasks, 0, [&](int64_t task) {
    const size_t begin = task * kRowsPerTask;
    work(begin, std::min<size_t>(rows, begin + kRowsPerTask));
  });
}

// Calls use(row, level) for rows in [begin, end); level Radix - 1 is missing.
template <typename Use>
void ForLevels(const CategoricalColumn& attribute, size_t begin, size_t end,
               Use use) {
  const uint32_t missing = static_cast<uint32_t>(Radix(attribute) - 1);
  std::visit(
      [&](const auto& codes) {
        using Code = std::remove_cvref_t<decltype(codes[0])>;
        for (size_t row = begin; row < end; ++row) {
          const Code code = codes[row];
          const bool known = code != std::numeric_limits<Code>::max();
          use(row, known ? uint32_t{code} : missing);
        }
      },
      attribute.codes.storage());
}

void SortUnique(std::vector<uint64_t>* values) {
  std::sort(values->begin(), values->end());
  values->erase(std::unique(values->begin(), values->end()), values->end());
}

// Places of sorted distinct keys, or a set of keys.
class KeyMap {
 public:
  static constexpr uint32_t kAbsent = UINT32_MAX;

  explicit KeyMap(size_t most_keys)
      : slots_(std::bit_ceil(2 * most_keys + 1), Slot{0, kAbsent}) {}

  // The slot of a key; its place is kAbsent if the key is new.
  uint32_t& operator[](uint64_t key) {
    Slot& slot = slots_[Locate(key)];
    slot.key = key;
    return slot.place;
  }
  uint32_t Find(uint64_t key) const { return slots_[Locate(key)].place; }

 private:
  struct Slot {
    uint64_t key;
    uint32_t place;
  };

  size_t Locate(uint64_t key) const {
    const size_t mask = slots_.size() - 1;
    const uint64_t mixed = key * 0x9E3779B97F4A7C15;
    size_t at = (mixed ^ mixed >> 32) & mask;
    while (slots_[at].place != kAbsent && slots_[at].key != key) {
      at = (at + 1) & mask;
    }
    return at;
  }

  std::vector<Slot> slots_;
};

// The distinct keys below `limit`, sorted; each key becomes its place among
// them.
std::vector<uint64_t> RankSmallKeys(uint64_t limit,
                                    std::vector<uint32_t>* keys) {
  std::vector<uint8_t> occurs(limit);
  ForRowRanges(keys->size(), [&](size_t begin, size_t end) {
    for (size_t row = begin; row < end; ++row) {
      std::atomic_ref<uint8_t> flag(occurs[(*keys)[row]]);
      if (flag.load(std::memory_order_relaxed) == 0) {
        flag.store(1, std::memory_order_relaxed);
      }
    }
  });
  std::vector<uint64_t> distinct;
  std::vector<uint32_t> place(limit);
  for (uint64_t key = 0; key < limit; ++key) {
    if (occurs[key] == 0) continue;
    place[key] = static_cast<uint32_t>(distinct.size());
    distinct.push_back(key);
  }
  ForRowRanges(keys->size(), [&](size_t begin, size_t end) {
    for (size_t row = begin; row < end; ++row) {
      (*keys)[row] = place[(*keys)[row]];
    }
  });
  return distinct;
}

// cell = place of (cell, level) among the combinations that occur, which are
// returned sorted as cell * Radix + level. For combinations too many for a
// table.
std::vector<uint64_t> RankCombinations(const CategoricalColumn& attribute,
                                       std::vector<uint32_t>* cells) {
  const uint64_t radix = Radix(attribute);
  std::vector<uint64_t> distinct;
  std::mutex mutex;
  ForRowRanges(cells->size(), [&](size_t begin, size_t end) {
    KeyMap seen(end - begin);
    std::vector<uint64_t> found;
    ForLevels(attribute, begin, end, [&](size_t row, uint32_t level) {
      const uint64_t key = (*cells)[row] * radix + level;
      uint32_t& place = seen[key];
      if (place != KeyMap::kAbsent) return;
      place = 0;
      found.push_back(key);
    });
    const std::lock_guard lock(mutex);
    distinct.insert(distinct.end(), found.begin(), found.end());
  });
  SortUnique(&distinct);

  KeyMap places(distinct.size());
  for (size_t i = 0; i < distinct.size(); ++i) {
    places[distinct[i]] = static_cast<uint32_t>(i);
  }
  ForRowRanges(cells->size(), [&](size_t begin, size_t end) {
    ForLevels(attribute, begin, end, [&](size_t row, uint32_t level) {
      (*cells)[row] = places.Find((*cells)[row] * radix + level);
    });
  });
  return distinct;
}

// Levels of the cells that `keys` stand for: those of a cell of `before`
// (`known` levels each), then those of attributes [known, end).
std::vector<uint32_t> DecodeLevels(
    const std::vector<uint64_t>& keys,
    const std::vector<CategoricalColumn>& attributes,
    const std::vector<uint32_t>& before, size_t known, size_t end) {
  std::vector<uint32_t> levels(keys.size() * end);
  for (size_t cell = 0; cell < keys.size(); ++cell) {
    uint32_t* const out = levels.data() + cell * end;
    uint64_t key = keys[cell];
    for (size_t i = end; i-- > known;) {
      const uint64_t radix = Radix(attributes[i]);
      const uint32_t level = static_cast<uint32_t>(key % radix);
      out[i] = level + 1 == radix ? kMissingCode : level;
      key /= radix;
    }
    std::copy_n(before.begin() + key * known, known, out);
  }
  return levels;
}

std::vector<int64_t> CountRows(const std::vector<uint32_t>& cell_of_row,
                               size_t cells) {
  std::vector<int64_t> rows(cells);
  if (cells > kCountedApart) {
    for (const uint32_t cell : cell_of_row) ++rows[cell];
    return rows;
  }
  std::mutex mutex;
  ForRowRanges(cell_of_row.size(), [&](size_t begin, size_t end) {
    std::vector<uint32_t> counts(cells);
    for (size_t row = begin; row < end; ++row) ++counts[cell_of_row[row]];
    const std::lock_guard lock(mutex);
    for (size_t cell = 0; cell < cells; ++cell) rows[cell] += counts[cell];
  });
  return rows;
}

}  // namespace

CellTable FindCells(const std::vector<CategoricalColumn>& attributes,
                    std::vector<uint32_t>* cell_of_row) {
  std::vector<uint32_t>& cells = *cell_of_row;
  cells.assign(attributes.empty() ? 0 : attributes[0].codes.size(), 0);
  CellTable table;
  size_t count = 1;
  size_t done = 0;
  while (done < attributes.size()) {
    // As many attributes at once as a table of their combinations allows.
    uint64_t limit = count;
    size_t end = done;
    while (end < attributes.size() &&
           limit * Radix(attributes[end]) <= kDenseKeys) {
      limit *= Radix(attributes[end++]);
    }
    std::vector<uint64_t> keys;
    if (end == done) {
      keys = RankCombinations(attributes[end++], &cells);
    } else {
      ForRowRanges(cells.size(), [&](size_t begin, size_t last) {
        for (size_t i = done; i < end; ++i) {
          const auto radix = static_cast<uint32_t>(Radix(attributes[i]));
          ForLevels(attributes[i], begin, last,
                    [&](size_t row, uint32_t level) {
                      cells[row] = cells[row] * radix + level;
                    });
        }
      });
      keys = RankSmallKeys(limit, &cells);
    }
    table.levels = DecodeLevels(keys, attributes, table.levels, done, end);
    count = keys.size();
    done = end;
  }
  table.rows = CountRows(cells, count);
  return table;
}

Projection Project(const CellTable& cells,
                   const std::vector<CategoricalColumn>& attributes,
                   const std::vector<int>& subset) {
  const size_t count = cells.rows.size();
  Projection projection;
  std::vector<uint32_t>& groups = projection.group_of_cell;
  groups.assign(count, 0);
  uint64_t group_count = count == 0 ? 0 : 1;
  for (const int attribute : subset) {
    const uint64_t radix = Radix(attributes[attribute]);
    const auto key_of = [&](size_t cell) {
      const uint32_t level = cells.Level(cell, attribute, attributes.size());
      return groups[cell] * radix +
             (level == kMissingCode ? radix - 1 : uint64_t{level});
    };
    if (group_count * radix <= kDenseKeys) {
      for (size_t cell = 0; cell < count; ++cell) {
        groups[cell] = static_cast<uint32_t>(key_of(cell));
      }
      group_count = RankSmallKeys(group_count * radix, &groups).size();
      continue;
    }
    std::vector<uint64_t> keys(count);
    for (size_t cell = 0; cell < count; ++cell) keys[cell] = key_of(cell);
    std::vector<uint64_t> distinct = keys;
    SortUnique(&distinct);
    for (size_t cell = 0; cell < count; ++cell) {
      groups[cell] = static_cast<uint32_t>(
          std::lower_bound(distinct.begin(), distinct.end(), keys[cell]) -
          distinct.begin());
    }
    group_count = distinct.size();
  }
  projection.cell_of_group.resize(group_count);
  for (size_t cell = count; cell-- > 0;) {
    projection.cell_of_group[groups[cell]] = static_cast<uint32_t>(cell);
  }
  return projection;
}

}  // namespace plumbline
