#include "plumbline/face/statistics/score_shift.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "plumbline/base/random.h"

namespace plumbline::face {
namespace {

// Genuine comparisons of `subjects` people, two each.
ScoreSample Genuine(uint32_t first, uint32_t subjects, double mean,
                    RandomStream* random) {
  ScoreSample sample;
  for (uint32_t i = first; i < first + subjects; ++i) {
    const double effect = random->NextNormal();
    for (int k = 0; k < 2; ++k) {
      sample.score.push_back(mean + effect + random->NextNormal());
      sample.first.push_back(i);
      sample.second.push_back(i);
    }
  }
  return sample;
}

SubjectGroups TwoGroups(uint32_t subjects) {
  SubjectGroups groups{.groups = 2, .of_subject = {}};
  for (uint32_t i = 0; i < 2 * subjects; ++i) {
    groups.of_subject.push_back(i / subjects);
  }
  return groups;
}

ScoreSample Simple(const std::vector<double>& scores) {
  ScoreSample sample;
  for (size_t i = 0; i < scores.size(); ++i) {
    sample.score.push_back(scores[i]);
    sample.first.push_back(static_cast<uint32_t>(i));
    sample.second.push_back(static_cast<uint32_t>(i));
  }
  return sample;
}

TEST(CompareScores, DistanceIsThatOfScipy) {
  // scipy.stats.ks_2samp([1,2,2,3,5], [2,4,4,6]).statistic == 0.55
  const SortedSample a(Simple({5, 2, 1, 3, 2}));
  const SortedSample b(Simple({4, 2, 6, 4}));
  SubjectGroups groups{.groups = 1, .of_subject = {0, 0, 0, 0, 0}};
  const ScoreShift shift = CompareScores(a, b, groups, {.replicates = 0});
  EXPECT_DOUBLE_EQ(shift.ks, 0.55);
  EXPECT_EQ(shift.n, 5);
  EXPECT_EQ(shift.subjects, 5);
  EXPECT_TRUE(std::isnan(shift.p));
  // Too few comparisons to tell one of them.
  EXPECT_TRUE(std::isnan(shift.quantiles[2].value));
}

TEST(CompareScores, QuantilesAreObservedScoresAndFailuresDoNotCount) {
  std::vector<double> scores;
  for (int i = 1; i <= 400; ++i) scores.push_back(i);
  std::vector<double> moved = scores;
  for (double& score : moved) score += 7;
  scores.push_back(-std::numeric_limits<double>::infinity());
  SubjectGroups groups{.groups = 1, .of_subject = std::vector<uint32_t>(401)};
  const ScoreShift shift =
      CompareScores(SortedSample(Simple(moved)), SortedSample(Simple(scores)),
                    groups, {.replicates = 0});
  EXPECT_EQ(shift.reference_n, 400);
  ASSERT_EQ(shift.quantiles.size(), 6u);
  EXPECT_EQ(shift.quantiles[0].reference, 20);  // 5 % of 400
  EXPECT_EQ(shift.quantiles[4].value, 387);     // 95 %, and 7
  EXPECT_EQ(shift.quantiles[2].shift, 7);
  // 1 % of 400 are 4 comparisons.
  EXPECT_TRUE(std::isnan(shift.quantiles[5].shift));
}

TEST(CompareScores, IntervalsHoldAShiftAndChanceExplainsNone) {
  RandomStream random(3, "score_shift_test");
  const ScoreSample a = Genuine(0, 600, 0, &random);
  const ScoreSample b = Genuine(600, 600, 0.5, &random);
  const ScoreShift shift =
      CompareScores(SortedSample(b), SortedSample(a), TwoGroups(600), {});
  // Four standard errors (SD sqrt 2, 600 people, median).
  EXPECT_NEAR(shift.quantiles[2].shift, 0.5, 0.41);
  EXPECT_LT(shift.quantiles[2].lo, 0.5 + 0.2);
  EXPECT_GT(shift.quantiles[2].hi, 0.5 - 0.2);
  EXPECT_GT(shift.ks, shift.ks_by_chance);
  EXPECT_LT(shift.p, 0.01);
}

// Two comparisons each of people who differ: a test that took comparisons as
// independent would reject more often than one in twenty.
TEST(CompareScores, SeldomFindsADifferenceThatIsNotThere) {
  int rejected = 0;
  for (uint64_t i = 0; i < 100; ++i) {
    RandomStream random(i, "score_shift_null");
    const ScoreSample a = Genuine(0, 100, 0, &random);
    const ScoreSample b = Genuine(100, 100, 0, &random);
    rejected += CompareScores(SortedSample(b), SortedSample(a), TwoGroups(100),
                              {.replicates = 200, .seed = i})
                    .p <= 0.05;
  }
  // P(more than 13 | 100, 0.05) < 0.001.
  EXPECT_LE(rejected, 13);
}

TEST(CompareScores, IsTheSameForAnyNumberOfThreads) {
  RandomStream random(4, "score_shift_test");
  const SortedSample a(Genuine(0, 80, 0, &random));
  const SortedSample b(Genuine(80, 80, 0.2, &random));
  const ScoreShift one = CompareScores(a, b, TwoGroups(80), {.threads = 1});
  const ScoreShift three = CompareScores(a, b, TwoGroups(80), {.threads = 3});
  EXPECT_EQ(one.p, three.p);
  EXPECT_EQ(one.ks_by_chance, three.ks_by_chance);
  EXPECT_EQ(one.quantiles[1].lo, three.quantiles[1].lo);
}

}  // namespace
}  // namespace plumbline::face
