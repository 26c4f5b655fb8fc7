#include "plumbline/stats/heterogeneity.h"

#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <limits>
#include <string>

#include <boost/math/distributions/binomial.hpp>

#include "plumbline/base/error.h"
#include "plumbline/base/random.h"
#include "plumbline/stats/binomial_quantile.h"
#include "plumbline/stats/golden_for_test.h"
#include "plumbline/stats/normal.h"
#include "plumbline/stats/normal_table.h"

namespace plumbline {
namespace {

using Values = std::vector<double>;
constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

TEST(CochranQ, EqualsScipyAndStatsmodels) {
  for (const Json& c : GoldenCases("cochran_q")) {
    const HeterogeneityTest test = CochranQ(Numbers(c["y"]), Numbers(c["se"]));
    EXPECT_NEAR(test.statistic, c["q"], 1e-8);
    EXPECT_EQ(test.degrees, c["degrees"].get<double>());
    const double p = c["p"];
    EXPECT_NEAR(test.p, p, 1e-8 * p);
  }
}

TEST(CochranQ, LeavesOutWhatHasNoError) {
  const HeterogeneityTest with = CochranQ(Values{0.1, kNan, 0.3, 0.9, 0.2},
                                          Values{0.1, 0.1, 0.1, 0, kNan});
  const HeterogeneityTest without =
      CochranQ(Values{0.1, 0.3}, Values{0.1, 0.1});
  EXPECT_EQ(with.statistic, without.statistic);
  EXPECT_EQ(with.degrees, 1);
}

TEST(CochranQ, HasNoAnswerForOneGroup) {
  EXPECT_TRUE(std::isnan(CochranQ(Values{0.4}, Values{0.1}).p));
  EXPECT_TRUE(std::isnan(CochranQ(Values{}, Values{}).p));
}

TEST(NormalTable, FollowsTheExactQuantileAndNeverTurnsBack) {
  const NormalTable& normal = NormalTable::Get();
  double previous = -10;
  for (uint64_t bits = 0; bits < (uint64_t{1} << 32); bits += 196611) {
    const double z = normal(static_cast<uint32_t>(bits));
    EXPECT_NEAR(z, NormalQuantile((bits + 0.5) * 0x1p-32), 1e-4);
    EXPECT_GE(z, previous);
    previous = z;
  }
}

// Random bits with the far tails, which a few hundred would miss.
std::vector<uint32_t> BitsAndTails(uint64_t seed) {
  std::vector<uint32_t> bits = {0,          300,        20000,      3000000,
                                4290000000, 4294900000, 4294967000, 4294967295};
  RandomStream random(seed, "binomial quantile test");
  while (bits.size() < 300) bits.push_back(random.NextUint32());
  return bits;
}

// Where the cumulative probability, by Boost, brackets the bits.
TEST(BinomialQuantile, InvertsTheExactDistribution) {
  const double rates[] = {0.0, 0.001, 0.06, 0.5, 0.97, 1.0};
  BinomialQuantile quantile;
  for (const int64_t trials : {1, 2, 7, 60, 1000, 40000}) {
    for (const double p : rates) {
      quantile.Set(trials, p);
      const boost::math::binomial exact(static_cast<double>(trials), p);
      for (const uint32_t bits : BitsAndTails(1)) {
        const double k = std::round(quantile(bits) * trials);
        EXPECT_LE(bits, cdf(exact, k) * 0x1p32 + 1) << trials << " " << p;
        const double below = k > 0 ? cdf(exact, k - 1) : 0;
        EXPECT_GE(bits + 1.0, below * 0x1p32) << trials << " " << p;
      }
    }
  }
}

// Beyond 150 standard deviations: within one count of the exact one, less than
// 1 % of a standard deviation.
TEST(BinomialQuantile, StaysWithinOneCountWhereThereAreTooManyForATable) {
  BinomialQuantile quantile;
  for (const auto& [trials, p] :
       {std::pair(30000000.0, 0.001), std::pair(30000000.0, 0.999),
        std::pair(100000.0, 0.4)}) {
    quantile.Set(static_cast<int64_t>(trials), p);
    const boost::math::binomial exact(trials, p);
    double bias = 0;
    for (const uint32_t bits : BitsAndTails(2)) {
      const double k = std::round(quantile(bits) * trials);
      EXPECT_GE(cdf(exact, k + 1) * 0x1p32, bits) << trials << " " << p;
      EXPECT_LE(cdf(exact, k - 2) * 0x1p32, bits + 1.0) << trials << " " << p;
      bias += (bits + 0.5) * 0x1p-32 - (cdf(exact, k) - pdf(exact, k) / 2);
    }
    // The middle of the count's own probability, on average.
    EXPECT_NEAR(bias / 300, 0, 0.2 * pdf(exact, std::floor(trials * p)));
  }
}

std::vector<NullGroup> ProportionGroups(const Values& trials) {
  std::vector<NullGroup> groups;
  for (const double n : trials) groups.push_back({.effective_trials = n});
  return groups;
}

std::vector<NullGroup> NormalGroups(const Values& errors) {
  std::vector<NullGroup> groups;
  for (const double se : errors) groups.push_back({.standard_error = se});
  return groups;
}

// The finding that made this function: sensitivity gap over 30 age x device
// cells of a table of 10,000 rows. 0.70 (95th percentile 0.95 as published
// from 2,000 draws; 0.93 from 200,000) is what chance alone gives, so the
// observed 0.63 shows nothing; the same bias is plain at a million rows.
TEST(SimulateRangeNull, EqualsTheNullOfTheBenchmarkTable) {
  const double published_expected[] = {0.70, 0.18, 0.055};
  const double published_p95[] = {0.95, 0.27, 0.082};
  int row = 0;
  for (const Json& c : GoldenCases("range_null_benchmark")) {
    SCOPED_TRACE(c["rows"].dump());
    const RangeNull null =
        SimulateRangeNull(ProportionGroups(Numbers(c["positives"])),
                          c["pooled"], c["observed"], {.draws = 20000});
    const double expected = c["expected"];
    const double p95 = c["p95"];
    EXPECT_NEAR(null.expected, expected, 0.01 * expected);
    EXPECT_NEAR(null.p95, p95, 0.025 * p95);
    EXPECT_NEAR(null.expected, published_expected[row], 0.01);
    EXPECT_NEAR(null.p95, published_p95[row], 0.03);
    if (row == 0) {
      EXPECT_GT(null.p, 0.5);
    } else {
      EXPECT_LT(null.p, 0.001);
    }
    ++row;
  }
}

TEST(SimulateRangeNull, EqualsIndependentSimulations) {
  for (const Json& c : GoldenCases("range_null_cases")) {
    SCOPED_TRACE(c.dump());
    const bool proportions = !c["trials"].empty();
    const std::vector<NullGroup> groups =
        proportions ? ProportionGroups(Numbers(c["trials"]))
                    : NormalGroups(Numbers(c["errors"]));
    const RangeNull null = SimulateRangeNull(
        groups, c["pooled"], 0.1,
        {.draws = 40000, .shifted = c["shifted"], .shift_up = c["up"]});
    for (const auto& [found, key] :
         {std::pair(null.expected, "expected"), std::pair(null.p95, "p95"),
          std::pair(null.smallest_detectable, "detectable")}) {
      const double expected = c[key];
      EXPECT_NEAR(found, expected, 0.02 * expected) << key;
    }
  }
}

// Binomials by listing every outcome, equal normals by scipy's studentised
// range: probabilities down to 1e-8, far beyond what 2,000 draws can tell.
// Never below them, so that nothing is shown that should not be.
TEST(SimulateRangeNull, GivesTheTailThatDrawsCannotReach) {
  for (const Json& c : GoldenCases("range_null_tails")) {
    SCOPED_TRACE(c.dump());
    const std::vector<NullGroup> groups =
        c["errors"].empty() ? ProportionGroups(Numbers(c["trials"]))
                            : NormalGroups(Numbers(c["errors"]));
    const double p = c["p"];
    const double found =
        SimulateRangeNull(groups, c["pooled"], c["observed"], {}).p;
    EXPECT_GE(found, p * (1 - 1e-6));
    EXPECT_LE(found, 1.15 * p);
  }
}

TEST(SimulateRangeNull, NeverCallsAnythingImpossible) {
  EXPECT_EQ(SimulateRangeNull(NormalGroups({0.01, 0.01}), 0.5, 0.9, {}).p,
            2e-12);
  EXPECT_EQ(SimulateRangeNull(ProportionGroups({50, 60}), 0.0, 0.1, {}).p,
            2e-12);
}

// Two large proportions are nearly normal: 5 standard errors.
TEST(SimulateRangeNull, HasANormalTailForLargeProportions) {
  const double n = 4e6;
  const double se = std::sqrt(2 * 0.3 * 0.7 / n);
  const double p =
      SimulateRangeNull(ProportionGroups({n, n}), 0.3, 5 * se, {}).p;
  EXPECT_NEAR(p / TwoSidedNormalP(5), 1.1, 0.1);
}

// E[range] = d2(G) sigma: Tippett 1925, Biometrika 17:364-387.
TEST(SimulateRangeNull, HasTheMeanRangeOfEqualNormals) {
  const int sizes[] = {2, 3, 5, 6, 10, 30};
  const double d2[] = {1.128, 1.693, 2.326, 2.534, 3.078, 4.086};
  for (int i = 0; i < 6; ++i) {
    const RangeNull null = SimulateRangeNull(
        NormalGroups(Values(sizes[i], 0.1)), 0.7, 0.1, {.draws = 20000});
    EXPECT_NEAR(null.expected, d2[i] * 0.1, 0.003) << sizes[i];
  }
}

// Two normals: |difference| / sigma is half-normal, so everything has a closed
// form. sigma = 0.05.
TEST(SimulateRangeNull, HasTheClosedFormsOfTwoNormals) {
  const std::vector<NullGroup> groups = NormalGroups({0.03, 0.04});
  const RangeNull null =
      SimulateRangeNull(groups, 0.8, 0.05 * 1.2816, {.draws = 40000});
  EXPECT_NEAR(null.expected, 0.05 * std::sqrt(2 / M_PI), 0.0008);
  EXPECT_NEAR(null.p95, 0.05 * 1.9600, 0.0012);
  EXPECT_NEAR(null.p, 0.20, 0.009);
  EXPECT_NEAR(null.smallest_detectable, 0.05 * 2.8016, 0.002);
}

// 400 pairs of a true null: p-values at most 5 % in about 5 % of them.
TEST(SimulateRangeNull, RejectsATrueNullAtItsLevel) {
  RandomStream random(1, "range test");
  const Values trials = {80, 200, 55, 400, 120, 90};
  int rejected = 0;
  for (int i = 0; i < 400; ++i) {
    double high = 0;
    double low = 1;
    for (const double n : trials) {
      const double rate = random.NextBinomial(static_cast<int64_t>(n), 0.3) / n;
      high = std::max(high, rate);
      low = std::min(low, rate);
    }
    rejected +=
        SimulateRangeNull(ProportionGroups(trials), 0.3, high - low,
                          {.draws = 1000, .stream = static_cast<uint64_t>(i)})
            .p <= 0.05;
  }
  EXPECT_NEAR(rejected / 400.0, 0.05, 3.5 * std::sqrt(0.05 * 0.95 / 400));
}

TEST(SimulateRangeNull, TakesPAsTheShareOfDrawsAtLeastAsLarge) {
  const std::vector<NullGroup> groups = NormalGroups({0.1, 0.1, 0.1});
  const RangeNullOptions options{.draws = 1999};
  EXPECT_EQ(SimulateRangeNull(groups, 0.5, 0, options).p, 1);
  const double share = 2000 * SimulateRangeNull(groups, 0.5, 0.2, options).p;
  EXPECT_GT(share, 400);
  EXPECT_NEAR(share, std::round(share), 1e-9);
  EXPECT_TRUE(std::isnan(SimulateRangeNull(groups, 0.5, kNan, options).p));
}

// 3 trials a group: 1 - 0, the largest gap there is, arises by chance in more
// than 5 % of samples. No gap can ever be shown.
TEST(SimulateRangeNull, HasNoDetectableShiftWhereChanceReachesTheLargestGap) {
  const RangeNull null = SimulateRangeNull(
      ProportionGroups({3, 3, 3, 3, 3, 3, 3, 3}), 0.5, 0.5, {});
  EXPECT_EQ(null.p95, 1);
  EXPECT_TRUE(std::isnan(null.smallest_detectable));
}

TEST(SimulateRangeNull, FindsNoGapWhereNothingOrEverythingHappens) {
  for (const double pooled : {0.0, 1.0}) {
    const RangeNull null =
        SimulateRangeNull(ProportionGroups({40, 60, 100}), pooled, 0,
                          {.shifted = 0, .shift_up = pooled == 0});
    EXPECT_EQ(null.expected, 0);
    EXPECT_EQ(null.p95, 0);
    EXPECT_EQ(null.p, 1);
    // Anything at all in 40 trials, in 80 % of samples: 1 - 0.2^(1/40).
    EXPECT_NEAR(null.smallest_detectable, 1 - std::pow(0.2, 1 / 40.0), 0.003);
  }
}

TEST(SimulateRangeNull, DetectsSmallerShiftsInLargerGroups) {
  double previous = 1;
  for (const double n : {30.0, 100.0, 1000.0, 100000.0, 1e7}) {
    const RangeNull null =
        SimulateRangeNull(ProportionGroups({n, n, n}), 0.3, 0.1, {});
    EXPECT_LT(null.smallest_detectable, previous / 1.5);
    previous = null.smallest_detectable;
  }
}

// The table of the binomial and the normal quantile that replaces it beyond
// 150 standard deviations must meet: 89,000 and 91,000 trials at 0.5.
TEST(SimulateRangeNull, DoesNotJumpWhereTheTableEnds) {
  const RangeNull table =
      SimulateRangeNull(ProportionGroups(Values(10, 89900)), 0.5, 0.005, {});
  const RangeNull normal =
      SimulateRangeNull(ProportionGroups(Values(10, 90100)), 0.5, 0.005, {});
  EXPECT_NEAR(table.expected, normal.expected, 0.003 * table.expected);
  EXPECT_NEAR(table.p95, normal.p95, 0.005 * table.p95);
  EXPECT_NEAR(table.smallest_detectable, normal.smallest_detectable,
              0.01 * table.smallest_detectable);
}

TEST(SimulateRangeNull, DependsOnItsArgumentsOnlyNotOnTheOrderOfCalls) {
  const std::vector<NullGroup> groups = ProportionGroups({40, 90, 300, 35});
  const RangeNullOptions one{.seed = 3, .stream = 1};
  const RangeNullOptions two{.seed = 3, .stream = 2};
  const RangeNull first = SimulateRangeNull(groups, 0.4, 0.2, one);
  const RangeNull other = SimulateRangeNull(groups, 0.4, 0.2, two);
  const RangeNull again = SimulateRangeNull(groups, 0.4, 0.2, one);
  EXPECT_EQ(first.expected, again.expected);
  EXPECT_EQ(first.p, again.p);
  EXPECT_EQ(first.smallest_detectable, again.smallest_detectable);
  EXPECT_NE(first.expected, other.expected);
}

TEST(SimulateRangeNull, RoundsEffectiveTrialsToAtLeastOne) {
  const RangeNull small =
      SimulateRangeNull(ProportionGroups({0.2, 10.4, 9.6}), 0.5, 0.1, {});
  const RangeNull whole =
      SimulateRangeNull(ProportionGroups({1, 10, 10}), 0.5, 0.1, {});
  EXPECT_EQ(small.expected, whole.expected);
  EXPECT_EQ(small.p95, whole.p95);
}

TEST(SimulateRangeNull, HasNothingToSayAboutOneGroup) {
  const RangeNull null = SimulateRangeNull(ProportionGroups({100}), 0.5, 0, {});
  EXPECT_TRUE(std::isnan(null.expected));
  EXPECT_TRUE(std::isnan(null.p));
}

std::string MessageOf(const std::function<void()>& call) {
  try {
    call();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kInvalidInput);
    return error.what();
  }
  return "no error";
}

TEST(Heterogeneity, SaysWhatItFoundWhenItsArgumentsAreImpossible) {
  const std::vector<NullGroup> groups = ProportionGroups({10, 20});
  EXPECT_EQ(
      MessageOf([&] { SimulateRangeNull(groups, 1.2, 0.1, {}); }),
      "the pooled value of proportions must lie between 0 and 1, found 1.2");
  EXPECT_EQ(
      MessageOf([&] { SimulateRangeNull(groups, 0.5, 0.1, {.shifted = 2}); }),
      "the shifted group must be one of 2 groups, found 2");
  EXPECT_EQ(
      MessageOf([&] { SimulateRangeNull(groups, 0.5, 0.1, {.draws = 0}); }),
      "a simulation needs at least 1 draw, found 0");
  EXPECT_EQ(
      MessageOf([&] { SimulateRangeNull(groups, 0.5, 0.1, {.power = 1}); }),
      "the power must lie between 0 and 1, found 1");
  EXPECT_EQ(MessageOf([] {
              SimulateRangeNull(NormalGroups({0.1, -0.1}), 0.5, 0.1, {});
            }),
            "a range needs finite trials and standard errors >= 0, found 0 and "
            "-0.1 in group 1");
  EXPECT_EQ(MessageOf([] {
              CochranQ(Values{0.1, 0.2}, Values{0.1});
            }),
            "a heterogeneity test needs one standard error an estimate, found "
            "1 and 2");
}

// Holm's method over a hundred gaps needs p-values far below 1 in 2,000.
TEST(SimulateRangeNull, KnowsTheTailOfTwoNormals) {
  const std::vector<NullGroup> groups = {{0, 0.03}, {0, 0.04}};
  const RangeNull null = SimulateRangeNull(groups, 0.5, 0.3, {});
  EXPECT_GE(null.p, TwoSidedNormalP(6));
  EXPECT_LE(null.p, 1.2 * TwoSidedNormalP(6));
}

// 4 of 20 at a rate of 2 % has probability 6e-4; a normal tail would say 1e-8.
TEST(SimulateRangeNull, DoesNotTrustTheNormalTailOfRareEvents) {
  const std::vector<NullGroup> groups = {{20, 0}, {100000, 0}};
  const RangeNull null = SimulateRangeNull(groups, 0.02, 0.18, {});
  EXPECT_GT(null.p, 1e-4);
  EXPECT_LT(null.p, 2e-3);
}

TEST(RangeQuantile, AgreesWithTheNullItIsAQuantileOf) {
  const std::vector<NullGroup> groups = {{0, 0.03}, {0, 0.04}, {0, 0.02}};
  const RangeNull null = SimulateRangeNull(groups, 0.5, 0.1, {});
  EXPECT_EQ(RangeQuantile(groups, 0.5, 0.95, {}), null.p95);
  EXPECT_GT(RangeQuantile(groups, 0.5, 0.99, {}), null.p95);
}

}  // namespace
}  // namespace plumbline
