#include "plumbline/face/statistics/identification.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "plumbline/base/error.h"
#include "plumbline/base/random.h"
#include "plumbline/face/engine/pair_table.h"

namespace plumbline::face {
namespace {

constexpr double kThreshold = 2.2;

struct Example {
  SubjectGroups groups{.groups = 2, .of_subject = {}};
  ImpostorScores scores;
  GenuineScores genuine;
  std::vector<Hit> hits;
  std::vector<uint8_t> complete;
};

// All pairs of people of two groups, some of whom resemble many.
Example People(uint32_t subjects, uint64_t seed) {
  RandomStream random(seed, "identification_test");
  Example example;
  std::vector<double> effect(subjects);
  for (uint32_t i = 0; i < subjects; ++i) {
    effect[i] = 0.5 * random.NextNormal();
    example.groups.of_subject.push_back(i % 3 == 0);
    for (int k = 0; k < 3; ++k) {
      example.genuine.subject.push_back(i);
      example.genuine.score.push_back(3 + random.NextNormal());
    }
  }
  for (uint32_t i = 0; i < subjects; ++i) {
    for (uint32_t j = i + 1; j < subjects; ++j) {
      example.scores.reference.push_back(i);
      example.scores.probe.push_back(j);
      const bool alike = i % 3 == 0 && j % 3 == 0;
      example.scores.score.push_back(effect[i] + effect[j] + 0.4 * alike +
                                     random.NextNormal());
    }
  }
  const PairTable pairs(example.scores);
  example.hits = HitsAtOrAbove(example.scores, pairs, kThreshold, 1);
  example.complete.assign(subjects, 1);
  return example;
}

std::vector<GroupIdentification> SearchIn(const Example& example,
                                          IdentificationOptions options) {
  options.threshold = kThreshold;
  return Identify(example.groups, example.complete, example.hits,
                  example.genuine, options);
}

struct Simulated {
  double fpir = 0;
  double fnir = 0;
  double selectivity = 0;
};

// Galleries drawn one by one, searches made one by one.
Simulated Draw(const Example& example, Gallery gallery, size_t size,
               size_t rank, uint32_t group, int times) {
  RandomStream random(9, "galleries");
  std::map<std::pair<uint32_t, uint32_t>, double> scores;
  for (int64_t i = 0; i < example.scores.size(); ++i) {
    const uint32_t a = example.scores.reference[i];
    const uint32_t b = example.scores.probe[i];
    scores[{a, b}] = scores[{b, a}] = example.scores.score[i];
  }
  const auto n = static_cast<uint32_t>(example.groups.of_subject.size());
  double found = 0, selected = 0, searches = 0, missed = 0, mated = 0;
  // People from a group (or any), without the searcher.
  const auto take = [&](size_t count, int of, uint32_t but,
                        std::vector<uint32_t>* into) {
    std::vector<uint32_t> pool;
    for (uint32_t i = 0; i < n; ++i) {
      if (i != but && (of < 0 || example.groups.of_subject[i] ==
                                     static_cast<uint32_t>(of))) {
        pool.push_back(i);
      }
    }
    for (size_t k = 0; k < count; ++k) {
      std::swap(pool[k], pool[k + random.NextBelow(pool.size() - k)]);
      into->push_back(pool[k]);
    }
  };
  const auto fill = [&](uint32_t but, size_t without_mate) {
    std::vector<uint32_t> people;
    if (gallery == Gallery::kAsSupplied) {
      take(size - without_mate, -1, but, &people);
    } else if (gallery == Gallery::kHomogeneous) {
      take(size - without_mate, static_cast<int>(group), but, &people);
    } else {
      take((size + 1) / 2 - (group == 0 ? without_mate : 0), 0, but, &people);
      take(size / 2 - (group == 1 ? without_mate : 0), 1, but, &people);
    }
    return people;
  };
  for (int t = 0; t < times; ++t) {
    for (uint32_t p = 0; p < n; ++p) {
      if (example.groups.of_subject[p] != group) continue;
      int64_t above = 0;
      for (const uint32_t other : fill(p, 0)) {
        above += scores[{p, other}] >= kThreshold;
      }
      found += above > 0;
      selected += static_cast<double>(above);
      ++searches;
      const double mate = example.genuine.score[3 * p + t % 3];
      size_t as_alike = 0;
      for (const uint32_t other : fill(p, 1)) {
        as_alike += scores[{p, other}] >= mate;
      }
      missed += mate < kThreshold || as_alike >= rank;
      ++mated;
    }
  }
  return {found / searches, missed / mated, selected / searches};
}

class GalleryMeans : public testing::TestWithParam<Gallery> {};

TEST_P(GalleryMeans, AreThoseOfGalleriesDrawnOneByOne) {
  const Example example = People(90, 1);
  for (const int64_t rank : {1, 2}) {
    const auto results = SearchIn(example, {.sizes = {15},
                                            .gallery = GetParam(),
                                            .rank = rank,
                                            .minimum_comparisons = 50,
                                            .replicates = 0});
    ASSERT_EQ(results.size(), 2u);
    for (const GroupIdentification& result : results) {
      constexpr int kTimes = 600;
      const Simulated simulated =
          Draw(example, GetParam(), 15, static_cast<size_t>(rank),
               static_cast<uint32_t>(result.group), kTimes);
      // Five standard errors of 600 galleries for 30 people or more.
      const auto near = [](double p) {
        return 5 * std::sqrt(p * (1 - p) / (kTimes * 30)) + 1e-9;
      };
      EXPECT_NEAR(result.fpir.value, simulated.fpir, near(simulated.fpir));
      EXPECT_NEAR(result.fnir.value, simulated.fnir, near(simulated.fnir));
      EXPECT_NEAR(result.selectivity.value, simulated.selectivity,
                  6 * near(simulated.fpir));
      EXPECT_GT(simulated.fpir, 0.05);
    }
  }
}

INSTANTIATE_TEST_SUITE_P(All, GalleryMeans,
                         testing::Values(Gallery::kAsSupplied,
                                         Gallery::kBalanced,
                                         Gallery::kHomogeneous));

TEST(Identify, OneInTheGalleryIsTheFalseMatchRate) {
  const Example example = People(120, 2);
  const auto results = SearchIn(example, {.sizes = {1, 30}, .replicates = 0});
  std::vector<double> hits(2), comparisons(2);
  for (const Hit& hit : example.hits) {
    ++hits[example.groups.of_subject[hit.reference]];
    ++hits[example.groups.of_subject[hit.probe]];
  }
  for (const uint32_t g : example.groups.of_subject) comparisons[g] += 119;
  for (int g = 0; g < 2; ++g) {
    const double fmr = hits[g] / comparisons[g];
    EXPECT_NEAR(results[g].fpir.value, fmr, 1e-12);
    EXPECT_NEAR(results[g].independent_fpir, fmr, 1e-12);
    EXPECT_NEAR(results[g].selectivity.value, fmr, 1e-12);
    // People who resemble many are found again and again: fewer searches go
    // wrong than independent comparisons would make.
    EXPECT_LT(results[2 + g].fpir.value, results[2 + g].independent_fpir);
    EXPECT_NEAR(results[2 + g].independent_fpir, 1 - std::pow(1 - fmr, 30),
                1e-12);
  }
}

TEST(Identify, IntervalsAreWiderThanThoseOfIndependentSearches) {
  const Example example = People(150, 3);
  const auto results = SearchIn(example, {.sizes = {20}, .replicates = 300});
  for (const GroupIdentification& result : results) {
    EXPECT_STREQ(result.fpir.method, "vertex_bootstrap_se");
    EXPECT_STREQ(result.fnir.method, "vertex_bootstrap");
    EXPECT_LT(result.fpir.lo, result.fpir.value);
    EXPECT_GT(result.fpir.hi, result.fpir.value);
    EXPECT_LT(result.fnir.lo, result.fnir.hi);
  }
}

TEST(Identify, SaysWhyThereIsNoNumber) {
  Example example = People(90, 4);
  auto results = SearchIn(example, {.sizes = {29, 30, 90},
                                    .gallery = Gallery::kHomogeneous,
                                    .replicates = 0});
  // 60 people of group 0, 30 of group 1, without the searcher.
  EXPECT_STREQ(results[1].fpir.reason, "not_requested");
  EXPECT_STREQ(results[3].fpir.reason, "gallery_too_large");
  EXPECT_STREQ(results[4].fpir.reason, "gallery_too_large");
  EXPECT_STREQ(results[1].fnir.reason, "below_minimum");  // 90 comparisons
  for (size_t i = 0; i < example.complete.size(); i += 3) {
    example.complete[i] = 0;
  }
  results = SearchIn(example, {.sizes = {5}, .replicates = 0});
  EXPECT_STREQ(results[1].fpir.reason, "not_all_compared");
  EXPECT_EQ(results[1].incomplete, 30);
  EXPECT_TRUE(std::isnan(results[1].fpir.value));
  EXPECT_GT(results[0].fpir.value, 0);
  example.hits.clear();
  results = SearchIn(example, {.sizes = {5}});
  EXPECT_EQ(results[0].fpir.value, 0);
  EXPECT_STREQ(results[0].fpir.method, "rule_of_three");
  EXPECT_NEAR(results[0].fpir.hi, std::log(20.0) / 60, 1e-12);
}

TEST(Identify, IsTheSameForAnyNumberOfThreads) {
  const Example example = People(90, 5);
  const auto one =
      SearchIn(example, {.sizes = {7}, .replicates = 60, .threads = 1});
  const auto more =
      SearchIn(example, {.sizes = {7}, .replicates = 60, .threads = 3});
  EXPECT_EQ(one[0].fpir.lo, more[0].fpir.lo);
  EXPECT_EQ(one[0].fnir.hi, more[0].fnir.hi);
}

TEST(ParseGallery, KnowsThreeNames) {
  EXPECT_EQ(ParseGallery("balanced"), Gallery::kBalanced);
  EXPECT_THROW(ParseGallery("all"), Error);
}

}  // namespace
}  // namespace plumbline::face
