#include "plumbline/face/statistics/rates.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "plumbline/base/random.h"
#include "plumbline/face/engine/pair_table.h"

namespace plumbline::face {
namespace {

struct Comparison {
  uint32_t reference;
  uint32_t probe;
  double residual;  // false match less rate; 0 outside the cell
};

// The variance from its definition: all products of the residuals of two
// comparisons that share a subject.
double VarianceByProducts(const std::vector<Comparison>& comparisons) {
  double sum = 0;
  for (const Comparison& a : comparisons) {
    for (const Comparison& b : comparisons) {
      const bool share = a.reference == b.reference || a.probe == b.probe ||
                         a.reference == b.probe || a.probe == b.reference;
      if (share) sum += a.residual * b.residual;
    }
  }
  const auto m = static_cast<double>(comparisons.size());
  return sum / (m * m);
}

struct Example {
  ImpostorScores scores;
  SubjectGroups groups{.groups = 2, .of_subject = {}};
  double threshold = 1.0;
};

Example MakeExample(int subjects, int comparisons) {
  RandomStream random(11, "rates_test");
  Example example;
  std::vector<double> effect(subjects);
  for (int i = 0; i < subjects; ++i) {
    effect[i] = random.NextNormal();
    example.groups.of_subject.push_back(i % 3 == 0);
  }
  for (int k = 0; k < comparisons; ++k) {
    const auto a = static_cast<uint32_t>(random.NextBelow(subjects));
    const auto b = static_cast<uint32_t>(random.NextBelow(subjects));
    if (a == b) continue;
    example.scores.reference.push_back(a);
    example.scores.probe.push_back(b);
    example.scores.score.push_back(effect[a] + effect[b] + random.NextNormal());
  }
  return example;
}

FalseMatchRates RatesOf(const Example& example) {
  const PairTable pairs(example.scores);
  return EstimateFalseMatchRates(
      CountImpostors(pairs, example.groups), example.groups,
      HitsAtOrAbove(example.scores, pairs, example.threshold, 1), 0.95);
}

// Takes the comparisons for which `in_cell` holds.
template <typename InCell>
std::vector<Comparison> CellOf(const Example& example, double rate,
                               InCell in_cell) {
  std::vector<Comparison> cell;
  for (int64_t i = 0; i < example.scores.size(); ++i) {
    const uint32_t a = example.scores.reference[i];
    const uint32_t b = example.scores.probe[i];
    if (!in_cell(example.groups.of_subject[a], example.groups.of_subject[b])) {
      continue;
    }
    cell.push_back(
        {a, b, (example.scores.score[i] >= example.threshold) - rate});
  }
  return cell;
}

TEST(EstimateFalseMatchRates, VarianceIsTheSumOverComparisonsThatShareSomeone) {
  // 30 subjects, so that many pairs occur several times in both directions.
  const Example example = MakeExample(30, 3000);
  const FalseMatchRates rates = RatesOf(example);
  for (uint32_t g = 0; g < 2; ++g) {
    for (uint32_t h = 0; h < 2; ++h) {
      const RateEstimate& rate = rates.cell(g, h);
      const auto cell =
          CellOf(example, rate.value,
                 [&](uint32_t a, uint32_t b) { return a == g && b == h; });
      EXPECT_EQ(rate.n, static_cast<int64_t>(cell.size()));
      EXPECT_NEAR(rate.variance, VarianceByProducts(cell),
                  1e-11 * rate.variance)
          << g << h;
      EXPECT_GT(rate.design_effect, 3);
    }
  }
  const auto everything = [](uint32_t, uint32_t) { return true; };
  const auto inside = [](uint32_t a, uint32_t b) { return a == b; };
  EXPECT_NEAR(rates.any.variance,
              VarianceByProducts(CellOf(example, rates.any.value, everything)),
              1e-12);
  EXPECT_NEAR(rates.within.variance,
              VarianceByProducts(CellOf(example, rates.within.value, inside)),
              1e-12);
}

TEST(EstimateFalseMatchRates, IntervalIsSymmetricOnTheLogScale) {
  const RateEstimate rate = RatesOf(MakeExample(30, 3000)).any;
  EXPECT_NEAR(rate.lo * rate.hi, rate.value * rate.value, 1e-12);
  EXPECT_NEAR(std::log(rate.hi / rate.value),
              1.959963984540054 * std::sqrt(rate.variance) / rate.value, 1e-9);
}

TEST(EstimateFalseMatchRates, NoFalseMatchGivesTheRuleOfThreeTwice) {
  Example example = MakeExample(41, 2000);
  example.threshold = 100;
  const RateEstimate rate = RatesOf(example).any;
  EXPECT_EQ(rate.value, 0);
  EXPECT_NEAR(rate.hi, -std::log(0.05) / static_cast<double>(rate.n), 1e-15);
  EXPECT_NEAR(rate.conservative_hi, -std::log(0.05) / 20, 1e-12);
  EXPECT_STREQ(rate.method, "rule_of_three");
}

TEST(EstimateFalseMatchRates, IndependentComparisonsHaveNoDesignEffect) {
  ImpostorScores scores;
  SubjectGroups groups{.groups = 1, .of_subject = {}};
  for (uint32_t i = 0; i < 1000; ++i) {
    scores.reference.push_back(2 * i);
    scores.probe.push_back(2 * i + 1);
    scores.score.push_back(i % 50 == 0);
    groups.of_subject.insert(groups.of_subject.end(), {0, 0});
  }
  const PairTable pairs(scores);
  const RateEstimate rate =
      EstimateFalseMatchRates(CountImpostors(pairs, groups), groups,
                              HitsAtOrAbove(scores, pairs, 0.5, 1), 0.95)
          .any;
  EXPECT_EQ(rate.events, 20);
  EXPECT_NEAR(rate.design_effect, 1, 1e-12);
}

TEST(EstimateFalseNonMatchRates, ClustersBySubject) {
  // Two images' worth of genuine comparisons for each of four people; errors
  // 2, 0, 1, 0 of 2 each: p = 3/8, sum (e - 2p)^2 = 2.75, V = 2.75/64 * 4/3.
  GenuineScores genuine;
  for (uint32_t subject = 0; subject < 4; ++subject) {
    for (int i = 0; i < 2; ++i) genuine.subject.push_back(subject);
  }
  genuine.score = {0.1, 0.2, 0.9, 0.8, 0.1, 0.9, 0.5, 0.6};
  const SubjectGroups groups{.groups = 2, .of_subject = {0, 0, 0, 0, 1}};
  const auto rates = EstimateFalseNonMatchRates(genuine, groups, 0.5, 0.95);
  EXPECT_EQ(rates[0].events, 3);
  EXPECT_EQ(rates[0].subjects, 4);
  EXPECT_NEAR(rates[0].variance, 2.75 / 64 * 4 / 3, 1e-15);
  EXPECT_NEAR(rates[0].design_effect,
              2.75 / 64 * 4 / 3 / (3 / 8.0 * 5 / 8.0 / 8), 1e-12);
  EXPECT_TRUE(std::isnan(rates[1].value));
}

TEST(RatioOfRates, AddsTheVariancesOfTheLogs) {
  const RateEstimate a{.value = 0.02,
                       .lo = 0.01,
                       .hi = 0.04,
                       .variance = 1e-6,
                       .n = 1000,
                       .events = 20};
  const RateEstimate b{.value = 0.01,
                       .lo = 0.005,
                       .hi = 0.02,
                       .variance = 4e-6,
                       .n = 1000,
                       .events = 10};
  const RatioEstimate ratio = RatioOfRates(a, b, 0.95);
  EXPECT_DOUBLE_EQ(ratio.value, 2);
  EXPECT_NEAR(ratio.log_standard_error, std::sqrt(1e-6 / 4e-4 + 4e-6 / 1e-4),
              1e-12);
  EXPECT_NEAR(ratio.lo * ratio.hi, 4, 1e-12);
}

TEST(RatioOfRates, KnowsOnlyABoundWithoutEvents) {
  const RateEstimate a{.value = 0.02,
                       .lo = 0.01,
                       .hi = 0.04,
                       .variance = 1e-6,
                       .n = 1000,
                       .events = 20};
  const RateEstimate none{
      .value = 0, .lo = 0, .hi = 0.003, .variance = 0, .n = 1000, .events = 0};
  const RatioEstimate ratio = RatioOfRates(a, none, 0.95);
  EXPECT_TRUE(std::isnan(ratio.value));
  EXPECT_NEAR(ratio.lo, 0.01 / 0.003, 1e-12);
  EXPECT_TRUE(std::isinf(ratio.hi));
}

}  // namespace
}  // namespace plumbline::face
