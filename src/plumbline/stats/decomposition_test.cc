#include "plumbline/stats/decomposition.h"

#include <gtest/gtest.h>

#include <cmath>

namespace plumbline {
namespace {

TEST(Kitagawa, AddsUpAndEqualsTheHandComputation) {
  const StratumCounts a[] = {{60, 30}, {40, 10}};
  const StratumCounts b[] = {{20, 8}, {80, 24}};
  const KitagawaResult k = Kitagawa(a, b);
  EXPECT_NEAR(k.difference, 0.40 - 0.32, 1e-12);
  // (.6 - .2)(.5 + .4)/2 + (.4 - .8)(.25 + .3)/2; (.1)(.4) + (-.05)(.6).
  EXPECT_NEAR(k.composition, 0.18 - 0.11, 1e-12);
  EXPECT_NEAR(k.rate, 0.04 - 0.03, 1e-12);
  EXPECT_EQ(k.left_out_a, 0);
}

TEST(Kitagawa, SaysWhatCannotBeCompared) {
  const StratumCounts a[] = {{60, 30}, {40, 10}};
  const StratumCounts b[] = {{20, 8}, {0, 0}};
  const KitagawaResult k = Kitagawa(a, b);
  EXPECT_NEAR(k.left_out_a, 0.4, 1e-12);
  EXPECT_NEAR(k.difference, 0.1, 1e-12);
  const StratumCounts none[] = {{0, 0}, {0, 0}};
  EXPECT_TRUE(std::isnan(Kitagawa(a, none).rate));
}

// Charig et al. 1986, kidney stones: open surgery is better for small and for
// large stones, and looks worse overall.
TEST(Standardise, TurnsSimpsonsReversalRound) {
  const StratumCounts open[] = {{87, 81}, {263, 192}};
  const StratumCounts keyhole[] = {{270, 234}, {80, 55}};
  const StandardisedDifference d = Standardise(open, keyhole);
  EXPECT_NEAR(d.crude, 273 / 350.0 - 289 / 350.0, 1e-12);
  EXPECT_NEAR(d.standardised,
              357 / 700.0 * (81 / 87.0 - 234 / 270.0) +
                  343 / 700.0 * (192 / 263.0 - 55 / 80.0),
              1e-12);
  EXPECT_GT(d.standardised, 0);
  EXPECT_EQ(d.same_sign, 0);
  EXPECT_EQ(d.other_sign, 2);
}

TEST(Smd, OfTwoCategoriesIsTheBinaryOne) {
  const double a[] = {30, 70}, b[] = {50, 50};
  EXPECT_NEAR(CategoricalSmd(a, b), std::abs(BinarySmd(0.3, 0.5)), 1e-12);
  EXPECT_NEAR(BinarySmd(0.3, 0.5), -0.2 / std::sqrt(0.23), 1e-12);
  EXPECT_EQ(BinarySmd(1, 1), 0);
  EXPECT_TRUE(std::isnan(BinarySmd(1, 0)));
  // numpy: sqrt(d @ inv(S) @ d) of the first two of three.
  const double c[] = {20, 30, 50}, d[] = {40, 30, 30};
  EXPECT_NEAR(CategoricalSmd(c, d), 0.4977826942, 1e-9);
  const double e[] = {20, 0, 30, 50}, f[] = {40, 0, 30, 30};
  EXPECT_NEAR(CategoricalSmd(e, f), 0.4977826942, 1e-9);
}

TEST(Distances, AreZeroForEqualCompositions) {
  const double q[] = {20, 30, 50}, p[] = {0.2, 0.3, 0.5};
  EXPECT_NEAR(KullbackLeibler(q, p), 0, 1e-12);
  const double r[] = {40, 60, 100};
  EXPECT_NEAR(StabilityIndex(q, r), 0, 1e-12);
  const double s[] = {100, 60, 40};
  EXPECT_NEAR(StabilityIndex(s, r),
              (0.5 - 0.2) * std::log(2.5) + (0.2 - 0.5) * std::log(0.4), 1e-12);
  const double t[] = {0, 100};
  const double u[] = {100, 0};
  EXPECT_TRUE(std::isfinite(StabilityIndex(t, u)));
}

TEST(RoganGladen, UndoesAKnownError) {
  EXPECT_NEAR(RoganGladen(0.9 * 0.2 + 0.05 * 0.8, 0.9, 0.95), 0.2, 1e-12);
  EXPECT_EQ(RoganGladen(0.01, 0.9, 0.95), 0);
  EXPECT_TRUE(std::isnan(RoganGladen(0.5, 0.5, 0.5)));
}

}  // namespace
}  // namespace plumbline
