#include "plumbline/table/groups.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <map>
#include <random>
#include <set>

#include "plumbline/base/error.h"
#include "plumbline/table/natural_order.h"

namespace plumbline {
namespace {

using ::testing::ElementsAre;

// A column of words; "" is missing.
CategoricalColumn Words(const std::string& name,
                        const std::vector<std::string>& words) {
  CategoricalColumn column;
  column.name = name;
  std::map<std::string, uint32_t> code;
  std::vector<uint32_t> codes;
  for (const std::string& word : words) {
    if (word.empty()) {
      codes.push_back(kMissingCode);
      ++column.missing;
      continue;
    }
    const auto [found, is_new] = code.emplace(word, code.size());
    if (is_new) {
      column.levels.push_back(word);
      column.first_row.push_back(static_cast<int64_t>(codes.size()));
    }
    codes.push_back(found->second);
  }
  column.codes =
      CodeVector::Pack(codes, static_cast<uint32_t>(column.levels.size()));
  return column;
}

// Levels "0" to "levels - 1", drawn at random.
CategoricalColumn RandomWords(const std::string& name, size_t rows, int levels,
                              double missing, uint32_t seed) {
  std::mt19937 random(seed);
  std::vector<std::string> words(rows);
  std::uniform_int_distribution<int> level(0, levels - 1);
  std::uniform_real_distribution<double> uniform;
  for (std::string& word : words) {
    if (uniform(random) >= missing) word = std::to_string(level(random));
  }
  return Words(name, words);
}

std::vector<std::string> Names(const GroupIndex& index) {
  std::vector<std::string> names;
  for (size_t i = 0; i < index.groups.size(); ++i) {
    names.push_back(index.Name(static_cast<int>(i)));
  }
  return names;
}

std::string MessageOf(const std::function<void()>& work, ErrorCode code) {
  try {
    work();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), code);
    return error.what();
  }
  return "no error";
}

TEST(NaturalLess, ReadsRunsOfDigitsAsNumbers) {
  EXPECT_TRUE(NaturalLess("D2", "D10"));
  EXPECT_FALSE(NaturalLess("D10", "D2"));
  EXPECT_TRUE(NaturalLess("a2b3", "a2b20"));
  EXPECT_TRUE(NaturalLess("9", "10"));
  EXPECT_TRUE(NaturalLess("D", "D1"));
  EXPECT_TRUE(NaturalLess("18446744073709551616", "18446744073709551617"));
}

TEST(NaturalLess, OrdersNamesThatDifferOnlyInLeadingZeros) {
  EXPECT_TRUE(NaturalLess("D02", "D2") != NaturalLess("D2", "D02"));
  EXPECT_FALSE(NaturalLess("D2", "D2"));
}

TEST(BuildGroups, ListsEveryoneThenAttributesThenPairsWithMissingLast) {
  const GroupIndex index =
      BuildGroups({Words("sex", {"M", "F", "", "F"}),
                   Words("site", {"D10", "D2", "D2", "D10"})},
                  {}, 2);
  EXPECT_THAT(
      Names(index),
      ElementsAre("everyone", "sex=F", "sex=M", "sex=missing", "site=D2",
                  "site=D10", "sex=F, site=D2", "sex=F, site=D10",
                  "sex=M, site=D10", "sex=missing, site=D2"));
  EXPECT_EQ(index.groups[0].rows, 4);
  EXPECT_EQ(index.groups[1].rows, 2);
  EXPECT_EQ(index.groups[4].rows, 2);
  EXPECT_THAT(index.groupings[3].attributes, ElementsAre(0, 1));
  EXPECT_EQ(index.groupings[3].first_group, 6);
  EXPECT_EQ(index.groupings[3].group_count, 4);
  EXPECT_THAT(index.groups[9].levels, ElementsAre(kMissingCode, 0));
}

TEST(BuildGroups, KeepsTheOrderOfBinsWhereAsked) {
  const GroupIndex index =
      BuildGroups({Words("age", {"<18", "18-64", "65+"})}, {true}, 1);
  EXPECT_THAT(Names(index),
              ElementsAre("everyone", "age=<18", "age=18-64", "age=65+"));
}

TEST(BuildGroups, MovesFirstRowsAndCodesWithTheSortedLevels) {
  const GroupIndex index = BuildGroups({Words("sex", {"M", "F", "M"})}, {}, 1);
  const CategoricalColumn& sex = index.attributes[0];
  EXPECT_THAT(sex.levels, ElementsAre("F", "M"));
  EXPECT_THAT(sex.first_row, ElementsAre(1, 0));
  EXPECT_EQ(sex.codes[0], 1u);
  EXPECT_EQ(sex.codes[1], 0u);
}

TEST(BuildGroups, MakesNoGroupOfABinWithoutRows) {
  CategoricalColumn age = Words("age", {"0-39", "80+"});
  age.levels.push_back("90+");
  const GroupIndex index = BuildGroups({age}, {true}, 1);
  EXPECT_THAT(Names(index), ElementsAre("everyone", "age=0-39", "age=80+"));
}

