#include "plumbline/face/engine/det.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <vector>

#include "plumbline/base/random.h"

namespace plumbline::face {
namespace {

TEST(MakeDetCurve, IsExactAtEveryPoint) {
  RandomStream random(1, "det_test");
  std::vector<double> impostor(5000), genuine(700);
  for (double& score : impostor) score = random.NextNormal();
  for (double& score : genuine) score = 2 + random.NextNormal();
  const DetCurve curve = MakeDetCurve(impostor, genuine, 50);
  ASSERT_GE(curve.points.size(), 30u);
  ASSERT_LE(curve.points.size(), 51u);
  for (const DetPoint& point : curve.points) {
    double accepted = 0, rejected = 0;
    for (const double score : impostor) accepted += score >= point.threshold;
    for (const double score : genuine) rejected += score < point.threshold;
    EXPECT_EQ(point.fmr, accepted / 5000);
    EXPECT_EQ(point.fnmr, rejected / 700);
  }
  EXPECT_EQ(curve.points.front().fmr, 1 / 5000.0);
  EXPECT_EQ(curve.points.back().fmr, 1);
  // Normal scores two standard deviations apart: both rates are Phi(-1).
  EXPECT_NEAR(curve.eer, 0.5 * std::erfc(1 / std::sqrt(2.0)), 0.02);
}

TEST(MakeDetCurve, FindsTheObservedThresholdWhereTheRatesDifferLeast) {
  // At 3: FMR 1/4, FNMR 1/4.
  const std::vector<double> impostor = {0, 1, 2, 3};
  const std::vector<double> genuine = {2.5, 3, 4, 5};
  const DetCurve curve = MakeDetCurve(impostor, genuine, 10);
  EXPECT_EQ(curve.eer_threshold, 3);
  EXPECT_EQ(curve.eer, 0.25);
}

TEST(MakeDetCurve, OfTheHighestAndAllOthersIsThatOfAll) {
  std::vector<double> impostor, genuine;
  for (int i = 0; i < 1000; ++i) {
    impostor.push_back(std::sin(i) + i % 7 * 0.1);
    genuine.push_back(std::cos(i) + 0.9);
  }
  const DetCurve whole = MakeDetCurve(impostor, genuine, 1000);
  std::vector<double> highest, body;
  for (const double score : impostor) {
    (score >= 1.2 ? highest : body).push_back(score);
  }
  const DetCurve parts = MakeDetCurve(highest, 1000, body, genuine, 2000);
  EXPECT_NEAR(parts.eer, whole.eer, 1e-12);
  EXPECT_EQ(parts.eer_threshold, whole.eer_threshold);
  ASSERT_FALSE(parts.points.empty());
  EXPECT_EQ(parts.points.front().threshold, whole.points.front().threshold);
  EXPECT_NEAR(parts.points.back().fmr, 1, 1e-12);
  for (const DetPoint& point : parts.points) {
    int accepted = 0;
    for (const double score : impostor) accepted += score >= point.threshold;
    EXPECT_NEAR(point.fmr, accepted / 1000.0, 1e-12);
  }
}

TEST(MakeDetCurve, IsEmptyWithoutScoresOfOneKind) {
  EXPECT_TRUE(MakeDetCurve({}, std::vector<double>{1}, 10).points.empty());
}

TEST(DPrime, IsTheDistanceInStandardDeviations) {
  const std::vector<double> impostor = {
      0, 2, -std::numeric_limits<double>::infinity()};
  const std::vector<double> genuine = {10, 12};
  const ScoreSummary a = Summarise(impostor);
  EXPECT_EQ(a.n, 2);
  EXPECT_EQ(a.mean, 1);
  EXPECT_DOUBLE_EQ(a.sd, std::sqrt(2.0));
  EXPECT_DOUBLE_EQ(DPrime(a, Summarise(genuine)), 10 / std::sqrt(2.0));
}

}  // namespace
}  // namespace plumbline::face
