#include "plumbline/audit/slices/slice_search.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <set>

#include "plumbline/audit/slices/slice_counts.h"
#include "plumbline/audit/slices/slices_for_test.h"
#include "plumbline/base/error.h"

namespace plumbline {
namespace {

using Levels = std::vector<uint32_t>;
using Names = std::vector<std::string>;

TEST(SearchSlices, FindsAPlantedSliceOfOneConditionAndNothingElse) {
  const SliceTable table =
      MakeSliceTable({}, [](const Levels& l) { return l[1] == 2 ? 0.1 : 0.0; });
  const SliceSearchResult result = Search(table);
  EXPECT_EQ(NamesFound(table, result), Names({"b=2"}));
  EXPECT_TRUE(result.found.at(0).confirmed);
}

TEST(SearchSlices, FindsAPlantedSliceOfTwoConditionsAndNotItsParts) {
  const SliceTable table = MakeSliceTable(
      {}, [](const Levels& l) { return l[0] == 1 && l[2] == 3 ? 0.2 : 0.0; });
  const SliceSearchResult result = Search(table);
  EXPECT_EQ(NamesFound(table, result), Names({"a=1, c=3"}));
  EXPECT_GT(result.discoveries, 3) << "its parts and children differ too";
  EXPECT_EQ(result.redundant, result.discoveries - 1);
}

TEST(SearchSlices, FindsAPlantedSliceOfThreeConditions) {
  const SliceTable table = MakeSliceTable({.rows = 40000}, [](const Levels& l) {
    return l[0] == 0 && l[2] == 1 && l[3] == 5 ? 0.35 : 0.0;
  });
  EXPECT_EQ(NamesFound(table, Search(table)), Names({"a=0, c=1, d=5"}));
}

TEST(SearchSlices, TellsTwoOverlappingSlicesApart) {
  const SliceTable table = MakeSliceTable({.rows = 60000}, [](const Levels& l) {
    return (l[3] == 4 ? 0.15 : 0.0) + (l[0] == 1 && l[2] == 3 ? 0.2 : 0.0);
  });
  EXPECT_EQ(NamesFound(table, Search(table)), Names({"a=1, c=3", "d=4"}));
}

TEST(SearchSlices, FindsNothingWhereNothingIsPlanted) {
  const SliceTable table = MakeSliceTable({.rows = 30000, .seed = 7});
  const SliceSearchResult result = Search(table);
  EXPECT_TRUE(result.found.empty());
  // 2, 4, 5, 6 levels: 17 + (8+10+12+20+24+30) + (40+48+60+120) cells.
  EXPECT_EQ(result.tested + result.too_small, 17 + 104 + 268);
}

TEST(SearchSlices, CountsRestAndHalvesAddUp) {
  const SliceTable table = MakeSliceTable(
      {}, [](const Levels& l) { return l[0] == 1 && l[2] == 3 ? 0.2 : 0.0; });
  const SliceSearchResult result = Search(table);
  EXPECT_EQ(result.found_on.rows + result.held_out.rows, 20000);
  EXPECT_NEAR(result.found_on.rows, 10000, 400);
  ASSERT_EQ(result.found.size(), 1u);
  int64_t rows = 0;
  int64_t errors = 0;
  for (size_t i = 0; i < table.rows.size(); ++i) {
    if (table.columns[0].codes[i] == 1 && table.columns[2].codes[i] == 3) {
      ++rows;
      errors += table.errors[i];
    }
  }
  const FoundSlice& found = result.found[0];
  EXPECT_EQ(found.found_on.rows + found.held_out.rows, rows);
  EXPECT_EQ(found.found_on.errors + found.held_out.errors, errors);
  EXPECT_EQ(found.held_out.rows + found.held_out.rest_rows,
            result.held_out.rows);
  EXPECT_EQ(found.held_out.errors + found.held_out.rest_errors,
            result.held_out.errors);
  EXPECT_NEAR(found.held_out.excess.value,
              found.held_out.rows *
                  (found.held_out.rate.value - found.held_out.rest.value),
              1e-9);
  EXPECT_NEAR(found.held_out.difference.value, 0.2, 0.05);
}

void ExpectSame(const SliceSearchResult& a, const SliceSearchResult& b) {
  EXPECT_EQ(a.tested, b.tested);
  EXPECT_EQ(a.discoveries, b.discoveries);
  ASSERT_EQ(a.found.size(), b.found.size());
  for (size_t i = 0; i < a.found.size(); ++i) {
    EXPECT_EQ(a.found[i].held_out.p, b.found[i].held_out.p);
    EXPECT_EQ(a.found[i].found_on.errors, b.found[i].found_on.errors);
  }
}

SliceTable Clustered() {
  return MakeSliceTable({.rows = 24000, .rows_per_subject = 3, .shared = 0.4},
                        [](const Levels& l) {
                          return (l[0] == 1 && l[2] == 3 ? 0.2 : 0.0) +
                                 (l[1] == 0 ? 0.1 : 0.0);
                        });
}

TEST(SearchSlices, DoNotDependOnTheOrderOfRows) {
  const SliceTable table = Clustered();
  std::vector<size_t> order(table.rows.size());
  std::iota(order.begin(), order.end(), 0);
  RandomStream random(5, "order");
  for (size_t i = order.size(); i > 1; --i) {
    std::swap(order[i - 1], order[random.NextBelow(i)]);
  }
  SliceTable shuffled = table;
  for (size_t c = 0; c < table.columns.size(); ++c) {
    std::vector<uint32_t> codes;
    for (const size_t i : order) codes.push_back(table.columns[c].codes[i]);
    shuffled.columns[c].codes = CodeVector::Pack(
        codes, static_cast<uint32_t>(table.columns[c].levels.size()));
  }
  for (size_t i = 0; i < order.size(); ++i) {
    shuffled.errors[i] = table.errors[order[i]];
    shuffled.subjects[i] = table.subjects[order[i]];
  }
  const SliceSearchResult result = Search(table);
  EXPECT_EQ(NamesFound(table, result), Names({"a=1, c=3", "b=0"}));
  ExpectSame(result, Search(shuffled));
  EXPECT_EQ(NamesFound(table, result), NamesFound(shuffled, Search(shuffled)));
}

TEST(SearchSlices, DoNotDependOnWhatLevelsAreCalledNorOnTheirCodes) {
  const SliceTable table = Clustered();
  SliceTable renamed = table;
  for (CategoricalColumn& column : renamed.columns) {
    const auto levels = static_cast<uint32_t>(column.levels.size());
    std::vector<uint32_t> codes;
    for (size_t i = 0; i < table.rows.size(); ++i) {
      codes.push_back(levels - 1 - column.codes[i]);
    }
    column.codes = CodeVector::Pack(codes, levels);
    for (std::string& level : column.levels) level = "level " + level;
  }
  ExpectSame(Search(table), Search(renamed));
}

TEST(SearchSlices, TakeMissingAsALevel) {
  SliceTable table = MakeSliceTable(
      {}, [](const Levels& l) { return l[1] == 3 ? 0.15 : 0.0; });
  CategoricalColumn& column = table.columns[1];
  std::vector<uint32_t> codes;
  for (size_t i = 0; i < table.rows.size(); ++i) {
    codes.push_back(column.codes[i] == 3 ? kMissingCode : column.codes[i]);
  }
  column.levels.pop_back();
  column.codes = CodeVector::Pack(codes, 3);
  EXPECT_EQ(NamesFound(table, Search(table)), Names({"b=missing"}));
}

TEST(SearchSlices, LeaveOutSlicesThatAreASimplerOne) {
  SliceTable table = MakeSliceTable({.levels = {2, 3}},
                                    [](const Levels& l) { return l[0] * 0.1; });
  // A copy of a: every slice that has both is one without.
  table.columns.push_back(table.columns[0]);
  table.columns.back().name = "copy";
  const SliceSearchResult result = Search(table);
  EXPECT_EQ(NamesFound(table, result).size(), 1u);
  EXPECT_EQ(result.found[0].conditions.size(), 1u);
  // a x copy: 2, and each of these x b: 3.
  EXPECT_EQ(result.same_as_simpler, 2 + 6);
}

TEST(SearchSlices, SayWhatCouldHaveBeenSeen) {
  const SliceSearchResult small =
      Search(MakeSliceTable({.rows = 4000, .seed = 3}));
  const SliceSearchResult large =
      Search(MakeSliceTable({.rows = 64000, .seed = 3}));
  ASSERT_EQ(small.detectable.size(), 4u);
  for (size_t i = 0; i < 4; ++i) {
    EXPECT_GT(small.detectable[i].difference, large.detectable[i].difference);
  }
  EXPECT_LT(large.detectable[3].difference, large.detectable[0].difference);
}

TEST(SearchSlices, WithoutErrorsFindNothing) {
  SliceTable table = MakeSliceTable({.rows = 2000});
  std::fill(table.errors.begin(), table.errors.end(), 0);
  const SliceSearchResult result = Search(table);
  EXPECT_TRUE(result.found.empty());
  EXPECT_TRUE(std::isnan(result.detectable[0].difference));
  table.rows.clear();
  table.errors.clear();
  EXPECT_EQ(Search(table).tested, 0);
}

TEST(EnumerateSlices, RefusesWhatIsTooMuchAndNamesTheWidestColumn) {
  const SliceTable table =
      MakeSliceTable({.rows = 2000, .levels = {2, 300, 5}});
  const SliceCells cells = BuildSliceCells(table.columns);
  EXPECT_EQ(EnumerateSlices(cells, table.columns, 3).combinations.size(), 7u);
  try {
    EnumerateSlices(cells, table.columns, 2, 5000);
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kUsage);
    const std::string message = error.what();
    EXPECT_NE(message.find("--slices: 3 columns to depth 2 make 6 "
                           "combinations of columns over "),
              std::string::npos)
        << message;
    EXPECT_NE(message.find(" occurring cells, too many to search. Most levels "
                           "has \"b\" (300): leave it out, cut a number into "
                           "intervals with --bins, or give a smaller "
                           "--slice-depth."),
              std::string::npos)
        << message;
  }
}

// Roll-ups against a direct count, with subjects in several slices.
TEST(CountSlices, EqualsADirectCount) {
  const SliceTable table = MakeSliceTable({.rows = 3000,
                                           .levels = {2, 3, 4},
                                           .rows_per_subject = 4,
                                           .shared = 0.5,
                                           .levels_by_row = true});
  const SliceCells cells = BuildSliceCells(table.columns);
  const SliceIndex index = EnumerateSlices(cells, table.columns, 3);
  const auto halves = SplitIntoHalves(table.rows, table.errors, cells,
                                      table.subjects, table.subject_count, 1);
  const std::vector<SliceCount> counts = CountSlices(halves[0], index);
  for (size_t s = 0; s < index.slices.size(); ++s) {
    const auto& slice_of_cell =
        index.slice_of_cell[index.slices[s].combination];
    const SliceCount direct = CountRows(
        halves[0], [&](uint32_t cell) { return slice_of_cell[cell] == s; });
    EXPECT_EQ(counts[s].rows, direct.rows);
    EXPECT_EQ(counts[s].errors, direct.errors);
    EXPECT_EQ(counts[s].subjects, direct.subjects);
    EXPECT_NEAR(counts[s].squares, direct.squares, 1e-9);
    EXPECT_NEAR(counts[s].cross, direct.cross, 1e-9);
    EXPECT_NEAR(counts[s].row_squares, direct.row_squares, 1e-9);
  }
}

TEST(SplitIntoHalves, KeepsASubjectsRowsTogether) {
  const SliceTable table = Clustered();
  const SliceCells cells = BuildSliceCells(table.columns);
  const auto halves = SplitIntoHalves(table.rows, table.errors, cells,
                                      table.subjects, table.subject_count, 9);
  EXPECT_EQ(halves[0].subjects() + halves[1].subjects(), table.subject_count);
  EXPECT_EQ(halves[0].rows(), 3 * halves[0].subjects());
}

// Rows of a subject that are copies of one another: 3 rows count as one.
TEST(SliceDesignEffect, OfCopiedRowsIsTheirNumber) {
  SliceTable table =
      MakeSliceTable({.rows = 30000, .rows_per_subject = 3, .shared = 0});
  for (size_t i = 0; i < table.errors.size(); ++i) {
    table.errors[i] = table.errors[i - i % 3];
  }
  const SliceCells cells = BuildSliceCells(table.columns);
  const auto halves = SplitIntoHalves(table.rows, table.errors, cells,
                                      table.subjects, table.subject_count, 1);
  EXPECT_NEAR(halves[0].correlation, 1, 1e-9);
  const SliceCount count =
      CountRows(halves[0], [&](uint32_t c) { return cells.Code(c, 0) == 1; });
  EXPECT_NEAR(SliceDesignEffect(halves[0], count), 3, 0.05);
}

}  // namespace
}  // namespace plumbline
