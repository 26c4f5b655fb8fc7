#include "plumbline/stats/calibration.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "plumbline/base/random.h"
#include "plumbline/base/test_support.h"
#include "plumbline/stats/golden_intervals_for_test.h"

namespace plumbline {
namespace {

void ExpectFit(const CalibrationFit& found, const Json& expected) {
  EXPECT_TRUE(found.converged);
  for (const auto& [name, value] : {std::pair{"slope", found.slope},
                                    {"slope_se", found.slope_se},
                                    {"intercept", found.intercept},
                                    {"intercept_se", found.intercept_se}}) {
    EXPECT_NEAR(value, expected[name], 1e-9) << name;
  }
}

TEST(FitCalibration, EqualsStatsmodelsWithAndWithoutClusters) {
  for (const Json& row : IntervalsGolden("calibration")) {
    const std::vector<double> scores = Doubles(row["scores"]);
    const std::vector<uint8_t> labels = Labels(row["labels"]);
    ExpectFit(FitCalibration(scores, labels, Clusters(row["clusters"])),
              row["clustered"]);
    ExpectFit(FitCalibration(scores, labels, {}), row["independent"]);
  }
}

TEST(SpiegelhalterZ, IsTheStandardisedExcessOfTheBrierScore) {
  for (const Json& row : IntervalsGolden("calibration")) {
    EXPECT_NEAR(SpiegelhalterZ(Doubles(row["scores"]), Labels(row["labels"])),
                row["spiegelhalter"], 1e-10);
  }
}

struct Sample {
  std::vector<double> scores;
  std::vector<uint8_t> labels;
};

double Expit(double x) { return 1 / (1 + std::exp(-x)); }

// Labels drawn with probability expit(slope * logit(score) + shift).
Sample Draw(int rows, double slope, double shift) {
  RandomStream random(9, "calibration test");
  Sample sample;
  for (int i = 0; i < rows; ++i) {
    const double logit = 1.5 * random.NextNormal();
    sample.scores.push_back(Expit(logit));
    sample.labels.push_back(random.NextUniform() <
                            Expit(slope * logit + shift));
  }
  return sample;
}

// Bounds of 5 standard errors.
TEST(FitCalibration, FindsTheSlopeThatWasPlanted) {
  for (const double slope : {0.4, 1.0, 2.5}) {
    const Sample sample = Draw(20000, slope, 0);
    const CalibrationFit fit = FitCalibration(sample.scores, sample.labels, {});
    EXPECT_NEAR(fit.slope, slope, 5 * fit.slope_se);
    EXPECT_LT(fit.slope_se, 0.05);
  }
  const Sample shifted = Draw(20000, 1, 0.7);
  const CalibrationFit fit = FitCalibration(shifted.scores, shifted.labels, {});
  EXPECT_NEAR(fit.intercept, 0.7, 5 * fit.intercept_se);
  EXPECT_NEAR(fit.slope, 1, 5 * fit.slope_se);
}

TEST(FitCalibration, IsNotFooledByCopiesOfTheSameRow) {
  const Sample once = Draw(500, 0.8, 0.2);
  Sample copies;
  std::vector<uint32_t> clusters;
  for (uint32_t i = 0; i < 500; ++i) {
    for (int copy = 0; copy < 3; ++copy) {
      copies.scores.push_back(once.scores[i]);
      copies.labels.push_back(once.labels[i]);
      clusters.push_back(i);
    }
  }
  const CalibrationFit truth = FitCalibration(once.scores, once.labels, {});
  const CalibrationFit fit =
      FitCalibration(copies.scores, copies.labels, clusters);
  EXPECT_NEAR(fit.slope, truth.slope, 1e-10);
  EXPECT_NEAR(fit.slope_se, truth.slope_se, 1e-10);
  EXPECT_NEAR(fit.intercept_se, truth.intercept_se, 1e-10);
}

// Plain Newton steps overshoot here. 500 rows each with score 0, of which 20 %
// are positive, and score 1, of which 90 % are.
TEST(FitCalibration, ConvergesOnScoresThatAreWildlyOverconfident) {
  std::vector<double> scores;
  std::vector<uint8_t> labels;
  for (int i = 0; i < 1000; ++i) {
    scores.push_back(i % 2);
    labels.push_back(i % 20 == 0 || i % 20 == 2 || (i % 2 && i % 20 != 1));
  }
  const CalibrationFit fit = FitCalibration(scores, labels, {});
  ASSERT_TRUE(fit.converged);
  const auto logit = [](double p) { return std::log(p / (1 - p)); };
  const double clipped = -logit(1e-12);
  // Two score values: the fit passes through both observed rates.
  EXPECT_NEAR(fit.slope, (logit(0.9) - logit(0.2)) / (2 * clipped), 1e-9);
  // At slope 1 the upper half stays at 1, so the lower half must give the other
  // 50 positives.
  EXPECT_NEAR(fit.intercept, logit(0.1) + clipped, 1e-3);
}

// The likelihood is flat to the last digit between the two scores.
TEST(FitCalibration, HasNoInterceptWhereAllScoresAreCertain) {
  const CalibrationFit fit =
      FitCalibration(std::vector<double>{0, 0, 0, 1, 1, 1},
                     std::vector<uint8_t>{0, 0, 1, 0, 1, 1}, {});
  EXPECT_FALSE(fit.converged);
  EXPECT_TRUE(std::isnan(fit.intercept));
  EXPECT_FALSE(std::isnan(fit.slope));
}

TEST(FitCalibration, FindsTheInterceptOfOneConstantScore) {
  std::vector<uint8_t> labels(100, 0);
  std::fill(labels.begin(), labels.begin() + 20, 1);
  for (const double score : {0.5, 1e-12, 0.2, 1.0}) {
    const CalibrationFit fit =
        FitCalibration(std::vector<double>(100, score), labels, {});
    const double limit = std::log((1 - 1e-12) / 1e-12);
    const double logit = std::log(score / (1 - score));
    EXPECT_NEAR(fit.intercept,
                std::log(0.2 / 0.8) - std::clamp(logit, -limit, limit), 1e-9);
    EXPECT_FALSE(fit.converged);
    EXPECT_TRUE(std::isnan(fit.slope));
    EXPECT_TRUE(std::isnan(fit.slope_se));
  }
}

TEST(FitCalibration, HasNoSlopeWhenTheScoresSeparateTheClasses) {
  const std::vector<uint8_t> labels{0, 0, 1, 1};
  for (const auto& scores :
       {std::vector<double>{0.1, 0.2, 0.7, 0.9},     // complete
        std::vector<double>{0.1, 0.4, 0.4, 0.9},     // all but a tie
        std::vector<double>{0.9, 0.8, 0.3, 0.1}}) {  // the wrong way round
    const CalibrationFit fit = FitCalibration(scores, labels, {});
    EXPECT_FALSE(fit.converged);
    EXPECT_TRUE(std::isnan(fit.slope));
    EXPECT_FALSE(std::isnan(fit.intercept));
  }
}

TEST(FitCalibration, HasNothingToFitInOneClassOrNoRows) {
  const CalibrationFit fit = FitCalibration(std::vector<double>{0.1, 0.9},
                                            std::vector<uint8_t>{1, 1}, {});
  EXPECT_FALSE(fit.converged);
  EXPECT_TRUE(std::isnan(fit.slope));
  EXPECT_TRUE(std::isnan(fit.intercept));
  EXPECT_FALSE(FitCalibration({}, {}, {}).converged);
}

TEST(FitCalibration, HasNoStandardErrorFromOneSubject) {
  const Sample sample = Draw(50, 1, 0);
  const CalibrationFit fit = FitCalibration(sample.scores, sample.labels,
                                            std::vector<uint32_t>(50, 3));
  EXPECT_TRUE(fit.converged);
  EXPECT_TRUE(std::isnan(fit.slope_se));
  EXPECT_TRUE(std::isnan(fit.intercept_se));
}

TEST(SpiegelhalterZ, IsInfiniteWhenACertainScoreIsWrong) {
  const std::vector<double> certain{0, 1, 1};
  EXPECT_GT(SpiegelhalterZ(certain, std::vector<uint8_t>{0, 1, 0}), 1e300);
  EXPECT_TRUE(
      std::isnan(SpiegelhalterZ(certain, std::vector<uint8_t>{0, 1, 1})));
}

TEST(Calibration, SaysWhatIsWrongWithItsInput) {
  const std::vector<uint8_t> labels{0, 1};
  EXPECT_EQ(ErrorText([&] {
              FitCalibration(std::vector<double>{0.5, 1.2}, labels, {});
            }),
            "3: calibration needs probabilities from 0 to 1, found 1.2 at "
            "position 1 (counted from 0)");
  EXPECT_EQ(ErrorText([&] {
              SpiegelhalterZ(std::vector<double>{NAN, 1}, labels);
            }),
            "3: calibration needs probabilities from 0 to 1, found nan at "
            "position 0 (counted from 0)");
  EXPECT_EQ(
      ErrorText([&] { FitCalibration(std::vector<double>{0.5}, labels, {}); }),
      "3: there must be one label for each score, found 2 labels for 1 "
      "scores");
  EXPECT_EQ(ErrorText([&] {
              SpiegelhalterZ(std::vector<double>{0.5, 0.5},
                             std::vector<uint8_t>{0, 3});
            }),
            "3: labels must be 0 or 1, found 3 at position 1 (counted from 0)");
  EXPECT_EQ(ErrorText([&] {
              FitCalibration(std::vector<double>{0.5, 0.5}, labels,
                             std::vector<uint32_t>{1});
            }),
            "3: there must be one cluster id for each score, found 1 for 2 "
            "scores");
}

}  // namespace
}  // namespace plumbline
