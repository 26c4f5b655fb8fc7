#include "plumbline/base/random.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <set>
#include <vector>

#include <boost/math/distributions/beta.hpp>
#include <boost/math/distributions/binomial.hpp>
#include <boost/math/distributions/chi_squared.hpp>
#include <boost/math/distributions/gamma.hpp>
#include <boost/math/distributions/normal.hpp>
#include <boost/math/distributions/poisson.hpp>

#include "plumbline/base/test_support.h"

namespace plumbline {
namespace {

constexpr int kDraws = 100'000;

// Seeds are fixed, so a test passes always or never; this is how likely it is
// that a correct program was unlucky with its seed.
constexpr double kUnlucky = 1e-5;

// P-value of `observed` counts under `expected` ones, neighbours pooled until
// each cell expects at least 10.
double ChiSquareP(const std::vector<double>& observed,
                  const std::vector<double>& expected) {
  double statistic = 0;
  int cells = 0;
  double cell_observed = 0;
  double cell_expected = 0;
  double left = 0;
  for (const double e : expected) left += e;
  for (size_t i = 0; i < expected.size(); ++i) {
    cell_observed += observed[i];
    cell_expected += expected[i];
    left -= expected[i];
    if ((cell_expected < 10 || left < 10) && i + 1 < expected.size()) continue;
    statistic += (cell_observed - cell_expected) *
                 (cell_observed - cell_expected) / cell_expected;
    ++cells;
    cell_observed = cell_expected = 0;
  }
  const boost::math::chi_squared distribution(cells - 1);
  return boost::math::cdf(complement(distribution, statistic));
}

// Draws of a count against its exact probabilities on [lo, hi], which must hold
// all but 1e-9 of the distribution.
double CountsP(int64_t lo, int64_t hi, const std::function<int64_t()>& draw,
               const std::function<double(int64_t)>& probability) {
  std::vector<double> observed(hi - lo + 1);
  std::vector<double> expected(hi - lo + 1);
  for (int i = 0; i < kDraws; ++i) {
    ++observed[std::clamp(draw(), lo, hi) - lo];
  }
  for (int64_t k = lo; k <= hi; ++k) {
    expected[k - lo] = kDraws * probability(k);
  }
  return ChiSquareP(observed, expected);
}

// Draws of a continuous variable through its distribution function are uniform.
double UniformityP(const std::function<double()>& draw_through_cdf) {
  constexpr int kCells = 200;
  std::vector<double> observed(kCells);
  for (int i = 0; i < kDraws; ++i) {
    const int cell = static_cast<int>(draw_through_cdf() * kCells);
    ++observed[std::min(cell, kCells - 1)];
  }
  return ChiSquareP(observed,
                    std::vector<double>(kCells, 1.0 * kDraws / kCells));
}

// Random123 1.09, examples/kat_vectors, lines "philox4x32 10".
TEST(Philox4x32, GivesThePublishedKnownAnswers) {
  EXPECT_EQ(Philox4x32({0, 0, 0, 0}, {0, 0}),
            (PhiloxCounter{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}));
  EXPECT_EQ(Philox4x32({0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff},
                       {0xffffffff, 0xffffffff}),
            (PhiloxCounter{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}));
  EXPECT_EQ(Philox4x32({0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344},
                       {0xa4093822, 0x299f31d0}),
            (PhiloxCounter{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}));
}

TEST(RandomStream, IsAFunctionOfSeedPurposeAndIndex) {
  RandomStream first(7, "bootstrap", 3);
  RandomStream again(7, "bootstrap", 3);
  for (int i = 0; i < 100; ++i) {
    EXPECT_EQ(first.NextUint32(), again.NextUint32());
  }
}

TEST(RandomStream, DiffersWithSeedPurposeAndIndex) {
  std::set<uint64_t> firsts;
  for (const uint64_t seed : {0, 1, 2}) {
    for (const char* purpose : {"bootstrap", "permutation", ""}) {
      for (const uint64_t index :
           {uint64_t{0}, uint64_t{1}, uint64_t{1} << 40}) {
        firsts.insert(RandomStream(seed, purpose, index).NextUint64());
      }
    }
  }
  EXPECT_EQ(firsts.size(), 27);
}

// The blocks of a stream are those of Philox at counter 0, 1, 2, ... with the
// index in the upper half.
TEST(RandomStream, ReadsPhiloxBlocksInOrder) {
  RandomStream stream(5, "test", (uint64_t{9} << 32) + 8);
  const PhiloxKey key = StreamKey(5, "test");
  for (uint32_t block = 0; block < 3; ++block) {
    for (const uint32_t word : Philox4x32({block, 0, 8, 9}, key)) {
      EXPECT_EQ(stream.NextUint32(), word);
    }
  }
}

TEST(RandomStream, UniformsAreUniformAndNeverZeroOrOne) {
  RandomStream stream(1, "uniform");
  const double p = UniformityP([&] {
    const double u = stream.NextUniform();
    EXPECT_GT(u, 0);
    EXPECT_LT(u, 1);
    return u;
  });
  EXPECT_GT(p, kUnlucky);
}

TEST(RandomStream, NormalsAreNormalIntoTheTails) {
  RandomStream stream(1, "normal");
  const boost::math::normal normal;
  double sum_of_fourth_powers = 0;
  const double p = UniformityP([&] {
    const double x = stream.NextNormal();
    sum_of_fourth_powers += x * x * x * x;
    return boost::math::cdf(normal, x);
  });
  EXPECT_GT(p, kUnlucky);
  // The fourth power has mean 3 and variance 96.
  EXPECT_NEAR(sum_of_fourth_powers / kDraws, 3, 4.5 * std::sqrt(96.0 / kDraws));
}

TEST(RandomStream, BelowABoundIsUniform) {
  RandomStream stream(1, "below");
  for (const int bound : {1, 2, 6, 1000}) {
    if (bound == 1) {
      EXPECT_EQ(stream.NextBelow(1), 0);
      continue;
    }
    const double p = CountsP(
        0, bound - 1,
        [&] { return static_cast<int64_t>(stream.NextBelow(bound)); },
        [&](int64_t) { return 1.0 / bound; });
    EXPECT_GT(p, kUnlucky) << bound;
  }
}

// With a plain modulo, the lower third of 3 * 2^62 would be drawn every second
// time.
TEST(RandomStream, BelowAHugeBoundHasNoModuloBias) {
  RandomStream stream(2, "below");
  const uint64_t third = uint64_t{1} << 62;
  const double p = CountsP(
      0, 2,
      [&] { return static_cast<int64_t>(stream.NextBelow(3 * third) / third); },
      [](int64_t) { return 1.0 / 3; });
  EXPECT_GT(p, kUnlucky);
}

struct BinomialCase {
  int64_t trials;
  double probability;
};

class BinomialDraws : public testing::TestWithParam<BinomialCase> {};

TEST_P(BinomialDraws, HaveTheExactProbabilities) {
  const int64_t trials = GetParam().trials;
  const double probability = GetParam().probability;
  RandomStream stream(3, "binomial", trials);
  const boost::math::binomial exact(trials, probability);
  const double mean = trials * probability;
  const double spread = std::sqrt(mean * (1 - probability));
  const auto lo = static_cast<int64_t>(std::max(0.0, mean - 7 * spread - 10));
  const auto hi = std::min<int64_t>(trials, mean + 7 * spread + 20);
  const double p = CountsP(
      lo, hi, [&] { return stream.NextBinomial(trials, probability); },
      [&](int64_t k) { return boost::math::pdf(exact, k); });
  EXPECT_GT(p, kUnlucky);
}

// Both sides of each switch: inversion below a mean of 10, rejection above it,
// mirrored above one half.
INSTANTIATE_TEST_SUITE_P(
    Sizes, BinomialDraws,
    testing::Values(BinomialCase{1, 0.5}, BinomialCase{5, 0.3},
                    BinomialCase{19, 0.5}, BinomialCase{20, 0.5},
                    BinomialCase{21, 0.5}, BinomialCase{50, 0.9},
                    BinomialCase{101, 0.0999}, BinomialCase{1000, 0.0101},
                    BinomialCase{1000, 0.37}, BinomialCase{1000, 0.999},
                    BinomialCase{30'000, 0.61}, BinomialCase{1'000'000, 0.3},
                    BinomialCase{100'000'000, 5e-8}));

TEST(RandomStream, BinomialKeepsItsMomentsAtTheLargestSize) {
  RandomStream stream(4, "binomial");
  const int64_t trials = int64_t{1} << 50;
  const double p = 0.25;
  const double mean = p * trials;
  const double spread = std::sqrt(mean * (1 - p));
  const boost::math::normal normal;
  EXPECT_GT(UniformityP([&] {
              const double k = stream.NextBinomial(trials, p);
              return boost::math::cdf(normal, (k - mean) / spread);
            }),
            kUnlucky);
}

TEST(RandomStream, BinomialIsCertainAtTheEnds) {
  RandomStream stream(5, "binomial");
  EXPECT_EQ(stream.NextBinomial(0, 0.4), 0);
  EXPECT_EQ(stream.NextBinomial(100, 0), 0);
  EXPECT_EQ(stream.NextBinomial(100, 1), 100);
}

class PoissonDraws : public testing::TestWithParam<double> {};

TEST_P(PoissonDraws, HaveTheExactProbabilities) {
  const double mean = GetParam();
  RandomStream stream(6, "poisson");
  const boost::math::poisson exact(mean);
  const double spread = std::sqrt(mean);
  const auto lo = static_cast<int64_t>(std::max(0.0, mean - 7 * spread - 10));
  const auto hi = static_cast<int64_t>(mean + 7 * spread + 20);
  const double p = CountsP(
      lo, hi, [&] { return stream.NextPoisson(mean); },
      [&](int64_t k) { return boost::math::pdf(exact, k); });
  EXPECT_GT(p, kUnlucky);
}

INSTANTIATE_TEST_SUITE_P(Means, PoissonDraws,
                         testing::Values(0.01, 1.0, 9.99, 10.0, 10.01, 47.3,
                                         1000.0, 250'000.5));

class GammaDraws : public testing::TestWithParam<double> {};

TEST_P(GammaDraws, FollowTheirDistribution) {
  RandomStream stream(7, "gamma");
  const boost::math::gamma_distribution<> exact(GetParam());
  EXPECT_GT(UniformityP([&] {
              return boost::math::cdf(exact, stream.NextGamma(GetParam()));
            }),
            kUnlucky);
}

INSTANTIATE_TEST_SUITE_P(Shapes, GammaDraws,
                         testing::Values(0.2, 0.99, 1.0, 3.5, 1000.0));

TEST(RandomStream, BetaFollowsItsDistribution) {
  RandomStream stream(8, "beta");
  for (const auto& [a, b] : {std::pair{0.3, 0.4}, {1.0, 1.0}, {2.0, 30.0}}) {
    const boost::math::beta_distribution<> exact(a, b);
    EXPECT_GT(UniformityP([&, a = a, b = b] {
                return boost::math::cdf(exact, stream.NextBeta(a, b));
              }),
              kUnlucky)
        << a << ", " << b;
  }
}

// Gammas of such a shape underflow to 0, and 0 / (0 + 0) is no number.
TEST(RandomStream, BetaOfTinyShapesIsAlmostACoin) {
  RandomStream stream(9, "beta");
  int large = 0;
  for (int i = 0; i < 10'000; ++i) {
    const double x = stream.NextBeta(1e-4, 1e-4);
    ASSERT_TRUE(x >= 0 && x <= 1);
    large += x > 0.5;
  }
  EXPECT_NEAR(large, 5000, 4.5 * 50);
}

TEST(RandomStream, RefusesWhatHasNoDistribution) {
  RandomStream stream(1, "test");
  EXPECT_EQ(ErrorText([&] { stream.NextBinomial(-1, 0.5); }),
            "70: a binomial draw needs 0 to 2^53 trials and a probability from "
            "0 to 1, found -1 trials and 0.5");
  EXPECT_EQ(ErrorText([&] { stream.NextBinomial(3, NAN); }),
            "70: a binomial draw needs 0 to 2^53 trials and a probability from "
            "0 to 1, found 3 trials and nan");
  EXPECT_EQ(ErrorText([&] { stream.NextPoisson(-0.5); }),
            "70: a Poisson draw needs a mean from 0 to 2^53, found -0.5");
  EXPECT_EQ(ErrorText([&] { stream.NextGamma(0); }),
            "70: a gamma or beta draw needs a finite shape above 0, found 0");
  EXPECT_EQ(ErrorText([&] { stream.NextBelow(0); }),
            "70: a draw below a bound needs a bound above 0");
}

}  // namespace
}  // namespace plumbline
