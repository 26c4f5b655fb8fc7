#include "plumbline/audit/threshold.h"

#include <gtest/gtest.h>

#include <limits>
#include <vector>

#include "plumbline/base/error.h"
#include "plumbline/base/random.h"

namespace plumbline {
namespace {

constexpr double kNobody = std::numeric_limits<double>::infinity();

std::string Message(const std::string& text) {
  try {
    ParseThresholdRule(text);
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kUsage);
    return error.what();
  }
  return "accepted";
}

TEST(ParseThresholdRule, ReadsEveryRule) {
  EXPECT_EQ(ParseThresholdRule("0.5").kind, ThresholdRuleKind::kFixed);
  EXPECT_EQ(ParseThresholdRule("1").value, 1);
  EXPECT_EQ(ParseThresholdRule("fpr=0.2").kind, ThresholdRuleKind::kFpr);
  EXPECT_EQ(ParseThresholdRule("fpr = 0.2").value, 0.2);
  EXPECT_EQ(ParseThresholdRule("sensitivity=0.9").kind,
            ThresholdRuleKind::kSensitivity);
  EXPECT_EQ(ParseThresholdRule("youden").kind, ThresholdRuleKind::kYouden);
  EXPECT_EQ(ParseThresholdRule("best-f1").kind, ThresholdRuleKind::kBestF1);
  EXPECT_EQ(ParseThresholdRule("top=100").kind, ThresholdRuleKind::kTopCount);
  EXPECT_EQ(ParseThresholdRule("top=5%").kind, ThresholdRuleKind::kTopShare);
  EXPECT_EQ(ParseThresholdRule("top=5%").value, 0.05);
  EXPECT_EQ(ParseThresholdRule("top=5%").text, "top=5%");
}

TEST(ParseThresholdRule, SaysWhatIsWrong) {
  constexpr const char* kRules =
      " a number such as 0.5, fpr=0.2, sensitivity=0.9, youden, best-f1, "
      "top=100 or top=5%";
  EXPECT_EQ(Message("fpr=2"), "--at fpr=2: a rate lies in [0, 1]");
  EXPECT_EQ(Message("fpr=x"), "--at fpr=x: \"x\" is not a number");
  EXPECT_EQ(Message("1.5"),
            "--at 1.5: a threshold is a probability and lies in [0, 1]");
  EXPECT_EQ(Message("best"),
            std::string("--at best: not a threshold rule; did you mean "
                        "\"best-f1\"? Expected") +
                kRules);
  EXPECT_EQ(
      Message("maximal"),
      std::string("--at maximal: not a threshold rule; expected") + kRules);
  EXPECT_EQ(Message("top=0"),
            "--at top=0: expected a whole number of rows, at least 1, or a "
            "share such as top=5%");
  EXPECT_EQ(Message("top=150%"),
            "--at top=150%: a share lies above 0% and at most at 100%");
}

// Scores from 0.9 down to 0.1; positives at 0.9, 0.7, 0.6 and 0.2.
const std::vector<double> kScores = {0.1, 0.2, 0.3, 0.4, 0.5,
                                     0.6, 0.7, 0.8, 0.9};
const std::vector<uint8_t> kLabels = {0, 1, 0, 0, 0, 1, 1, 0, 1};

double Fit(const std::string& rule) {
  return FitThreshold(ParseThresholdRule(rule), kScores, kLabels);
}

TEST(FitThreshold, FlagsScoresAtOrAboveTheThreshold) {
  EXPECT_EQ(Fit("0.35"), 0.35);
  EXPECT_EQ(Fit("fpr=0.2"), 0.6);  // one of five negatives, 0.8
  EXPECT_EQ(Fit("fpr=0.19"), 0.9);
  EXPECT_EQ(Fit("fpr=1"), 0.1);
  EXPECT_EQ(Fit("sensitivity=0.75"), 0.6);
  EXPECT_EQ(Fit("sensitivity=0.76"), 0.2);
  EXPECT_EQ(Fit("sensitivity=0"), kNobody);
  EXPECT_EQ(Fit("youden"), 0.6);   // 3/4 - 1/5
  EXPECT_EQ(Fit("best-f1"), 0.6);  // 3 hits of 4 flagged, 4 positives: 6/8
  EXPECT_EQ(Fit("top=3"), 0.7);
  EXPECT_EQ(Fit("top=100"), 0.1);
  EXPECT_EQ(Fit("top=34%"), 0.7);
  EXPECT_EQ(Fit("top=1%"), kNobody);
}

TEST(FitThreshold, TakesSharesAsWritten) {
  // 0.29 * 100 is 28.999999999999996.
  std::vector<double> scores(100);
  for (int i = 0; i < 100; ++i) scores[i] = i / 100.0;
  const std::vector<uint8_t> labels(100, 0);
  EXPECT_EQ(FitThreshold(ParseThresholdRule("top=29%"), scores, labels), 0.71);
  EXPECT_EQ(FitThreshold(ParseThresholdRule("fpr=0.29"), scores, labels), 0.71);
}

TEST(FitThreshold, NeverFlagsMoreThanAllowedWhenScoresTie) {
  const std::vector<double> scores = {0.9, 0.5, 0.5, 0.5, 0.1};
  const std::vector<uint8_t> labels = {1, 0, 1, 0, 0};
  const auto fit = [&](const char* rule) {
    return FitThreshold(ParseThresholdRule(rule), scores, labels);
  };
  EXPECT_EQ(fit("top=2"), 0.9);
  EXPECT_EQ(fit("top=4"), 0.5);
  EXPECT_EQ(fit("fpr=0.4"), 0.9);
  EXPECT_EQ(fit("fpr=0.67"), 0.5);
}

TEST(FitThreshold, TakesTheHighestOfEquallyGoodThresholds) {
  // Each flagged pair adds a hit and a false alarm: J stays 0 throughout.
  const std::vector<double> scores = {0.8, 0.8, 0.4, 0.4};
  const std::vector<uint8_t> labels = {1, 0, 1, 0};
  EXPECT_EQ(FitThreshold(ParseThresholdRule("youden"), scores, labels),
            kNobody);
}

TEST(FitThreshold, NeedsTheClassThatTheRuleSpeaksOf) {
  const std::vector<double> scores = {0.2, 0.8};
  const auto message = [&](const char* rule,
                           const std::vector<uint8_t>& labels) -> std::string {
    try {
      FitThreshold(ParseThresholdRule(rule), scores, labels);
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::kInvalidInput);
      return error.what();
    }
    return "accepted";
  };
  EXPECT_EQ(message("sensitivity=0.9", {0, 0}),
            "--at sensitivity=0.9: the rows on which the threshold is fitted "
            "have no label 1");
  EXPECT_EQ(message("fpr=0.1", {1, 1}),
            "--at fpr=0.1: the rows on which the threshold is fitted have no "
            "label 0");
  EXPECT_EQ(message("youden", {1, 1}),
            "--at youden: the rows on which the threshold is fitted have no "
            "label 0");
  EXPECT_EQ(message("top=1", {1, 1}), "accepted");
}

