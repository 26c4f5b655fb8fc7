#include "plumbline/audit/case_mix/covariates.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

namespace plumbline {
namespace {

using testing::ElementsAre;

CategoricalColumn Column(const std::vector<std::string>& levels,
                         const std::vector<uint32_t>& codes) {
  CategoricalColumn column;
  column.name = "c";
  column.levels = levels;
  for (const uint32_t code : codes) column.missing += code == kMissingCode;
  column.codes = CodeVector::Pack(codes, static_cast<uint32_t>(levels.size()));
  return column;
}

TEST(Covariate, WordsAreLevelsInNaturalOrder) {
  const Covariate c =
      CovariateOfColumn(Column({"T10", "T2"}, {0, 1, kMissingCode}), {});
  EXPECT_THAT(c.levels, ElementsAre("T2", "T10", "missing"));
  EXPECT_FALSE(c.numeric());
  EXPECT_EQ(c.level_of_code[c.code_of_row[0]], 1u);
  EXPECT_EQ(c.level_of_code[c.code_of_row[2]], 2u);
}

TEST(Covariate, ManyNumbersMakeFiveBinsOfEqualCounts) {
  std::vector<std::string> levels;
  std::vector<uint32_t> codes;
  for (uint32_t i = 0; i < 10; ++i) {
    levels.push_back(std::to_string(10 * (10 - i)));
    codes.push_back(i);
  }
  codes.push_back(kMissingCode);
  const Covariate c = CovariateOfColumn(Column(levels, codes), {});
  EXPECT_STREQ(c.kind, "quantile_bins");
  EXPECT_THAT(c.levels, ElementsAre("10 to 20", "30 to 40", "50 to 60",
                                    "70 to 80", "90 to 100", "missing"));
  EXPECT_EQ(c.level_of_code[c.code_of_row[0]], 4u);
  EXPECT_TRUE(std::isnan(c.value_of_code[c.code_of_row[10]]));
}

TEST(Covariate, FewNumbersAreWords) {
  EXPECT_FALSE(
      CovariateOfColumn(Column({"0", "1", "2"}, {0, 1, 2}), {}).numeric());
}

TEST(Covariate, BinsKeepTheNumbers) {
  const NumericColumn age{"age", {35, 62, std::nan(""), 41}, 1};
  const Covariate c = CovariateInBins(age, {0, 40, 60});
  EXPECT_THAT(c.levels, ElementsAre("0-39", "40-59", "60+", "missing"));
  EXPECT_EQ(c.value_of_code[c.code_of_row[3]], 41);
  EXPECT_EQ(c.level_of_code[c.code_of_row[1]], 2u);
  EXPECT_EQ(c.level_of_code[c.code_of_row[2]], 3u);
}

TEST(Patterns, RowsThatAgreeShareOne) {
  const Covariate a = CovariateOfColumn(Column({"x", "y"}, {0, 1, 0, 0}), {});
  const Covariate b = CovariateInBins({"age", {10, 50, 12, 10}, 0}, {0, 40});
  const CovariatePatterns p = FindPatterns({&a, &b});
  EXPECT_THAT(p.pattern_of_row, ElementsAre(0, 1, 2, 0));
  EXPECT_EQ(p.strata, 2u);
  EXPECT_THAT(p.stratum_of_pattern, ElementsAre(0, 1, 0));
  size_t count = 0;
  EXPECT_THAT(CoarserStrata(p, 2, 0, &count), ElementsAre(0, 0));
  EXPECT_EQ(count, 1u);
}

}  // namespace
}  // namespace plumbline