TEST(BuildGroups, CrossesNoMoreAttributesThanAsked) {
  const CategoricalColumn a = Words("a", {"0", "1"});
  const CategoricalColumn b = Words("b", {"0", "1"});
  const CategoricalColumn c = Words("c", {"0", "1"});
  EXPECT_EQ(BuildGroups({a, b, c}, {}, 0).groupings.size(), 1u);
  EXPECT_EQ(BuildGroups({a, b, c}, {}, 1).groupings.size(), 4u);
  EXPECT_EQ(BuildGroups({a, b, c}, {}, 2).groupings.size(), 7u);
  EXPECT_EQ(BuildGroups({a, b, c}, {}, 3).groupings.size(), 8u);
  EXPECT_EQ(BuildGroups({a, b, c}, {}, 9).groupings.size(), 8u);
}

TEST(BuildGroups, HasEveryoneEvenWithoutAttributes) {
  const GroupIndex index = BuildGroups({}, {}, 2);
  EXPECT_THAT(Names(index), ElementsAre("everyone"));
  EXPECT_EQ(index.cells, 1);
  EXPECT_EQ(index.GroupOf(0, 0), 0u);
}

// Every row's groups must be the ones that its own levels name, and the rows of
// a group must be counted.
void ExpectGroupsOfEveryRow(const GroupIndex& index) {
  std::vector<int64_t> rows(index.groups.size());
  for (int64_t row = 0; row < index.rows(); ++row) {
    const uint32_t cell = index.cell_of_row[row];
    ASSERT_LT(cell, index.cells);
    for (size_t g = 0; g < index.groupings.size(); ++g) {
      const uint32_t group = index.GroupOf(cell, static_cast<int>(g));
      const Grouping& grouping = index.groupings[g];
      ASSERT_EQ(index.groups[group].grouping, static_cast<int>(g));
      ASSERT_GE(static_cast<int>(group), grouping.first_group);
      ++rows[group];
      for (size_t i = 0; i < grouping.attributes.size(); ++i) {
        ASSERT_EQ(index.groups[group].levels[i],
                  index.attributes[grouping.attributes[i]].codes[row]);
      }
    }
  }
  std::set<std::pair<int, std::vector<uint32_t>>> seen;
  for (size_t i = 0; i < index.groups.size(); ++i) {
    const Group& group = index.groups[i];
    EXPECT_EQ(group.rows, rows[i]);
    EXPECT_GT(group.rows, 0);
    // Sorted, and none twice: kMissingCode is the largest level.
    const auto [place, is_new] = seen.insert({group.grouping, group.levels});
    EXPECT_TRUE(is_new);
    EXPECT_TRUE(std::next(place) == seen.end());
  }
}

TEST(BuildGroups, PutsEveryRowIntoTheGroupsThatItsLevelsName) {
  ExpectGroupsOfEveryRow(BuildGroups(
      {RandomWords("a", 5000, 2, 0.1, 1), RandomWords("b", 5000, 7, 0, 2),
       RandomWords("c", 5000, 30, 0.01, 3)},
      {}, 3));
}

TEST(BuildGroups, PutsRowsIntoGroupsOfManyLevelsWithoutTheirProduct) {
  // 3000^3 combinations would not fit into memory; 40000 rows do.
  ExpectGroupsOfEveryRow(BuildGroups({RandomWords("a", 40000, 3000, 0.1, 1),
                                      RandomWords("b", 40000, 3000, 0, 2),
                                      RandomWords("c", 40000, 3000, 0.01, 3)},
                                     {}, 2, 1000000));
}

TEST(BuildGroups, PutsRowsIntoGroupsOfManySmallAttributes) {
  std::vector<CategoricalColumn> attributes;
  for (int i = 0; i < 14; ++i) {
    attributes.push_back(
        RandomWords("a" + std::to_string(i), 70000, 2 + i % 3, 0.05, i));
  }
  ExpectGroupsOfEveryRow(BuildGroups(attributes, {}, 1));
}

TEST(BuildGroups, SaysWhichAttributeIsGivenTwice) {
  EXPECT_EQ(
      MessageOf(
          [] {
            BuildGroups({Words("sex", {"F"}), Words("sex", {"F"})}, {}, 1);
          },
          ErrorCode::kUsage),
      "attribute \"sex\" is given twice");
}

TEST(BuildGroups, RefusesAnAttributeThatIsMissingInEveryRow) {
  EXPECT_EQ(MessageOf(
                [] {
                  BuildGroups({Words("race", {"", ""})}, {}, 1);
                },
                ErrorCode::kInvalidInput),
            "attribute \"race\" is missing in every row; there are no groups "
            "to compare");
}

TEST(BuildGroups, NamesTheAttributeWithTheMostLevelsWhenThereAreTooManyGroups) {
  EXPECT_EQ(MessageOf(
                [] {
                  BuildGroups({RandomWords("sex", 3000, 2, 0, 1),
                               RandomWords("id", 3000, 1000000, 0, 2)},
                              {}, 1, 1000);
                },
                ErrorCode::kInvalidInput)
                .substr(0, 48),
            "more than 1,000 groups; attribute \"id\" alone has");
}

}  // namespace
}  // namespace plumbline