// Against trying every threshold, on random tied scores.
TEST(FitThreshold, FindsWhatTryingEveryThresholdFinds) {
  RandomStream random(7, "threshold_test");
  for (int repeat = 0; repeat < 200; ++repeat) {
    const int n = 2 + static_cast<int>(random.NextBelow(30));
    std::vector<double> scores(n);
    std::vector<uint8_t> labels(n);
    for (int i = 0; i < n; ++i) {
      scores[i] = static_cast<double>(random.NextBelow(8)) / 8;
      labels[i] = random.NextBelow(2) == 1;
    }
    labels[0] = 0;
    labels[1] = 1;
    double best_j = -1;
    double best_f1 = -1;
    double youden = 0;
    double f1 = 0;
    for (const double threshold :
         {kNobody, 0.875, 0.75, 0.625, 0.5, 0.375, 0.25, 0.125, 0.0}) {
      double tp = 0, fp = 0, positives = 0;
      for (int i = 0; i < n; ++i) {
        positives += labels[i];
        if (scores[i] >= threshold) (labels[i] ? tp : fp) += 1;
      }
      const double j = tp / positives - fp / (n - positives);
      if (j > best_j + 1e-12) {
        best_j = j;
        youden = threshold;
      }
      const double f = 2 * tp / (tp + fp + positives);
      if (f > best_f1 + 1e-12) {
        best_f1 = f;
        f1 = threshold;
      }
    }
    // Thresholds between scores flag the same rows: compare what they flag.
    const auto flagged = [&](double threshold) {
      int count = 0;
      for (const double score : scores) count += score >= threshold;
      return count;
    };
    EXPECT_EQ(
        flagged(FitThreshold(ParseThresholdRule("youden"), scores, labels)),
        flagged(youden));
    EXPECT_EQ(
        flagged(FitThreshold(ParseThresholdRule("best-f1"), scores, labels)),
        flagged(f1));
  }
}

}  // namespace
}  // namespace plumbline
