#include "plumbline/cohort/study_scores.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "plumbline/base/test_support.h"

namespace plumbline {
namespace {

constexpr double kMissing = std::numeric_limits<double>::quiet_NaN();

// Study 0: 0.1 0.9 0.5 0.7 and a missing one; study 1: 0.2; study 2: none.
const std::vector<int32_t> kStudy = {0, 1, 0, 0, 0, 0};
const std::vector<double> kScore = {0.1, 0.2, 0.9, kMissing, 0.5, 0.7};

std::vector<StudyScore> By(const char* how) {
  return AggregateStudyScores(kStudy, kScore, 3, ParseStudyAggregation(how));
}

TEST(StudyScores, AreTheMeanUnlessToldOtherwise) {
  const auto scores = AggregateStudyScores(kStudy, kScore, 3);
  EXPECT_DOUBLE_EQ(scores[0].score, 0.55);
  EXPECT_DOUBLE_EQ(scores[1].score, 0.2);
}

TEST(StudyScores, CountMissingSlicesAndGiveNoScoreWithoutAny) {
  const auto scores = By("mean");
  EXPECT_EQ(scores[0].slices, 4);
  EXPECT_EQ(scores[0].missing, 1);
  EXPECT_EQ(scores[2].slices, 0);
  EXPECT_TRUE(std::isnan(scores[2].score));
}

TEST(StudyScores, KnowSixWays) {
  EXPECT_DOUBLE_EQ(By("median")[0].score, 0.6);
  EXPECT_DOUBLE_EQ(By("maximum")[0].score, 0.9);
  EXPECT_DOUBLE_EQ(By("top-mean=2")[0].score, 0.8);
  EXPECT_DOUBLE_EQ(By("top-mean=9")[0].score, 0.55);
  EXPECT_DOUBLE_EQ(By("vote-share")[0].score, 0.75);
  EXPECT_DOUBLE_EQ(By("majority")[0].score, 1.0);
  EXPECT_DOUBLE_EQ(By("majority")[1].score, 0.0);
  EXPECT_DOUBLE_EQ(By("majority=0.6")[0].score, 0.5);
}

TEST(StudyScores, DoNotDependOnTheOrderOfSlices) {
  std::vector<int32_t> study(101, 0);
  std::vector<double> score;
  for (int i = 0; i < 101; ++i) score.push_back(std::sin(i * 1.7) / 3);
  const double forward =
      AggregateStudyScores(study, score, 1, {}).front().score;
  std::reverse(score.begin(), score.end());
  EXPECT_EQ(AggregateStudyScores(study, score, 1, {}).front().score, forward);
}

TEST(StudyScores, SayWhichWaysThereAre) {
  for (const char* wrong :
       {"average", "top-mean=0", "mean=3", "top-mean=1.5", "majority=x", ""}) {
    EXPECT_EQ(ErrorText([&] { ParseStudyAggregation(wrong); }),
              "2: \"" + std::string(wrong) +
                  "\" is no way to make one score of a study's slices; "
                  "expected mean, median, maximum, top-mean=K, vote-share=T or "
                  "majority=T");
  }
}

}  // namespace
}  // namespace plumbline
