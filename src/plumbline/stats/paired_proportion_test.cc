#include "plumbline/stats/paired_proportion.h"

#include <gtest/gtest.h>

#include <string>

#include "plumbline/base/file.h"
#include "plumbline/base/json.h"

namespace plumbline {
namespace {

Json GoldenTables() {
  const std::string path =
      std::string(PLUMBLINE_SOURCE_DIR) + "/tests/golden/compare.json";
  return ParseJson(ReadFile(path), path).at("paired_tables");
}

TEST(NewcombePaired, AgreesWithThePaperWrittenOut) {
  for (const Json& table : GoldenTables()) {
    const auto counts = table.at("counts").get<std::vector<double>>();
    const Interval interval =
        NewcombePaired({counts[0], counts[1], counts[2], counts[3]});
    EXPECT_NEAR(interval.value, table.at("value").get<double>(), 1e-12);
    EXPECT_NEAR(interval.lo, table.at("lo").get<double>(), 1e-12);
    EXPECT_NEAR(interval.hi, table.at("hi").get<double>(), 1e-12);
  }
}

TEST(NewcombePaired, HasAWidthWhereNobodyDisagrees) {
  for (const double n : {1.0, 10.0, 1000.0}) {
    const Interval none = NewcombePaired({0, 0, 0, n});
    EXPECT_LT(none.lo, 0);
    EXPECT_GT(none.hi, 0);
    const Interval half = NewcombePaired({n, 0, 0, n});
    EXPECT_LT(half.lo, 0);
    EXPECT_GT(half.hi, 0);
  }
}

TEST(NewcombePaired, TurnsItsSignWithTheModels) {
  const Interval forwards = NewcombePaired({30, 4, 11, 60}, 0.9, 1.7);
  const Interval backwards = NewcombePaired({30, 11, 4, 60}, 0.9, 1.7);
  EXPECT_DOUBLE_EQ(forwards.lo, -backwards.hi);
  EXPECT_DOUBLE_EQ(forwards.hi, -backwards.lo);
}

TEST(NewcombePaired, WithADesignEffectIsThatOfSoManyFewerTrials) {
  const Interval four = NewcombePaired({40, 8, 20, 132}, 0.95, 4);
  const Interval quarter = NewcombePaired({10, 2, 5, 33}, 0.95);
  EXPECT_NEAR(four.lo, quarter.lo, 1e-12);
  EXPECT_NEAR(four.hi, quarter.hi, 1e-12);
}

TEST(McNemarExact, AgreesWithStatsmodels) {
  for (const Json& table : GoldenTables()) {
    const auto counts = table.at("counts").get<std::vector<int64_t>>();
    EXPECT_NEAR(McNemarExact(counts[1], counts[2]), table.at("p").get<double>(),
                1e-12);
  }
}

TEST(McNemarExact, IsOneWithoutDisagreement) {
  EXPECT_EQ(McNemarExact(0, 0), 1);
  EXPECT_EQ(McNemarExact(3, 3), 1);
}

}  // namespace
}  // namespace plumbline
