#include "plumbline/stats/permutation.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <map>
#include <string>
#include <vector>

#include "plumbline/base/error.h"
#include "plumbline/base/random.h"

namespace plumbline {
namespace {

using Values = std::vector<double>;
using Groups = std::vector<uint8_t>;
using Ids = std::vector<uint32_t>;

// All 20 ways to choose 3 of 6: only the given one and its mirror image reach
// a difference of 3, so p is 2 / 20.
TEST(PermuteMeanDifference, ApproachesTheExactProbability) {
  const PermutationResult result =
      PermuteMeanDifference(Values{1, 2, 3, 4, 5, 6}, Groups{0, 0, 0, 1, 1, 1},
                            {}, {.permutations = 40000, .threads = 1});
  EXPECT_NEAR(result.statistic, 3, 1e-12);
  EXPECT_NEAR(result.p, 0.1, 4 * std::sqrt(0.1 * 0.9 / 40000));
}

// Clusters {1, 2}, {3}, {4, 5, 6}, {8} with the last two in group 1: |23 / 4 -
// 6 / 3| = 3.75. Of the 6 ways to choose two clusters only this one and its
// mirror image reach it; the next is 1.9.
TEST(PermuteMeanDifference, PermutesWholeClusters) {
  const PermutationResult result = PermuteMeanDifference(
      Values{1, 2, 3, 4, 5, 6, 8}, Groups{0, 0, 0, 1, 1, 1, 1},
      Ids{70, 70, 3, 9, 9, 9, 12}, {.permutations = 40000, .threads = 1});
  EXPECT_NEAR(result.statistic, 3.75, 1e-12);
  EXPECT_NEAR(result.p, 2 / 6.0, 4 * std::sqrt(2 / 9.0 / 40000));
}

// p by listing every choice of the rows of group 1.
double ExactP(const Values& values, uint32_t chosen) {
  const auto statistic = [&](uint32_t rows) {
    double sum[2] = {};
    double count[2] = {};
    for (size_t i = 0; i < values.size(); ++i) {
      sum[rows >> i & 1] += values[i];
      ++count[rows >> i & 1];
    }
    return std::abs(sum[1] / count[1] - sum[0] / count[0]);
  };
  double choices = 0;
  double extreme = 0;
  for (uint32_t rows = 1; rows + 1 < 1u << values.size(); ++rows) {
    if (std::popcount(rows) != std::popcount(chosen)) continue;
    ++choices;
    extreme += statistic(rows) >= statistic(chosen) - 1e-9;
  }
  return extreme / choices;
}

// With many ties between sums, and with none; groups of 1 + 5, 2 + 4 and
// 3 + 3; 62 choices each, so 4.5 standard errors.
TEST(PermuteMeanDifference, DrawsEveryChoiceEquallyOften) {
  for (const Values& values :
       {Values{0.1, 0.2, 0.3, 0.4, 0.5, 0.6}, Values{1, 2, 4, 8, 16, 32}}) {
    for (uint32_t chosen = 1; chosen < 63; ++chosen) {
      Groups groups;
      for (size_t i = 0; i < 6; ++i) groups.push_back(chosen >> i & 1);
      const double p =
          PermuteMeanDifference(values, groups, {},
                                {.permutations = 20000, .threads = 1})
              .p;
      const double exact = ExactP(values, chosen);
      EXPECT_NEAR(p, exact, 4.5 * std::sqrt(exact * (1 - exact) / 20000) + 1e-4)
          << "rows " << chosen;
    }
  }
}

TEST(PermuteMeanDifference, DoesNotCareHowRowsAreOrderedOrGroupsNamed) {
  const Values values = {0.3, 0.9, 0.1, 0.4, 0.8};
  const Groups groups = {0, 1, 0, 0, 1};
  const Groups swapped = {1, 0, 1, 1, 0};
  const PermutationOptions options{.permutations = 499, .threads = 1};
  const PermutationResult one =
      PermuteMeanDifference(values, groups, {}, options);
  const PermutationResult two =
      PermuteMeanDifference(values, swapped, {}, options);
  EXPECT_DOUBLE_EQ(one.statistic, two.statistic);
}

TEST(PermuteMeanDifference, IsOneWhenAllValuesAreEqual) {
  const PermutationResult result =
      PermuteMeanDifference(Values(60, 0.1),
                            [] {
                              Groups groups(60);
                              for (size_t i = 0; i < groups.size(); ++i)
                                groups[i] = i % 3 == 0;
                              return groups;
                            }(),
                            {}, {.permutations = 199, .threads = 1});
  EXPECT_NEAR(result.statistic, 0, 1e-15);
  EXPECT_EQ(result.p, 1);
}

TEST(PermuteMeanDifference, IsNeverZero) {
  Values values(200);
  Groups groups(200);
  for (size_t i = 0; i < values.size(); ++i) {
    groups[i] = i % 2;
    values[i] = groups[i] * 10.0 + 0.001 * i;
  }
  EXPECT_EQ(PermuteMeanDifference(values, groups, {},
                                  {.permutations = 999, .threads = 1})
                .p,
            1.0 / 1000);
}

TEST(PermuteMeanDifference, GivesTheSameBytesForAnyNumberOfThreads) {
  RandomStream random(1, "permutation test");
  Values values(300);
  Groups groups(300);
  Ids clusters(300);
  for (size_t i = 0; i < values.size(); ++i) {
    clusters[i] = static_cast<uint32_t>(i / 3);
    groups[i] = (i / 3) % 2;
    values[i] = random.NextNormal() + 0.15 * groups[i];
  }
  const auto p = [&](int threads, uint64_t seed) {
    return PermuteMeanDifference(
               values, groups, clusters,
               {.permutations = 1000, .seed = seed, .threads = threads})
        .p;
  };
  EXPECT_EQ(p(1, 5), p(3, 5));
  EXPECT_NE(p(1, 5), p(1, 6));
}

// Distance of a sample of p-values from the uniform distribution.
double KolmogorovSmirnov(Values p) {
  std::sort(p.begin(), p.end());
  const double n = static_cast<double>(p.size());
  double distance = 0;
  for (size_t i = 0; i < p.size(); ++i) {
    distance = std::max({distance, (i + 1) / n - p[i], p[i] - i / n});
  }
  return distance;
}

// 400 data sets without a difference, 199 permutations: p is uniform on
// {1/200, ..., 1}. 1.95 / sqrt(400) is passed once in 1000 runs.
TEST(PermuteMeanDifference, GivesUniformPValuesUnderTheNull) {
  RandomStream random(1, "permutation test");
  Values p;
  for (int i = 0; i < 400; ++i) {
    Values values(40);
    Groups groups(40);
    for (size_t j = 0; j < values.size(); ++j) {
      groups[j] = j < 12;
      values[j] = std::exp(random.NextNormal());
    }
    p.push_back(PermuteMeanDifference(values, groups, {},
                                      {.permutations = 199,
                                       .seed = static_cast<uint64_t>(i),
                                       .threads = 1})
                    .p);
  }
  EXPECT_LT(KolmogorovSmirnov(p), 1.95 / std::sqrt(400.0) + 1.0 / 200);
}

// 30 patients with 8 images each, the value mostly a property of the patient,
// no difference between the groups. Whole clusters keep the level of 5 %;
// permuting images as if independent finds a difference in about half.
TEST(PermuteMeanDifference, KeepsItsLevelForClustersWhereRowsWouldNot) {
  RandomStream random(1, "cluster permutation test");
  constexpr int kSets = 400;
  int by_cluster = 0;
  int by_row = 0;
  for (int set = 0; set < kSets; ++set) {
    Values values;
    Groups groups;
    Ids clusters;
    for (uint32_t patient = 0; patient < 30; ++patient) {
      const double level = random.NextNormal();
      for (int image = 0; image < 8; ++image) {
        values.push_back(level + 0.3 * random.NextNormal());
        groups.push_back(patient % 2);
        clusters.push_back(patient);
      }
    }
    const PermutationOptions options{
        .permutations = 199, .seed = static_cast<uint64_t>(set), .threads = 1};
    by_cluster +=
        PermuteMeanDifference(values, groups, clusters, options).p <= 0.05;
    by_row += PermuteMeanDifference(values, groups, {}, options).p <= 0.05;
  }
  EXPECT_NEAR(by_cluster / double{kSets}, 0.05,
              3.5 * std::sqrt(0.05 * 0.95 / kSets));
  EXPECT_GT(by_row / double{kSets}, 0.3);
}

TEST(PermuteClusters, EqualsTheMeanDifferenceForThatStatistic) {
  const Values values = {0.2, 0.5, 0.1, 0.9, 0.7, 0.3, 0.8, 0.95};
  const Groups groups = {0, 0, 0, 1, 1, 0, 1, 1};
  const Ids ids(groups.begin(), groups.end());
  const auto statistic = [&](std::span<const uint32_t> g) {
    double sum[2] = {};
    double count[2] = {};
    for (size_t i = 0; i < g.size(); ++i) {
      sum[g[i]] += values[i];
      ++count[g[i]];
    }
    return std::abs(sum[0] / count[0] - sum[1] / count[1]);
  };
  const PermutationOptions options{.permutations = 20000, .threads = 1};
  const PermutationResult general = PermuteClusters(ids, statistic, options);
  const PermutationResult special =
      PermuteMeanDifference(values, groups, {}, options);
  EXPECT_NEAR(general.statistic, special.statistic, 1e-12);
  EXPECT_NEAR(general.p, special.p,
              5 * std::sqrt(2 * special.p * (1 - special.p) / 20000));
}

// 4! / 2! = 12 arrangements of these groups, each 1000 times in 12,000.
TEST(PermuteClusters, DrawsEveryArrangementEquallyOften) {
  const Ids groups = {0, 0, 1, 2};
  std::map<Ids, int> seen;
  const auto look = [&](std::span<const uint32_t> g) {
    ++seen[Ids(g.begin(), g.end())];
    return 0.0;
  };
  PermuteClusters(groups, look, {.permutations = 11999, .threads = 1});
  EXPECT_EQ(seen.size(), 12u);
  for (const auto& [arrangement, count] : seen) {
    EXPECT_TRUE(std::is_permutation(arrangement.begin(), arrangement.end(),
                                    groups.begin()));
    EXPECT_NEAR(count, 1000, 4 * std::sqrt(1000 * 11 / 12.0));
  }
}

TEST(PermuteClusters, CountsAPermutationWithoutAValueAsExtreme) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const Ids groups = {0, 1, 0, 1};
  const auto only_as_given = [&](std::span<const uint32_t> g) {
    return std::equal(g.begin(), g.end(), groups.begin()) ? 1.0 : nan;
  };
  EXPECT_EQ(PermuteClusters(groups, only_as_given, {.permutations = 99}).p, 1);
  const auto never = [&](std::span<const uint32_t>) { return nan; };
  EXPECT_TRUE(
      std::isnan(PermuteClusters(groups, never, {.permutations = 99}).p));
}

std::string MessageOf(const Values& values, const Groups& groups,
                      const Ids& clusters,
                      const PermutationOptions& options = {}) {
  try {
    PermuteMeanDifference(values, groups, clusters, options);
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kInvalidInput);
    return error.what();
  }
  return "no error";
}

