#include "plumbline/face/engine/pair_table.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <utility>

#include "plumbline/base/error.h"
#include "plumbline/base/random.h"

namespace plumbline::face {
namespace {

ImpostorScores RandomScores(int subjects, int comparisons) {
  RandomStream random(3, "pair_table_test");
  ImpostorScores scores;
  for (int i = 0; i < comparisons; ++i) {
    const auto a = static_cast<uint32_t>(random.NextBelow(subjects));
    const auto b = static_cast<uint32_t>(random.NextBelow(subjects));
    if (a == b) continue;
    scores.reference.push_back(a);
    scores.probe.push_back(b);
    scores.score.push_back(random.NextNormal());
  }
  return scores;
}

SubjectGroups ThreeGroups(int subjects) {
  SubjectGroups groups{.groups = 3};
  for (int i = 0; i < subjects; ++i) groups.of_subject.push_back(i * 7 % 3);
  return groups;
}

// 300 comparisons are sorted by comparing, 200,000 by digits.
class PairTableOfSize : public testing::TestWithParam<int> {};

TEST_P(PairTableOfSize, CountsAsMapsDo) {
  const ImpostorScores scores = RandomScores(40, GetParam());
  const SubjectGroups groups = ThreeGroups(40);
  const PairTable pairs(scores);
  const ImpostorCounts counts = CountImpostors(pairs, groups);

  std::map<std::pair<uint32_t, uint32_t>, int64_t> directed;
  for (int64_t i = 0; i < scores.size(); ++i) {
    ++directed[{scores.reference[i], scores.probe[i]}];
  }
  std::vector<int64_t> cells(9);
  std::vector<double> squares(9);
  double all = 0;
  std::vector<int64_t> as_reference(40 * 3), as_probe(40 * 3);
  for (const auto& [pair, count] : directed) {
    const auto [a, b] = pair;
    const uint32_t g = groups.of_subject[a];
    const uint32_t h = groups.of_subject[b];
    cells[g * 3 + h] += count;
    as_reference[a * 3 + h] += count;
    as_probe[b * 3 + g] += count;
    const auto back = directed.find({b, a});
    const int64_t other = back == directed.end() ? 0 : back->second;
    if (a < b || other == 0) all += double(count + other) * (count + other);
    EXPECT_EQ(pairs.Find(a, b).first_as_reference, a < b ? count : other);
    if (g != h) {
      squares[g * 3 + h] += double(count) * count;
    } else if (a < b || other == 0) {
      squares[g * 3 + g] += double(count + other) * (count + other);
    }
  }
  EXPECT_EQ(counts.comparisons, cells);
  EXPECT_EQ(counts.squares, squares);
  EXPECT_EQ(counts.all_squares, all);
  EXPECT_TRUE(std::equal(as_reference.begin(), as_reference.end(),
                         counts.as_reference.begin()));
  EXPECT_TRUE(
      std::equal(as_probe.begin(), as_probe.end(), counts.as_probe.begin()));
}
INSTANTIATE_TEST_SUITE_P(Sizes, PairTableOfSize, testing::Values(300, 200'000));

TEST(HitsAtOrAbove, AreSortedAndKnowTheirPairs) {
  const ImpostorScores scores = RandomScores(50, 5000);
  const PairTable pairs(scores);
  const std::vector<Hit> hits = HitsAtOrAbove(scores, pairs, 1.0, 1);
  ASSERT_EQ(static_cast<int64_t>(hits.size()),
            std::count_if(scores.score.begin(), scores.score.end(),
                          [](double score) { return score >= 1.0; }));
  for (size_t i = 0; i < hits.size(); ++i) {
    const Hit& hit = hits[i];
    if (i > 0) {
      EXPECT_LE(hit.score, hits[i - 1].score);
    }
    uint32_t forward = 0, back = 0;
    for (int64_t k = 0; k < scores.size(); ++k) {
      forward +=
          scores.reference[k] == hit.reference && scores.probe[k] == hit.probe;
      back +=
          scores.probe[k] == hit.reference && scores.reference[k] == hit.probe;
    }
    EXPECT_EQ(hit.forward, forward);
    EXPECT_EQ(hit.both, forward + back);
  }
}

TEST(PairTable, RefusesComparisonsOfOnesSelf) {
  EXPECT_THROW(PairTable({.score = {1}, .reference = {4}, .probe = {4}}),
               Error);
}

TEST(PairTable, KnowsPairsThatWereNeverCompared) {
  const PairTable pairs({.score = {1}, .reference = {4}, .probe = {2}});
  EXPECT_EQ(pairs.Find(4, 2).second_as_reference, 1u);
  EXPECT_EQ(pairs.Find(1, 2).first_as_reference, 0u);
}

}  // namespace
}  // namespace plumbline::face
