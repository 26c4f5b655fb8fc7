#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <string>
#include <vector>

#include "plumbline/stats/bootstrap.h"
#include "plumbline/stats/golden_intervals_for_test.h"

namespace plumbline {
namespace {

using Weights = std::array<uint8_t, kBootstrapLanes>;

Weights Draw(PhiloxKey key, uint32_t block, uint32_t subject) {
  Weights weights;
  PoissonWeights(key, block, subject, weights.data());
  return weights;
}

// As the header says it: the house's Philox, lane by lane, and the cumulative
// probabilities added up.
Weights Reference(PhiloxKey key, uint32_t block, uint32_t subject) {
  Weights weights;
  for (uint32_t lane = 0; lane < kBootstrapLanes; ++lane) {
    const uint32_t i = lane % 32 / 4;
    const PhiloxCounter words =
        Philox4x32({subject, block, i, kPoissonCounter}, key);
    const uint32_t word = words[2 * (lane / 32) + lane / 2 % 2];
    const uint32_t bits = lane % 2 == 0 ? word & 0xffff : word >> 16;
    int weight = 0;
    double term = std::exp(-1.0);
    for (double cdf = term; bits >= std::round(65536 * cdf); cdf += term) {
      ++weight;
      term /= weight;
    }
    weights[lane] = static_cast<uint8_t>(weight);
  }
  return weights;
}

TEST(PoissonWeights, EqualTheScalarReferenceByteForByte) {
  RandomStream random(11, "poisson weights test");
  for (int i = 0; i < 3000; ++i) {
    const PhiloxKey key{random.NextUint32(), random.NextUint32()};
    const uint32_t block = random.NextUint32() >> (i % 32);
    const uint32_t subject = random.NextUint32() >> (i % 29);
    ASSERT_EQ(Draw(key, block, subject), Reference(key, block, subject))
        << "block " << block << ", subject " << subject;
  }
}

TEST(PoissonWeights, EqualThoseOfAnotherProgram) {
  for (const Json& row : IntervalsGolden("poisson_weights")) {
    const PhiloxKey key{row["key"][0], row["key"][1]};
    std::string digits;
    for (const uint8_t weight : Draw(key, row["block"], row["subject"])) {
      digits += std::to_string(weight);
    }
    EXPECT_EQ(digits, row["weights"]);
  }
}

TEST(PoissonWeightsBatch, EqualsOneSubjectAtATime) {
  const std::vector<uint32_t> subjects{5, 0, 4294967295u, 5, 77};
  std::vector<uint8_t> batch(subjects.size() * kBootstrapLanes);
  PoissonWeightsBatch({8, 9}, 3, subjects, batch.data());
  for (size_t i = 0; i < subjects.size(); ++i) {
    const Weights one = Draw({8, 9}, 3, subjects[i]);
    EXPECT_TRUE(
        std::equal(one.begin(), one.end(), batch.begin() + i * one.size()));
  }
}

// 1.28 million draws: each bound is 4.9 standard errors or more away.
TEST(PoissonWeights, HaveMeanAndVarianceOneInEveryLane) {
  constexpr int kSubjects = 20000;
  std::array<double, kBootstrapLanes> sums{};
  std::array<int, 9> histogram{};
  double squares = 0;
  for (uint32_t subject = 0; subject < kSubjects; ++subject) {
    const Weights weights = Draw(StreamKey(1, "test"), 0, subject);
    for (int lane = 0; lane < kBootstrapLanes; ++lane) {
      ASSERT_LE(weights[lane], 8);
      sums[lane] += weights[lane];
      squares += (weights[lane] - 1.0) * (weights[lane] - 1.0);
      ++histogram[weights[lane]];
    }
  }
  const double draws = kSubjects * static_cast<double>(kBootstrapLanes);
  for (const double sum : sums) EXPECT_NEAR(sum / kSubjects, 1, 0.035);
  EXPECT_NEAR(std::accumulate(sums.begin(), sums.end(), 0.0) / draws, 1, 0.005);
  EXPECT_NEAR(squares / draws, 1, 0.009);
  double probability = std::exp(-1.0);
  for (int weight = 0; weight < 6; ++weight) {
    const double error = std::sqrt(probability / draws);
    EXPECT_NEAR(histogram[weight] / draws, probability, 5 * error + 1e-5);
    probability /= weight + 1;
  }
}

// Lanes, blocks and subjects must not echo one another: correlations of
// 20,000 pairs, each bound 5 standard errors away.
TEST(PoissonWeights, AreUncorrelatedAcrossLanesBlocksAndSubjects) {
  constexpr int kSubjects = 20000;
  const PhiloxKey key = StreamKey(2, "test");
  double lanes = 0, blocks = 0, subjects = 0, keys = 0;
  for (uint32_t subject = 0; subject < kSubjects; ++subject) {
    const Weights here = Draw(key, 0, subject);
    const double centred = here[0] - 1.0;
    lanes += centred * (here[1] - 1.0);
    blocks += centred * (Draw(key, 1, subject)[0] - 1.0);
    subjects += centred * (Draw(key, 0, subject + 1)[0] - 1.0);
    keys += centred * (Draw(StreamKey(3, "test"), 0, subject)[0] - 1.0);
  }
  for (const double sum : {lanes, blocks, subjects, keys}) {
    EXPECT_NEAR(sum / kSubjects, 0, 5 / std::sqrt(kSubjects));
  }
}

}  // namespace
}  // namespace plumbline
