#include "plumbline/stats/betting.h"

#include <gtest/gtest.h>

#include <cmath>
#include <string>

#include "plumbline/base/file.h"
#include "plumbline/base/json.h"
#include "plumbline/base/random.h"
#include "plumbline/base/test_support.h"

namespace plumbline {
namespace {

Json Golden(const char* part) {
  const std::string path =
      std::string(PLUMBLINE_SOURCE_DIR) + "/tests/golden/stats_betting.json";
  return ParseJson(ReadFile(path), path).at(part);
}

BoundedSample Sample(const Json& list) {
  BoundedSample sample;
  for (const double x : list.get<std::vector<double>>()) sample.Add(x);
  return sample;
}

BoundedSample ZerosAndOnes(int zeros, int ones) {
  BoundedSample sample;
  for (int i = 0; i < zeros; ++i) sample.Add(0);
  for (int i = 0; i < ones; ++i) sample.Add(1);
  return sample;
}

TEST(Betting, EqualsTheDefinitionWrittenOutForOneSample) {
  for (const Json& item : Golden("one_sample")) {
    const BoundedSample sample = Sample(item.at("x"));
    const double m = item.at("m");
    EXPECT_NEAR(LogEvidenceAbove(sample, m), item.at("above"), 1e-9);
    EXPECT_NEAR(LogEvidenceBelow(sample, m), item.at("below"), 1e-9);
    const Interval interval = BettingInterval(sample, 0.95);
    EXPECT_NEAR(interval.lo, item.at("interval").at(0), 2e-6);
    EXPECT_NEAR(interval.hi, item.at("interval").at(1), 2e-6);
  }
}

TEST(Betting, EqualsTheDefinitionWrittenOutForTwoSamples) {
  int intervals = 0;
  for (const Json& item : Golden("two_samples")) {
    const BoundedSample base = Sample(item.at("base"));
    const BoundedSample later = Sample(item.at("later"));
    const DriftEvidence evidence =
        EvidenceOfDrift(base, later, item.at("margin"));
    EXPECT_NEAR(evidence.above, item.at("above"), 1e-6);
    EXPECT_NEAR(evidence.below, item.at("below"), 1e-6);
    EXPECT_NEAR(evidence.both, item.at("both"), 1e-6);
    if (!item.contains("interval")) continue;
    ++intervals;
    const Interval interval = DriftInterval(base, later, 0.9);
    EXPECT_NEAR(interval.lo, item.at("interval").at(0), 2e-6);
    EXPECT_NEAR(interval.hi, item.at("interval").at(1), 2e-6);
  }
  EXPECT_EQ(intervals, 3);
}

// The mean e-value over all outcomes of ten tickets is at most 1 when the
// hypothesis is true: summed over the binomial distribution.
TEST(Betting, IsAnEValueByEnumeration) {
  constexpr int kTickets = 10;
  const double m = 0.3;
  for (const double p : {0.0, 0.1, 0.25, 0.3}) {
    double mean = 0;
    double probability = std::pow(1 - p, kTickets);
    for (int ones = 0; ones <= kTickets; ++ones) {
      mean += probability * std::exp(LogEvidenceAbove(
                                ZerosAndOnes(kTickets - ones, ones), m));
      probability *= (kTickets - ones) / (ones + 1.0) * p / (1 - p);
    }
    EXPECT_LE(mean, 1 + 1e-12) << p;
    if (p == m) {
      EXPECT_NEAR(mean, 1, 1e-9);
    }
  }
}

// Of two samples, over both distributions.
TEST(Betting, OfTwoSamplesIsAnEValueByEnumeration) {
  constexpr int kTickets = 8;
  for (const double p : {0.2, 0.5, 0.9}) {
    std::vector<double> weight(kTickets + 1);
    weight[0] = std::pow(1 - p, kTickets);
    for (int i = 0; i < kTickets; ++i) {
      weight[i + 1] = weight[i] * (kTickets - i) / (i + 1.0) * p / (1 - p);
    }
    double mean = 0;
    for (int a = 0; a <= kTickets; ++a) {
      for (int b = 0; b <= kTickets; ++b) {
        mean += weight[a] * weight[b] *
                std::exp(EvidenceOfDrift(ZerosAndOnes(kTickets - a, a),
                                         ZerosAndOnes(kTickets - b, b), 0)
                             .both);
      }
    }
    EXPECT_LE(mean, 1);
  }
}

TEST(Betting, NumbersBetweenThePointsNeverAddEvidence) {
  RandomStream random(4, "betting");
  BoundedSample sample;
  double log_wealth[28] = {};
  for (int i = 0; i < 200; ++i) {
    const double x = random.NextUniform();
    sample.Add(x);
    for (int k = 0; k < 28; ++k) {
      const double share = std::exp2(-0.5 * (k + 1));
      log_wealth[k] += std::log(1 - share + share * x / 0.4);
    }
  }
  double exact = 0;
  for (const double log : log_wealth) exact += std::exp(log) / 28;
  EXPECT_LE(LogEvidenceAbove(sample, 0.4), std::log(exact));
  EXPECT_NEAR(LogEvidenceAbove(sample, 0.4), std::log(exact), 0.05);
}

TEST(Betting, TheCheapBoundNeverMissesEvidence) {
  int worth_it = 0;
  for (const double margin : {0.0, 0.03}) {
    for (int ones = 0; ones <= 60; ones += 5) {
      const BoundedSample base = ZerosAndOnes(70, 30);
      const BoundedSample later = ZerosAndOnes(60 - ones, ones);
      const double log_e = EvidenceOfDrift(base, later, margin).both;
      EXPECT_TRUE(MayShowDrift(base, later, margin, log_e - 1e-9)) << ones;
      worth_it += !MayShowDrift(base, later, margin, log_e + 0.3);
    }
  }
  EXPECT_GE(worth_it, 20);
}

TEST(Betting, HasNoEvidenceWithoutData) {
  const BoundedSample none;
  const BoundedSample some = ZerosAndOnes(5, 5);
  EXPECT_EQ(LogEvidenceAbove(none, 0.3), 0);
  EXPECT_LE(EvidenceOfDrift(none, some, 0).both, 1e-9);
  EXPECT_LE(EvidenceOfDrift(some, none, 0).both, 1e-9);
  EXPECT_EQ(BettingInterval(none, 0.95).lo, 0);
  EXPECT_EQ(BettingInterval(none, 0.95).hi, 1);
  EXPECT_EQ(DriftInterval(some, none, 0.95).lo, -1);
  EXPECT_EQ(DriftInterval(some, none, 0.95).hi, 1);
}

TEST(Betting, OnlyZerosOrOnesLeaveAnOpenEnd) {
  EXPECT_EQ(BettingInterval(ZerosAndOnes(50, 0), 0.95).lo, 0);
  EXPECT_LT(BettingInterval(ZerosAndOnes(50, 0), 0.95).hi, 0.25);
  EXPECT_EQ(BettingInterval(ZerosAndOnes(0, 50), 0.95).hi, 1);
  EXPECT_GT(BettingInterval(ZerosAndOnes(0, 50), 0.95).lo, 0.75);
}

TEST(Betting, TurnsAroundWithTheNumbers) {
  const BoundedSample a = ZerosAndOnes(70, 30);
  const BoundedSample b = ZerosAndOnes(40, 60);
  const DriftEvidence up = EvidenceOfDrift(a, b, 0.02);
  const DriftEvidence down = EvidenceOfDrift(a.Mirrored(), b.Mirrored(), 0.02);
  EXPECT_NEAR(up.above, down.below, 1e-6);
  EXPECT_NEAR(up.below, down.above, 1e-6);
  EXPECT_GT(up.above, 0);
  EXPECT_LT(up.below, 0);
}

TEST(Betting, AnIntervalHoldsJustWhatTheEValueDoesNotReject) {
  const BoundedSample a = ZerosAndOnes(700, 300);
  const BoundedSample b = ZerosAndOnes(350, 250);
  const Interval interval = DriftInterval(a, b, 0.95);
  EXPECT_NEAR(interval.value, 250 / 600.0 - 0.3, 1e-12);
  const double limit = std::log(2 / 0.05);
  EXPECT_GE(EvidenceOfDrift(a, b, interval.lo - 1e-4).above, limit);
  EXPECT_LT(EvidenceOfDrift(a, b, interval.lo + 1e-4).above, limit);
}

TEST(Betting, RefusesNumbersOutsideTheUnitInterval) {
  BoundedSample sample;
  EXPECT_EQ(ErrorText([&] { sample.Add(1.5); }), "70: 1.5 is not in [0, 1]");
}

}  // namespace
}  // namespace plumbline
