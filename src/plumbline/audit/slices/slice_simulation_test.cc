// What the search promises, in tables drawn many times over.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "plumbline/audit/slices/slices_for_test.h"

namespace plumbline {
namespace {

using Levels = std::vector<uint32_t>;

struct Rates {
  double any_discovery = 0;  // tables with a false discovery, first half
  double any_confirmed = 0;  // with one that the second half confirms
};

Rates NullRates(SliceTableOptions options, int tables) {
  Rates rates;
  for (int i = 0; i < tables; ++i) {
    options.seed = 1000 + i;
    const SliceSearchResult result =
        Search(MakeSliceTable(options), {.seed = options.seed});
    rates.any_discovery += result.discoveries > 0;
    rates.any_confirmed +=
        std::any_of(result.found.begin(), result.found.end(),
                    [](const FoundSlice& f) { return f.confirmed; });
  }
  rates.any_discovery /= tables;
  rates.any_confirmed /= tables;
  return rates;
}

// With every hypothesis true, the false-discovery rate is the share of tables
// with any discovery: at most 0.05. 400 tables: 0.05 + 3.3 standard errors.
constexpr int kTables = 400;
const double kMost = 0.05 + 3.3 * std::sqrt(0.05 * 0.95 / kTables);

void ExpectHonest(const SliceTableOptions& options) {
  const Rates rates = NullRates(options, kTables);
  ::testing::Test::RecordProperty("any_discovery",
                                  std::to_string(rates.any_discovery));
  ::testing::Test::RecordProperty("any_confirmed",
                                  std::to_string(rates.any_confirmed));
  EXPECT_LE(rates.any_discovery, kMost);
  // A false discovery must err again: 0.05 x 0.05 of tables.
  EXPECT_LE(rates.any_confirmed, 0.02);
}

TEST(FalseDiscoveries, AreRareWhenRowsAreIndependent) {
  ExpectHonest({.rows = 6000});
}

TEST(FalseDiscoveries, AreRareWhenErrorsAreRare) {
  ExpectHonest({.rows = 6000, .rate = 0.02});
}

TEST(FalseDiscoveries, AreRareWhenSubjectsHaveManyRows) {
  ExpectHonest({.rows = 8000, .rows_per_subject = 4, .shared = 0.5});
}

TEST(FalseDiscoveries, AreRareWhenSubjectsAreFewAndRareInErrors) {
  ExpectHonest(
      {.rows = 8000, .rate = 0.05, .rows_per_subject = 8, .shared = 0.6});
}

TEST(FalseDiscoveries, AreRareWhenASubjectLiesInSeveralSlices) {
  ExpectHonest({.rows = 8000,
                .rows_per_subject = 5,
                .shared = 0.6,
                .levels_by_row = true});
}

// Without the subjects the same tables give false discoveries more often than
// not: the simulation can fail.
TEST(FalseDiscoveries, AreFrequentWhenSubjectsAreIgnored) {
  int with = 0;
  for (int i = 0; i < 100; ++i) {
    SliceTable table = MakeSliceTable({.rows = 8000,
                                       .rows_per_subject = 8,
                                       .shared = 0.6,
                                       .seed = uint64_t(1000 + i)});
    table.subjects.clear();
    with += Search(table).discoveries > 0;
  }
  EXPECT_GT(with, 50);
}

// The share of tables in which the planted slice stands first, confirmed; and
// where it is, that its held-out interval covers the truth.
void ExpectFound(const SliceTableOptions& base, double extra,
                 double least_share) {
  int first = 0;
  int alone = 0;
  int covered = 0;
  constexpr int kDraws = 100;
  for (int i = 0; i < kDraws; ++i) {
    SliceTableOptions options = base;
    options.seed = 5000 + i;
    const SliceTable table = MakeSliceTable(options, [extra](const Levels& l) {
      return l[0] == 1 && l[2] == 3 ? extra : 0.0;
    });
    const SliceSearchResult result = Search(table, {.seed = options.seed});
    const auto names = NamesFound(table, result);
    if (names.empty() || names[0] != "a=1, c=3" || !result.found[0].confirmed) {
      continue;
    }
    ++first;
    alone += names.size() == 1;
    const Interval& difference = result.found[0].held_out.difference;
    covered += difference.lo <= extra && extra <= difference.hi;
  }
  EXPECT_GE(first, least_share * kDraws);
  EXPECT_GE(alone, 0.85 * first);
  // 95 % intervals, 100 draws: 3.3 standard errors below.
  EXPECT_GE(covered, 0.875 * first);
}

TEST(Power, OfAPlantedPairIsHigh) { ExpectFound({.rows = 12000}, 0.2, 0.95); }

TEST(Power, OfAPlantedPairWithSubjectsIsHigh) {
  ExpectFound({.rows = 20000, .rows_per_subject = 3, .shared = 0.4}, 0.2, 0.9);
}

// What `detectable` says is what happens: a slice of a tenth of the rows with
// the stated excess is found and confirmed in about 80 of 100 tables.
TEST(Power, OfTheDetectableExcessIsTheStatedOne) {
  const SliceTableOptions base{.rows = 12000, .levels = {10, 3, 4}};
  const double difference =
      Search(MakeSliceTable(base)).detectable[2].difference;
  int shown = 0;
  constexpr int kDraws = 400;
  for (int i = 0; i < kDraws; ++i) {
    SliceTableOptions options = base;
    options.seed = 9000 + i;
    const SliceTable table = MakeSliceTable(
        options, [&](const Levels& l) { return l[0] == 4 ? difference : 0.0; });
    const SliceSearchResult result = Search(table, {.seed = options.seed});
    shown += std::any_of(
        result.found.begin(), result.found.end(), [&](const FoundSlice& f) {
          return f.confirmed && f.conditions.size() == 1 &&
                 SliceName(f.conditions, table.columns) == "a=4";
        });
  }
  ::testing::Test::RecordProperty("shown", shown);
  // 80 % less what the exact test and pruning cost, and 3.3 standard errors.
  EXPECT_GE(shown, 0.68 * kDraws);
  EXPECT_LE(shown, 0.90 * kDraws);
}

}  // namespace
}  // namespace plumbline
