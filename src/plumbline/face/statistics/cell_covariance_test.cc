#include "plumbline/face/statistics/cell_covariance.h"

#include <gtest/gtest.h>

#include <cmath>
#include <map>

#include "plumbline/base/random.h"
#include "plumbline/base/thread_pool.h"
#include "plumbline/face/engine/pair_table.h"
#include "plumbline/face/statistics/rates.h"

namespace plumbline::face {
namespace {

struct Example {
  SubjectGroups groups{.groups = 2, .of_subject = {}};
  ImpostorScores scores;
  std::vector<Hit> hits;
  ImpostorCounts counts;
};

// Everybody against everybody. `both`: in either direction, with a score of its
// own that is alike in part.
Example People(uint32_t subjects, bool both, double share, uint64_t seed) {
  RandomStream random(seed, "cell_covariance_test");
  Example example;
  std::vector<double> effect(subjects);
  for (uint32_t i = 0; i < subjects; ++i) {
    effect[i] = std::sqrt(share) * random.NextNormal();
    example.groups.of_subject.push_back(i % 2);
  }
  for (uint32_t i = 0; i < subjects; ++i) {
    for (uint32_t j = i + 1; j < subjects; ++j) {
      const double pair = 0.8 * random.NextNormal();
      for (int turned = 0; turned < (both ? 2 : 1); ++turned) {
        example.scores.reference.push_back(turned ? j : i);
        example.scores.probe.push_back(turned ? i : j);
        example.scores.score.push_back(effect[i] + effect[j] + pair +
                                       0.6 * random.NextNormal());
      }
    }
  }
  const PairTable pairs(example.scores);
  example.counts = CountImpostors(pairs, example.groups);
  example.hits = HitsAtOrAbove(example.scores, pairs, 2, 1);
  return example;
}

// By its definition, pair by pair: two comparisons go together if they share a
// person.
double ByDefinition(const Example& example, CellPlace a, CellPlace b) {
  struct Sums {
    double hits = 0;
    double comparisons = 0;
  };
  const auto rate = [&](CellPlace cell) {
    Sums sums;
    for (int64_t i = 0; i < example.scores.size(); ++i) {
      if (example.groups.of_subject[example.scores.reference[i]] !=
              static_cast<uint32_t>(cell.reference) ||
          example.groups.of_subject[example.scores.probe[i]] !=
              static_cast<uint32_t>(cell.probe)) {
        continue;
      }
      sums.hits += example.scores.score[i] >= 2;
      ++sums.comparisons;
    }
    return sums;
  };
  const Sums of_a = rate(a);
  const Sums of_b = rate(b);
  std::map<std::pair<uint32_t, uint32_t>, std::pair<double, double>> pairs;
  for (int64_t i = 0; i < example.scores.size(); ++i) {
    const uint32_t r = example.scores.reference[i];
    const uint32_t p = example.scores.probe[i];
    const auto in = [&](CellPlace cell) {
      return example.groups.of_subject[r] ==
                 static_cast<uint32_t>(cell.reference) &&
             example.groups.of_subject[p] == static_cast<uint32_t>(cell.probe);
    };
    const bool hit = example.scores.score[i] >= 2;
    auto& pair = pairs[{std::min(r, p), std::max(r, p)}];
    if (in(a)) pair.first += hit - of_a.hits / of_a.comparisons;
    if (in(b)) pair.second += hit - of_b.hits / of_b.comparisons;
  }
  double sum = 0;
  for (const auto& [ij, x] : pairs) {
    for (const auto& [kl, y] : pairs) {
      const bool shares = ij.first == kl.first || ij.first == kl.second ||
                          ij.second == kl.first || ij.second == kl.second;
      if (shares) sum += x.first * y.second;
    }
  }
  return sum / (of_a.comparisons * of_b.comparisons);
}

TEST(CellCovariance, IsThatOfItsDefinition) {
  const Example example = People(24, true, 0.5, 1);
  const CellCovariance covariance(example.counts, example.groups, example.hits);
  const CellPlace cells[] = {{0, 0}, {0, 1}, {1, 0}, {1, 1}};
  for (const CellPlace& a : cells) {
    for (const CellPlace& b : cells) {
      if (&a == &b) continue;
      EXPECT_NEAR(covariance.Of(a, b).all, ByDefinition(example, a, b), 1e-12)
          << a.reference << a.probe << b.reference << b.probe;
    }
  }
  EXPECT_EQ(covariance.Of({0, 0}, {1, 1}).all, 0);
}

// Over many draws: spread of ln(cross / within) and ln(one direction / other)
// against their standard errors, with the covariance and without.
TEST(CellCovariance, GivesTheSpreadOfRatios) {
  constexpr int kDraws = 300;
  struct Draw {
    double cross, cross_se, cross_plain, turned, turned_se, turned_plain;
  };
  std::vector<Draw> draws(kDraws);
  ParallelFor(kDraws, 0, [&](int64_t i) {
    const Example example = People(120, true, 0.6, 50 + i);
    const CellCovariance covariance(example.counts, example.groups,
                                    example.hits);
    const FalseMatchRates rates = EstimateFalseMatchRates(
        example.counts, example.groups, example.hits, 0.95);
    const auto ratio = [&](CellPlace a, CellPlace b, bool with) {
      return RatioOfSharedRates(
          rates.cell(a.reference, a.probe), rates.cell(b.reference, b.probe),
          with ? covariance.Of(a, b) : SharedCovariance{}, 0.95);
    };
    const RatioEstimate cross = ratio({0, 1}, {0, 0}, true);
    const RatioEstimate turned = ratio({0, 1}, {1, 0}, true);
    draws[i] = {std::log(cross.value),
                cross.log_standard_error,
                ratio({0, 1}, {0, 0}, false).log_standard_error,
                std::log(turned.value),
                turned.log_standard_error,
                ratio({0, 1}, {1, 0}, false).log_standard_error};
  });
  const auto spread = [&](double Draw::*value) {
    double mean = 0, squares = 0;
    for (const Draw& draw : draws) mean += draw.*value / kDraws;
    for (const Draw& draw : draws) {
      squares += (draw.*value - mean) * (draw.*value - mean) / (kDraws - 1);
    }
    return std::sqrt(squares);
  };
  const auto mean = [&](double Draw::*value) {
    double sum = 0;
    for (const Draw& draw : draws) sum += draw.*value / kDraws;
    return sum;
  };
  EXPECT_NEAR(mean(&Draw::cross_se) / spread(&Draw::cross), 1, 0.2);
  EXPECT_NEAR(mean(&Draw::turned_se) / spread(&Draw::turned), 1, 0.2);
  EXPECT_GT(mean(&Draw::cross_plain) / spread(&Draw::cross), 1.2);
  EXPECT_GT(mean(&Draw::turned_plain) / spread(&Draw::turned), 2);
  printf(
      "cross: spread %.3f, with %.3f, without %.3f; turned: %.3f, %.3f, "
      "%.3f\n",
      spread(&Draw::cross), mean(&Draw::cross_se), mean(&Draw::cross_plain),
      spread(&Draw::turned), mean(&Draw::turned_se), mean(&Draw::turned_plain));
}

TEST(CellCovariance, NeedsComparisonsInBothCells) {
  const Example example = People(10, false, 0.5, 2);
  Example none = example;
  none.counts.comparisons[1] = 0;
  EXPECT_TRUE(std::isnan(
      CellCovariance(none.counts, none.groups, {}).Of({0, 1}, {0, 0}).all));
}

}  // namespace
}  // namespace plumbline::face
