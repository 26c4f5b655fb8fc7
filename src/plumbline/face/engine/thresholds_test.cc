#include "plumbline/face/engine/thresholds.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <vector>

#include "plumbline/base/error.h"
#include "plumbline/base/random.h"

namespace plumbline::face {
namespace {

constexpr double kInf = std::numeric_limits<double>::infinity();

FmrThreshold At(const std::vector<double>& scores, double target) {
  return ThresholdsAtFmr(scores, std::vector<double>{target}, 1)[0];
}

// Sort, and take the lowest observed score at which few enough are accepted.
double BySorting(std::vector<double> scores, double target) {
  std::sort(scores.begin(), scores.end(), std::greater<>());
  double found = kInf;
  for (size_t i = 0; i < scores.size(); ++i) {
    size_t end = i + 1;
    while (end < scores.size() && scores[end] == scores[i]) ++end;
    if (static_cast<double>(end) / static_cast<double>(scores.size()) >
        target) {
      break;
    }
    if (std::isfinite(scores[i])) found = scores[i];
    i = end - 1;
  }
  return found;
}

// Cases of bob.measure's own tests (commit b58fe75).
TEST(ThresholdsAtFmr, TreatsTiesAndEndsAsTheCasesOfBobMeasure) {
  const std::vector<double> tied = {0.5, 0.6, 0.7, 0.8, 0.9, 1, 1, 1, 1};
  EXPECT_EQ(At(tied, 0.5).value, 1);
  EXPECT_FALSE(At(tied, 0.4).reachable);
  EXPECT_EQ(At(tied, 0.4).value, kInf);
  const std::vector<double> ten = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9};
  EXPECT_FALSE(At(ten, 0.09).reachable);
  EXPECT_EQ(At(ten, 0.11).value, 9);
  EXPECT_EQ(At(ten, 0.91).value, 1);
}

TEST(ThresholdsAtFmr, ATargetThatIsMetExactlyIsMet) {
  const std::vector<double> ten = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9};
  for (int i = 1; i < 10; ++i) {
    const FmrThreshold threshold = At(ten, i / 10.0);
    EXPECT_EQ(threshold.value, 10 - i);
    EXPECT_EQ(threshold.accepted, i);
    EXPECT_EQ(threshold.achieved, i / 10.0);
  }
}

TEST(ThresholdsAtFmr, EqualsSorting) {
  RandomStream random(7, "thresholds_test");
  const std::vector<double> targets = {1e-5, 1e-4, 1e-3, 0.01, 0.1, 0.5, 0.99};
  for (int kind = 0; kind < 4; ++kind) {
    std::vector<double> scores(200'000);
    for (double& score : scores) {
      score = random.NextNormal();
      if (kind == 1) score = std::round(score * 4) / 4;  // ties, -0 and 0
      if (kind == 2) score *= 5e-324;                    // denormal
      if (kind == 3 && random.NextBelow(20) == 0) score = -kInf;
      if (kind == 3 && random.NextBelow(2000) == 0) score = kInf;
    }
    for (const int threads : {1, 2, 7}) {
      const auto found = ThresholdsAtFmr(scores, targets, threads);
      for (size_t i = 0; i < targets.size(); ++i) {
        EXPECT_EQ(found[i].value, BySorting(scores, targets[i]))
            << kind << " " << targets[i];
        EXPECT_EQ(
            found[i].accepted,
            std::count_if(scores.begin(), scores.end(), [&](double score) {
              return score >= found[i].value;
            }));
      }
    }
  }
}

TEST(ThresholdsAtFmr, NegatedScoresMirrorDistances) {
  RandomStream random(8, "thresholds_test");
  std::vector<double> scores(10'000);
  for (double& score : scores) score = -random.NextUniform();
  const double threshold = At(scores, 0.01).value;
  EXPECT_EQ(std::count_if(scores.begin(), scores.end(),
                          [&](double score) { return -score <= -threshold; }),
            100);
}

TEST(ThresholdsAtFmr, RefusesNoScoresAndTargetsThatAreNoRates) {
  EXPECT_THROW(At({}, 0.1), Error);
  EXPECT_THROW(At({1, 2}, 0), Error);
  EXPECT_THROW(At({1, 2}, 1), Error);
}

}  // namespace
}  // namespace plumbline::face