TEST(PermuteMeanDifference, SaysWhatItFoundWhenItCannotPermute) {
  EXPECT_EQ(MessageOf({1, 2, 3}, {0, 1, 1}, {7, 7, 8}),
            "cluster 7 has rows of both groups; a permutation of whole "
            "clusters needs one group a cluster");
  EXPECT_EQ(MessageOf({1, 2}, {1, 1}, {}),
            "a permutation test needs rows in both groups, found none in "
            "group 0");
  EXPECT_EQ(MessageOf({}, {}, {}),
            "a permutation test needs rows in both groups, found none in "
            "group 0");
  EXPECT_EQ(MessageOf({1, 2}, {0, 3}, {}),
            "a permutation test compares the groups 0 and 1, found group 3 in "
            "row 1");
  EXPECT_EQ(MessageOf({1, std::nan("")}, {0, 1}, {}),
            "value 1 of a permutation test is not a finite number; leave such "
            "rows out");
  EXPECT_EQ(MessageOf({1, 2}, {0}, {}),
            "a permutation test needs one group and one cluster a value, "
            "found 2 values, 1 groups and 0 clusters");
  EXPECT_EQ(MessageOf({1, 2}, {0, 1}, {}, {.permutations = 0}),
            "a permutation test needs at least 1 permutation, found 0");
}

}  // namespace
}  // namespace plumbline
