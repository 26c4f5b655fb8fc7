#include "plumbline/audit/slices/slice_exact.h"

#include <gtest/gtest.h>

#include <string>

#include "plumbline/base/error.h"
#include "plumbline/base/file.h"
#include "plumbline/base/json.h"
#include "plumbline/stats/multiple_testing.h"

namespace plumbline {
namespace {

Json Golden() {
  const std::string path =
      std::string(PLUMBLINE_SOURCE_DIR) + "/tests/golden/slices.json";
  return ParseJson(ReadFile(path), path);
}

TEST(FisherUpperTail, EqualsScipy) {
  const Json golden = Golden();
  for (const Json& c : golden.at("fisher")) {
    const double p =
        FisherUpperTail(c["errors"], c["rows"], c["all_errors"], c["all_rows"]);
    const double expected = c["p"];
    EXPECT_NEAR(p, expected, 1e-8 * expected) << c.dump();
  }
}

// Discrete and in part equal p-values, as slices give them.
TEST(FisherUpperTail, AdjustedByBenjaminiAndHochbergEqualsStatsmodels) {
  const Json golden = Golden();
  for (const Json& family : golden.at("families")) {
    std::vector<double> p;
    for (const Json& c : family["slices"]) {
      p.push_back(FisherUpperTail(c[0], c[1], family["all_errors"],
                                  family["all_rows"]));
    }
    const std::vector<double> adjusted = BenjaminiHochberg(p);
    for (size_t i = 0; i < p.size(); ++i) {
      EXPECT_NEAR(adjusted[i], family["adjusted"][i].get<double>(), 1e-9);
    }
  }
}

// 2 of 2 among 3 errors in 6 rows: C(3,2) / C(6,2) = 1/5.
TEST(FisherUpperTail, CountsByHand) {
  EXPECT_NEAR(FisherUpperTail(2, 2, 3, 6), 0.2, 1e-12);
  EXPECT_EQ(FisherUpperTail(0, 2, 3, 6), 1);
  EXPECT_EQ(FisherUpperTail(0, 0, 3, 6), 1);
}

TEST(FisherUpperTail, RefusesWhatIsNoTable) {
  try {
    FisherUpperTail(4, 3, 5, 10);
    FAIL();
  } catch (const Error& error) {
    EXPECT_STREQ(error.what(),
                 "4 errors in 3 rows, 5 in 10 overall: not a table");
  }
}

TEST(SliceP, IsFishersWithoutADesignEffect) {
  EXPECT_EQ(SliceP(8, 20, 30, 200, 1), FisherUpperTail(8, 20, 30, 200));
  EXPECT_EQ(SliceP(3, 3, 3, 3, 1), 1);
}

TEST(SliceP, WithADesignEffectIsThatOfFewerRows) {
  EXPECT_EQ(SliceP(16, 40, 60, 400, 2), FisherUpperTail(8, 20, 30, 200));
  EXPECT_GT(SliceP(16, 40, 60, 400, 2), SliceP(16, 40, 60, 400, 1));
}

}  // namespace
}  // namespace plumbline
