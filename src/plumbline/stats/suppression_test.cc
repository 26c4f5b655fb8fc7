#include "plumbline/stats/suppression.h"

#include <gtest/gtest.h>

#include <map>
#include <numeric>
#include <random>

namespace plumbline {
namespace {

// A table of two attributes with as many people as `counts` says (rows x
// columns), all of one kind, and all its groupings.
struct TwoWay {
  Lattice lattice;
  MovablePeople people;
  SuppressionLayer layer;

  TwoWay(size_t rows, size_t columns, const std::vector<int64_t>& counts,
         int64_t width = 11) {
    lattice.groupings = {{}, {0}, {1}, {0, 1}};
    lattice.groups.push_back({0, {}});
    layer.people.push_back(
        std::accumulate(counts.begin(), counts.end(), int64_t{0}));
    for (uint32_t r = 0; r < rows; ++r) {
      lattice.groups.push_back({1, {r}});
      layer.people.push_back(std::accumulate(counts.begin() + r * columns,
                                             counts.begin() + (r + 1) * columns,
                                             int64_t{0}));
    }
    for (uint32_t c = 0; c < columns; ++c) {
      lattice.groups.push_back({2, {c}});
      int64_t sum = 0;
      for (size_t r = 0; r < rows; ++r) sum += counts[r * columns + c];
      layer.people.push_back(sum);
    }
    for (uint32_t r = 0; r < rows; ++r) {
      for (uint32_t c = 0; c < columns; ++c) {
        const int64_t count = counts[r * columns + c];
        if (count == 0) continue;
        lattice.cells.push_back({r, c});
        people.count.push_back(count);
        lattice.groups.push_back({3, {r, c}});
        layer.people.push_back(count);
      }
    }
    people.rows = {1};
    layer.width = width;
    for (const int64_t n : layer.people) {
      layer.sensitive.push_back(n > 0 && n < width);
    }
  }

  std::vector<uint8_t> Hidden() {
    layer.tables = {&people};
    return Suppress(lattice, layer).hidden;
  }

