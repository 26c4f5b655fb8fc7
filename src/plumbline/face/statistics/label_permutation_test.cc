#include "plumbline/face/statistics/label_permutation.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "plumbline/base/error.h"
#include "plumbline/base/random.h"
#include "plumbline/face/engine/pair_table.h"

namespace plumbline::face {
namespace {

struct Example {
  SubjectGroups groups{.groups = 2, .of_subject = {}};
  ImpostorCounts counts;
  std::vector<Hit> hits;
  GenuineScores genuine;
};

// All pairs of people with effects of their own; those of group 1 are `more`
// alike among themselves, and their genuine scores lower by it.
Example People(uint32_t subjects, double more, uint64_t seed) {
  RandomStream random(seed, "permutation_test_test");
  Example example;
  std::vector<double> effect(subjects);
  for (uint32_t i = 0; i < subjects; ++i) {
    effect[i] = 0.7 * random.NextNormal();
    example.groups.of_subject.push_back(i % 2);
    const double own = random.NextNormal();
    for (int k = 0; k < 4; ++k) {
      example.genuine.subject.push_back(i);
      example.genuine.score.push_back(3 + own + 0.5 * random.NextNormal() -
                                      more * (i % 2));
    }
  }
  ImpostorScores scores;
  for (uint32_t i = 0; i < subjects; ++i) {
    for (uint32_t j = i + 1; j < subjects; ++j) {
      scores.reference.push_back(i);
      scores.probe.push_back(j);
      scores.score.push_back(effect[i] + effect[j] + more * (i % 2 && j % 2) +
                             random.NextNormal());
    }
  }
  const PairTable pairs(scores);
  example.counts = CountImpostors(pairs, example.groups);
  example.hits = HitsAtOrAbove(scores, pairs, 2, 1);
  return example;
}

constexpr std::array<uint8_t, 2> kBoth = {1, 1};

OmnibusTest Matches(const Example& example, const PermutationOptions& options) {
  return PermuteFalseMatches(example.counts, example.groups, kBoth,
                             example.hits, options);
}
OmnibusTest NonMatches(const Example& example,
                       const PermutationOptions& options) {
  return PermuteFalseNonMatches(example.genuine, 2, example.groups, kBoth,
                                options);
}

TEST(LabelPermutation, FindsWhatIsPlanted) {
  const Example example = People(200, 0.8, 1);
  EXPECT_LE(Matches(example, {.permutations = 499}).p, 0.01);
  EXPECT_LE(NonMatches(example, {.permutations = 499}).p, 0.01);
}

// People differ, so that a chi-square test of comparisons would reject far more
// often than one time in twenty.
TEST(LabelPermutation, RejectsEqualGroupsInOneOfTwenty) {
  int matches = 0;
  int non_matches = 0;
  int chi_square = 0;
  for (uint64_t i = 0; i < 200; ++i) {
    const Example example = People(60, 0, 100 + i);
    const OmnibusTest of_matches =
        Matches(example, {.permutations = 99, .seed = i});
    matches += of_matches.p <= 0.05;
    chi_square += of_matches.statistic > 3.84;
    non_matches +=
        NonMatches(example, {.permutations = 99, .seed = i}).p <= 0.05;
  }
  // P(more than 21 | 200, 0.05) < 0.001.
  EXPECT_LE(matches, 21);
  EXPECT_LE(non_matches, 21);
  EXPECT_GT(chi_square, 60);
}

// Six people, three with an error: 20 ways to choose three of six, of which two
// are as extreme as all errors in one group.
TEST(LabelPermutation, CountsAsAllWaysToLabel) {
  GenuineScores genuine;
  SubjectGroups groups{.groups = 2, .of_subject = {0, 0, 0, 1, 1, 1}};
  for (uint32_t i = 0; i < 6; ++i) {
    genuine.subject.push_back(i);
    genuine.score.push_back(i < 3 ? 0 : 1);
  }
  const OmnibusTest test = PermuteFalseNonMatches(genuine, 0.5, groups, kBoth,
                                                  {.permutations = 20000});
  // Four standard errors.
  EXPECT_NEAR(test.p, 0.1, 4 * std::sqrt(0.1 * 0.9 / 20000));
  EXPECT_DOUBLE_EQ(test.statistic, 3);
}

TEST(LabelPermutation, LeavesOutGroupsAndSaysNothingOfOne) {
  const Example example = People(60, 0.5, 2);
  const std::array<uint8_t, 2> one = {1, 0};
  const OmnibusTest test = PermuteFalseMatches(
      example.counts, example.groups, one, example.hits, {.permutations = 99});
  EXPECT_EQ(test.groups, 1);
  EXPECT_TRUE(std::isnan(test.p));
  EXPECT_TRUE(std::isnan(Matches(example, {}).p));
}

TEST(LabelPermutation, IsTheSameForAnyNumberOfThreads) {
  const Example example = People(60, 0.2, 3);
  EXPECT_EQ(Matches(example, {.permutations = 200, .threads = 1}).p,
            Matches(example, {.permutations = 200, .threads = 3}).p);
}

TEST(LabelPermutation, RefusesTooFew) {
  EXPECT_THROW(Matches(People(10, 0, 1), {.permutations = 50}), Error);
}

}  // namespace
}  // namespace plumbline::face
