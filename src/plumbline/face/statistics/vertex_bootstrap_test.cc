#include "plumbline/face/statistics/vertex_bootstrap.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "plumbline/base/error.h"
#include "plumbline/base/random.h"
#include "plumbline/base/team_for_test.h"
#include "plumbline/face/engine/pair_table.h"
#include "plumbline/face/engine/thresholds.h"
#include "plumbline/face/statistics/rates.h"

namespace plumbline::face {
namespace {

struct Example {
  ImpostorScores scores;
  GenuineScores genuine;
  SubjectGroups groups{.groups = 2, .of_subject = {}};
};

// All pairs of `subjects` people in two groups.
Example AllPairs(uint32_t subjects, uint64_t seed) {
  RandomStream random(seed, "vertex_bootstrap_test");
  Example example;
  std::vector<double> effect(subjects);
  for (uint32_t i = 0; i < subjects; ++i) {
    effect[i] = random.NextNormal() * 0.4;
    example.groups.of_subject.push_back(i % 2);
    example.genuine.subject.push_back(i);
    example.genuine.score.push_back(3 + random.NextNormal());
  }
  for (uint32_t i = 0; i < subjects; ++i) {
    for (uint32_t j = i + 1; j < subjects; ++j) {
      example.scores.reference.push_back(i);
      example.scores.probe.push_back(j);
      example.scores.score.push_back(effect[i] + effect[j] +
                                     random.NextNormal());
    }
  }
  return example;
}

VertexReplicates Resample(const Example& example,
                          VertexBootstrapOptions options, double cut) {
  const PairTable pairs(example.scores);
  return BootstrapSubjects(
      CountImpostors(pairs, example.groups), example.groups,
      HitsAtOrAbove(example.scores, pairs, cut, 1), example.genuine, options);
}

double SdOfColumn(const std::vector<double>& values, int column, int columns) {
  double mean = 0, squares = 0;
  const auto n = static_cast<double>(values.size()) / columns;
  for (size_t i = column; i < values.size(); i += columns)
    mean += values[i] / n;
  for (size_t i = column; i < values.size(); i += columns) {
    squares += (values[i] - mean) * (values[i] - mean) / (n - 1);
  }
  return std::sqrt(squares);
}

TEST(BootstrapSubjects, SpreadIsThatOfTheDyadicVarianceAndSomeMore) {
  const Example example = AllPairs(160, 1);
  const VertexReplicates replicates =
      Resample(example,
               {.replicates = 2000,
                .target = std::numeric_limits<double>::quiet_NaN(),
                .threshold = 1.5},
               1.5);
  const PairTable pairs(example.scores);
  const FalseMatchRates rates = EstimateFalseMatchRates(
      CountImpostors(pairs, example.groups), example.groups,
      HitsAtOrAbove(example.scores, pairs, 1.5, 1), 0.95);
  for (int g = 0; g < 2; ++g) {
    const double sd = SdOfColumn(replicates.fmr, g, 2);
    // The noise of single comparisons counts in both of their subjects.
    EXPECT_GT(sd / std::sqrt(rates.cell(g, g).variance), 0.95);
    EXPECT_LT(sd / std::sqrt(rates.cell(g, g).variance), 1.45);
  }
  EXPECT_EQ(replicates.short_of_hits, 0);
}

TEST(BootstrapSubjects, TheThresholdOfEachReplicateMeetsTheTarget) {
  const Example example = AllPairs(120, 2);
  const VertexReplicates replicates =
      Resample(example, {.replicates = 400, .target = 0.02}, -10);
  const double point =
      ThresholdsAtFmr(example.scores.score, std::vector<double>{0.02}, 1)[0]
          .value;
  double mean = 0;
  for (const double threshold : replicates.threshold) mean += threshold / 400;
  EXPECT_NEAR(mean, point, 0.1);
  // As the threshold moves with everybody's scores, the rate of both groups
  // together stays at the target.
  double together = 0;
  for (const double rate : replicates.fmr) together += rate / 800;
  EXPECT_NEAR(together, 0.02, 0.003);
}

TEST(BootstrapSubjects, IsTheSameForAnyNumberOfThreads) {
  const Example example = AllPairs(60, 3);
  const VertexReplicates one =
      Resample(example, {.replicates = 100, .threads = 1, .target = 0.05}, 0);
  const VertexReplicates four =
      Resample(example, {.replicates = 100, .threads = 4, .target = 0.05}, 0);
  EXPECT_EQ(one.fmr, four.fmr);
  EXPECT_EQ(one.fnmr, four.fnmr);
  EXPECT_EQ(one.threshold, four.threshold);
}

TEST(BootstrapSubjects, SaysWhenTheHitsDoNotReachTheThreshold) {
  const Example example = AllPairs(60, 4);
  EXPECT_EQ(
      Resample(example, {.replicates = 50, .target = 0.5}, 2).short_of_hits,
      50);
}

TEST(BootstrapSubjects, SetsTheThresholdOnAChosenGroup) {
  Example example = AllPairs(120, 5);
  for (int64_t i = 0; i < example.scores.size(); ++i) {
    if (example.groups.of_subject[example.scores.reference[i]] == 1 &&
        example.groups.of_subject[example.scores.probe[i]] == 1) {
      example.scores.score[i] += 1;
    }
  }
  const PairTable pairs(example.scores);
  const ImpostorCounts counts = CountImpostors(pairs, example.groups);
  const VertexReplicates replicates = BootstrapSubjects(
      counts, example.groups, HitsAtOrAbove(example.scores, pairs, -10, 1),
      example.genuine, {.replicates = 200, .target = 0.05},
      {.counts = &counts, .groups = &example.groups, .group = 1});
  double mean = 0;
  for (int b = 0; b < 200; ++b) mean += replicates.fmr[b * 2 + 1] / 200;
  EXPECT_NEAR(mean, 0.05, 0.004);
}

TEST(BootstrapSubjects, TwoLevelsOfOneComparisonAreOne) {
  const Example example = AllPairs(60, 7);
  const double given = std::numeric_limits<double>::quiet_NaN();
  const VertexBootstrapOptions one{
      .replicates = 100, .target = given, .threshold = 2.5};
  VertexBootstrapOptions two = one;
  two.two_level = true;
  EXPECT_EQ(Resample(example, one, 2.5).fnmr, Resample(example, two, 2.5).fnmr);
}

// Of k independent comparisons a person the second level adds (k - 1) / k of
// the variance of the first.
TEST(BootstrapSubjects, TwoLevelsCountTheNoiseOfComparisonsTwice) {
  Example example = AllPairs(200, 8);
  RandomStream random(8, "two levels");
  example.genuine = {};
  for (uint32_t i = 0; i < 200; ++i) {
    for (int k = 0; k < 4; ++k) {
      example.genuine.subject.push_back(i);
      example.genuine.score.push_back(3 + random.NextNormal());
    }
  }
  const double given = std::numeric_limits<double>::quiet_NaN();
  VertexBootstrapOptions options{
      .replicates = 2000, .target = given, .threshold = 3};
  const double one = SdOfColumn(Resample(example, options, 3).fnmr, 0, 2);
  options.two_level = true;
  const VertexReplicates replicates = Resample(example, options, 3);
  // Within 10 % of sqrt(1 + 3/4).
  EXPECT_NEAR(SdOfColumn(replicates.fnmr, 0, 2) / one, std::sqrt(1.75), 0.13);
  options.threads = 3;
  EXPECT_EQ(replicates.fnmr, Resample(example, options, 3).fnmr);
}

TEST(BootstrapSubjects, TakesTheThresholdsOfOthers) {
  const Example example = AllPairs(60, 9);
  std::vector<double> thresholds(50, 2.0);
  thresholds[7] = std::numeric_limits<double>::infinity();
  VertexBootstrapOptions options{.replicates = 50, .target = 0.1};
  options.thresholds = thresholds;
  const VertexReplicates replicates = Resample(example, options, 2);
  EXPECT_EQ(replicates.threshold, thresholds);
  EXPECT_EQ(replicates.fmr[14], 0);
  EXPECT_EQ(replicates.fnmr[14], 1);
  EXPECT_GT(replicates.fmr[16], 0);
  options.thresholds = options.thresholds.first(49);
  EXPECT_THROW(Resample(example, options, 2), Error);
}

TEST(BootstrapSubjects, IsTheSameForAnyNumberOfProcesses) {
  const Example example = AllPairs(60, 10);
  // Four blocks, the last not full; hits that some replicates fall short of.
  const VertexBootstrapOptions options{
      .replicates = 60, .threads = 1, .target = 0.05};
  const double cut = 1.9;
  const VertexReplicates alone = Resample(example, options, cut);
  ASSERT_GT(alone.short_of_hits, 0);
  ASSERT_LT(alone.short_of_hits, 60);
  for (const int size : {2, 3, 4, 7}) {
    std::vector<VertexReplicates> shared(size);
    Team(size).Run([&](Communicator& world) {
      VertexBootstrapOptions own = options;
      own.processes = &world;
      shared[world.rank()] = Resample(example, own, cut);
    });
    for (const VertexReplicates& replicates : shared) {
      EXPECT_EQ(replicates.fmr, alone.fmr);
      EXPECT_EQ(replicates.fnmr, alone.fnmr);
      EXPECT_EQ(replicates.threshold, alone.threshold);
      EXPECT_EQ(replicates.short_of_hits, alone.short_of_hits);
    }
  }
}

TEST(BootstrapSubjects, RefusesTooFewReplicates) {
  EXPECT_THROW(Resample(AllPairs(20, 6), {.replicates = 10, .target = 0.1}, 0),
               Error);
}

}  // namespace
}  // namespace plumbline::face
