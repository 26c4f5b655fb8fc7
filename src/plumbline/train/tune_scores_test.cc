#include "plumbline/train/tune_scores.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "plumbline/base/test_support.h"

namespace plumbline::train {
namespace {

constexpr float kNo = std::numeric_limits<float>::quiet_NaN();

TrainInput Input() {
  TrainInput input;
  input.targets.push_back({{.name = "effusion"}, {1, 0, 1, 0, kNo, 1}});
  input.targets.push_back(
      {{.name = "view", .kind = TargetKind::kClasses, .levels = {"AP", "PA"}},
       {0, 1, 1, 0, 1, kNo}});
  input.targets.push_back({{.name = "age",
                            .kind = TargetKind::kContinuous,
                            .scale = 10,
                            .offset = 50},
                           {60, 40, 50, 50, kNo, kNo}});
  return input;
}

TEST(ScoreTargets, GivesLossesAndAurocOfEachKind) {
  const TrainInput input = Input();
  const std::vector<int64_t> rows = {0, 1, 2, 3, 4, 5};
  // effusion, view AP, view PA, age
  const std::vector<float> outputs = {2, 1, 0, 1, -1, 0, 1,  -1, 0, 2, 0, 0,
                                      1, 0, 1, 0, 9,  1, -1, 0,  3, 5, 5, 0};
  const auto scores = ScoreTargets(input, rows, outputs);
  ASSERT_EQ(scores.size(), 3U);
  // Positives 2, 0, 3; negatives -1, 1: five of six pairs in order.
  EXPECT_NEAR(scores[0].auroc, 5.0 / 6, 1e-12);
  const auto softplus = [](double x) { return std::log1p(std::exp(x)); };
  EXPECT_NEAR(
      scores[0].loss,
      (softplus(-2) + softplus(-1) + softplus(0) + softplus(1) + softplus(-3)) /
          5,
      1e-9);
  // AP minus PA: rows 0 and 3 are AP: 1, -1; rows 1, 2, 4 PA: -1, 2, 2.
  EXPECT_NEAR(scores[1].auroc, 1.5 / 6, 1e-12);
  EXPECT_NEAR(
      scores[1].loss,
      (softplus(-1) + softplus(-1) + softplus(2) + softplus(1) + softplus(2)) /
          5,
      1e-6);
  EXPECT_TRUE(std::isnan(scores[2].auroc));
  EXPECT_NEAR(scores[2].loss, 0, 1e-12);
  EXPECT_NEAR(MetricOf("auroc", scores), (5.0 / 6 + 0.25) / 2, 1e-12);
  EXPECT_NEAR(MetricOf("worst-target-auroc", scores), 0.25, 1e-12);
  EXPECT_LT(MetricOf("loss", scores), 0);
  EXPECT_TRUE(std::isnan(MetricOf("worst-group-auroc", scores)));
}

TEST(RequireTellable, RefusesAMetricThatTheLabelsCannotGive) {
  TrainInput input = Input();
  const std::vector<int64_t> rows = {0, 1, 2, 3, 4, 5};
  RequireTellable(input, rows, "auroc");
  RequireTellable(input, rows, "loss");
  EXPECT_THAT(
      ErrorText([&] { RequireTellable(input, rows, "worst-group-auroc"); }),
      testing::HasSubstr("2: --metric worst-group-auroc: the tuning "
                         "part cannot tell it"));
  input.targets.erase(input.targets.begin(), input.targets.begin() + 2);
  EXPECT_THAT(ErrorText([&] { RequireTellable(input, rows, "auroc"); }),
              testing::HasSubstr("use --metric loss or last"));
}

TEST(ScoreTargets, FindsTheGroupThatIsServedWorst) {
  TrainInput input;
  TargetValues target{{.name = "effusion"}, {}};
  GroupCodes sex{.attribute = "sex", .levels = {"F", "M"}};
  std::vector<float> outputs;
  std::vector<int64_t> rows;
  for (int i = 0; i < 40; ++i) {
    const bool positive = i % 2 == 0, female = i < 20;
    target.values.push_back(positive);
    sex.codes.push_back(female ? 0 : 1);
    // Women's scores are the wrong way round.
    outputs.push_back(positive == female ? -1.0F : 1.0F);
    rows.push_back(i);
  }
  input.targets.push_back(target);
  input.groups.push_back(sex);
  const auto scores = ScoreTargets(input, rows, outputs);
  EXPECT_EQ(scores[0].worst_group, "sex=F");
  EXPECT_EQ(scores[0].worst_group_auroc, 0);
  EXPECT_EQ(scores[0].auroc, 0.5);
}

}  // namespace
}  // namespace plumbline::train
