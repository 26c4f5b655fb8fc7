#include "plumbline/stats/association.h"

#include <gtest/gtest.h>

#include <cmath>

#include "plumbline/base/random.h"

namespace plumbline {
namespace {

// scipy 1.10
// (chi2_contingency, correction=False) and the definitions written out.
TEST(Associate, EqualsScipy) {
  const ContingencyTable table{2, 3, {30, 20, 10, 15, 25, 40}};
  const Association a = Associate(table);
  EXPECT_EQ(a.n, 140);
  EXPECT_NEAR(a.chi_squared, 21.1296296296, 1e-9);
  EXPECT_NEAR(a.p_chi_squared, 2.58082896e-05, 1e-12);
  EXPECT_NEAR(a.cramers_v, 0.3884918608, 1e-9);
  EXPECT_NEAR(a.corrected_v.value, 0.3708461115, 1e-9);
  EXPECT_NEAR(a.information, 0.1136699934, 1e-9);
  EXPECT_NEAR(a.information_corrected, 0.1033650288, 1e-9);
  EXPECT_LT(a.corrected_v.lo, a.corrected_v.value);
  EXPECT_GT(a.corrected_v.hi, a.corrected_v.value);
  EXPECT_EQ(a.p, 0.001);
}

// View by race of two sets, from the caption of Lotter 2024 (Nat. Commun.
// 15:7465), fig. 3; portable or not among AP films of the second.
TEST(Associate, EqualsThePublishedCountsOfViews) {
  EXPECT_NEAR(
      Associate(
          {3, 3, {1904, 10867, 35855, 3154, 13460, 65068, 2322, 14070, 45161}})
          .chi_squared,
      1124.7907, 5e-5);
  EXPECT_NEAR(
      Associate(
          {3, 3, {2376, 1202, 11399, 11780, 5952, 64211, 2589, 1369, 12624}})
          .chi_squared,
      67.6758, 5e-5);
  EXPECT_NEAR(
      Associate({2, 3, {389, 3077, 9813, 2765, 10383, 55255}}).chi_squared,
      532.8498, 5e-5);
}

// 400 independent pairs of columns: the p-values are uniform, within 4 standard
// errors (a correct program fails once in 15,000 runs; the seed is fixed).
TEST(Associate, HoldsItsLevelWithoutAssociation) {
  RandomStream random(7, "columns");
  int below = 0;
  for (int i = 0; i < 400; ++i) {
    std::vector<int32_t> x(60), y(60);
    for (int j = 0; j < 60; ++j) {
      x[j] = static_cast<int32_t>(random.NextBelow(3));
      y[j] = random.NextUniform() < 0.15 ? 1 : 0;
    }
    below +=
        Associate(CountPairs(x, 3, y, 2), {.permutations = 199,
                                           .replicates = 0,
                                           .stream = static_cast<uint64_t>(i)})
            .p <= 0.1;
  }
  EXPECT_NEAR(below / 400.0, 0.1, 4 * std::sqrt(0.09 / 400));
}

TEST(Associate, SaysNothingAboutOneLevel) {
  const Association a = Associate({2, 2, {5, 0, 7, 0}});
  EXPECT_EQ(a.n, 12);
  EXPECT_EQ(a.corrected_v.value, 0);
  EXPECT_EQ(a.p, 1);
  EXPECT_EQ(Associate({0, 0, {}}).n, 0);
}

TEST(Associate, IsOneForACopy) {
  const Association a = Associate({3, 3, {40, 0, 0, 0, 30, 0, 0, 0, 30}});
  EXPECT_NEAR(a.cramers_v, 1, 1e-12);
  EXPECT_NEAR(a.corrected_v.value, 1, 1e-12);
  EXPECT_NEAR(a.u_of_rows, 1, 1e-12);
  EXPECT_NEAR(a.information, 1.5709505945, 1e-9);
}

TEST(CountPairs, LeavesOutMissing) {
  const std::vector<int32_t> x = {0, 1, -1, 1}, y = {1, -1, 0, 1};
  EXPECT_EQ(CountPairs(x, 2, y, 2).counts, (std::vector<int64_t>{0, 1, 0, 1}));
}

// Y drives both: X and Z go together, but not within levels of Y.
TEST(AssociateWithin, SeesThatAThirdColumnExplainsAll) {
  const ContingencyTable within[] = {{2, 2, {810, 90, 90, 10}},
                                     {2, 2, {10, 90, 90, 810}}};
  const ContingencyTable all{2, 2, {820, 180, 180, 820}};
  EXPECT_LT(Associate(all).p, 0.01);
  const ConditionalAssociation c = AssociateWithin(within);
  EXPECT_EQ(c.n, 2000);
  EXPECT_NEAR(c.information, 0, 1e-12);
  EXPECT_GT(c.p, 0.5);
  const ContingencyTable left[] = {{2, 2, {500, 400, 50, 50}},
                                   {2, 2, {90, 10, 300, 600}}};
  EXPECT_LT(AssociateWithin(left).p, 0.01);
}

}  // namespace
}  // namespace plumbline