  int Group(int grouping, std::vector<uint32_t> levels) const {
    for (size_t g = 0; g < lattice.groups.size(); ++g) {
      if (lattice.groups[g].grouping == grouping &&
          lattice.groups[g].levels == levels) {
        return static_cast<int>(g);
      }
    }
    return -1;
  }
};

TEST(Suppress, HidesNothingWhereNothingIsSmall) {
  TwoWay table(2, 2, {50, 60, 70, 80});
  for (const uint8_t hidden : table.Hidden()) EXPECT_EQ(hidden, 0);
}

TEST(Suppress, HidesARectangleAroundASmallCell) {
  TwoWay table(3, 3, {5, 60, 70, 80, 20, 90, 95, 85, 99});
  const std::vector<uint8_t> hidden = table.Hidden();
  EXPECT_EQ(std::accumulate(hidden.begin(), hidden.end(), 0), 4);
  EXPECT_EQ(hidden[table.Group(3, {0, 0})], 1);
  // The cheapest other corner is the one with 20 people.
  EXPECT_EQ(hidden[table.Group(3, {1, 1})], 1);
  EXPECT_EQ(hidden[table.Group(3, {0, 1})], 1);
  EXPECT_EQ(hidden[table.Group(3, {1, 0})], 1);
}

TEST(Suppress, HidesASmallLevelWithAnotherAndAllInside) {
  // Level 0 of the first attribute has 6 people, level 1 has 30.
  TwoWay table(3, 2, {3, 3, 15, 15, 200, 300});
  const std::vector<uint8_t> hidden = table.Hidden();
  EXPECT_EQ(hidden[table.Group(1, {0})], 1);
  EXPECT_EQ(hidden[table.Group(1, {1})], 1);
  EXPECT_EQ(hidden[table.Group(1, {2})], 0);
  for (uint32_t c = 0; c < 2; ++c) {
    EXPECT_EQ(hidden[table.Group(3, {0, c})], 1);
    EXPECT_EQ(hidden[table.Group(3, {1, c})], 1);
    EXPECT_EQ(hidden[table.Group(2, {c})], 0);
  }
}

TEST(Suppress, TakesMoreWhereTheSumOfTheHiddenIsSmall) {
  // 3 + 5 = 8 would be known as the rest of the row.
  TwoWay table(2, 4, {3, 5, 40, 50, 60, 70, 80, 90});
  const std::vector<uint8_t> hidden = table.Hidden();
  int of_row = 0;
  int64_t sum = 0;
  for (uint32_t c = 0; c < 4; ++c) {
    const int group = table.Group(3, {0, c});
    of_row += hidden[group];
    if (hidden[group]) sum += table.layer.people[group];
  }
  EXPECT_GE(of_row, 3);
  EXPECT_GE(sum, 11);
}

TEST(Suppress, HidesAllGroupsWhereOnlyTwoLevelsAreThere) {
  TwoWay table(2, 2, {4, 4, 100, 100});
  const std::vector<uint8_t> hidden = table.Hidden();
  EXPECT_EQ(hidden[table.Group(1, {0})], 1);
  EXPECT_EQ(hidden[table.Group(1, {1})], 1);
  EXPECT_EQ(hidden[0], 0);
}

TEST(Suppress, HidesEveryoneIfThereAreTooFewPeople) {
  TwoWay table(1, 2, {4, 5});
  for (const uint8_t hidden : table.Hidden()) EXPECT_EQ(hidden, 1);
}

TEST(Suppress, LetsPeopleMoveOnlyWhereAllTablesLetThem) {
  TwoWay table(2, 2, {5, 60, 70, 80});
  // In the second table nobody has the same kind as anybody of another cell.
  MovablePeople strangers;
  strangers.kinds = 4;
  strangers.rows = {1, 1, 1, 1};
  strangers.count.assign(16, 0);
  for (int c = 0; c < 4; ++c) strangers.count[c * 4 + c] = 60;
  table.layer.tables = {&table.people, &strangers};
  const Suppression result = Suppress(table.lattice, table.layer);
  EXPECT_TRUE(result.fell_back);
}

TEST(Suppress, ExchangesKindsWithinTheSameCells) {
  // Two levels with 3 and 40 positives among 100 each: hidden together.
  Lattice lattice;
  lattice.groupings = {{}, {0}};
  lattice.groups = {{0, {}}, {1, {0}}, {1, {1}}, {1, {2}}};
  lattice.cells = {{0}, {1}, {2}};
  MovablePeople people{2, {97, 3, 60, 40, 300, 200}, {1, 1}};
  SuppressionLayer layer;
  layer.tables = {&people};
  layer.exchanges = {{0, 1}};
  layer.people = {700, 100, 100, 500};
  layer.sensitive = {0, 1, 0, 0};
  EXPECT_EQ(Suppress(lattice, layer).hidden,
            (std::vector<uint8_t>{0, 1, 1, 0}));
}

// Least and most that the hidden cell can hold, by trying all tables with the
// published sums: an attacker who solves in integers.
struct Bounds {
  int64_t lo = 1 << 30;
  int64_t hi = -1;
};

void Enumerate(const TwoWay& table, const std::vector<uint8_t>& hidden,
               size_t rows, size_t columns, std::vector<int64_t>* cells,
               size_t at, int watched, Bounds* bounds) {
  const auto check = [&](int grouping, uint32_t level, bool partial) {
    const int group = table.Group(grouping, {level});
    int64_t sum = 0;
    for (size_t i = 0; i < at; ++i) {
      const size_t of = grouping == 1 ? i / columns : i % columns;
      if (of == level) sum += (*cells)[i];
    }
    const int64_t n = table.layer.people[group];
    return partial ? sum <= n : sum == n;
  };
  if (at > 0) {
    const auto row = static_cast<uint32_t>((at - 1) / columns);
    const auto column = static_cast<uint32_t>((at - 1) % columns);
    if (!check(1, row, at % columns != 0)) return;
    if (!check(2, column, at + columns <= rows * columns)) return;
  }
  if (at == rows * columns) {
    bounds->lo = std::min(bounds->lo, (*cells)[watched]);
    bounds->hi = std::max(bounds->hi, (*cells)[watched]);
    return;
  }
  const int group = table.Group(3, {static_cast<uint32_t>(at / columns),
                                    static_cast<uint32_t>(at % columns)});
  const bool is_hidden = group >= 0 && hidden[group];
  const int64_t known = group < 0 ? 0 : table.layer.people[group];
  const int64_t most =
      is_hidden
          ? table.layer
                .people[table.Group(1, {static_cast<uint32_t>(at / columns)})]
          : known;
  for (int64_t n = is_hidden ? 1 : known; n <= most; ++n) {
    (*cells)[at] = n;
    Enumerate(table, hidden, rows, columns, cells, at + 1, watched, bounds);
  }
}

// Small tables with a small limit, against every table that fits.
TEST(Suppress, LeavesEverySmallCellWideOpenInRandomTables) {
  std::mt19937 random(5);
  int small_cells = 0;
  int naive_broken = 0;
  for (int trial = 0; trial < 60; ++trial) {
    constexpr size_t kRows = 3, kColumns = 3;
    constexpr int64_t kWidth = 4;
    std::vector<int64_t> counts(kRows * kColumns);
    for (int64_t& count : counts) {
      count = random() % 4 == 0 ? 1 + random() % 3 : 4 + random() % 5;
    }
    TwoWay table(kRows, kColumns, counts, kWidth);
    const std::vector<uint8_t> hidden = table.Hidden();
    for (size_t cell = 0; cell < counts.size(); ++cell) {
      if (counts[cell] >= kWidth) continue;
      if (hidden[0] || hidden[1] || hidden[2] || hidden[3]) continue;
      ++small_cells;
      std::vector<int64_t> cells(counts.size());
      Bounds bounds;
      Enumerate(table, hidden, kRows, kColumns, &cells, 0,
                static_cast<int>(cell), &bounds);
      EXPECT_LE(bounds.lo, counts[cell]);
      EXPECT_GE(bounds.hi - bounds.lo, kWidth) << "trial " << trial;
      Bounds naive;
      Enumerate(table, table.layer.sensitive, kRows, kColumns, &cells, 0,
                static_cast<int>(cell), &naive);
      naive_broken += naive.lo == naive.hi;
    }
  }
  EXPECT_GT(small_cells, 50);
  EXPECT_GT(naive_broken, 20);
}

}  // namespace
}  // namespace plumbline
