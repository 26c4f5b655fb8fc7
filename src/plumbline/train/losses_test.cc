#include "plumbline/train/losses.h"

#include <ATen/ATen.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <numeric>

#include "plumbline/base/test_support.h"

namespace plumbline::train {
namespace {

using testing::HasSubstr;

constexpr float kNo = std::numeric_limits<float>::quiet_NaN();

// Four rows: a binary target, one of three levels, a number.
TrainInput Input() {
  TrainInput input;
  input.parts.assign(4, Part::kTrain);
  input.image_of_row = {0, 1, 2, 3};
  input.table_file = "t.csv";
  input.targets.push_back({{.name = "y"}, {1, 0, kNo, 0}});
  input.targets.push_back(
      {{.name = "v", .kind = TargetKind::kClasses, .levels = {"a", "b", "c"}},
       {2, kNo, 0, 1}});
  input.targets.push_back({{.name = "age",
                            .kind = TargetKind::kContinuous,
                            .scale = 10,
                            .offset = 50},
                           {60, 50, kNo, kNo}});
  return input;
}

at::Tensor Outputs() {
  return at::tensor({0.5F, 1.0F, 0.0F, -1.0F, 2.0F, -0.5F, 0.0F,
                     3.0F, 1.0F, 0.5F, 1.0F,  0.5F, 0.25F, -1.0F,
                     0.0F, 2.0F, 1.0F, 0.0F,  0.0F, 0.0F})
      .view({4, 5});
}

double SoftmaxLoss(double a, double b, double c, int truth) {
  const double all = std::exp(a) + std::exp(b) + std::exp(c);
  const double chosen = truth == 0 ? a : truth == 1 ? b : c;
  return std::log(all) - chosen;
}

TEST(Losses, AreMeansOverTheRowsThatSaySomething) {
  const TrainInput input = Input();
  const Losses losses(input, {});
  const std::vector<int64_t> rows = {0, 1, 2, 3};
  const auto sums = losses.WeightSums(rows);
  EXPECT_EQ(sums, (std::vector<double>{3, 3, 2}));
  const auto softplus = [](double x) { return std::log1p(std::exp(x)); };
  const double y = (softplus(-0.5) + softplus(-0.5) + softplus(2)) / 3;
  const double v = (SoftmaxLoss(1, 0, -1, 2) + SoftmaxLoss(0.5, 0.25, -1, 0) +
                    SoftmaxLoss(1, 0, 0, 1)) /
                   3;
  // Wanted 1 and 0 in deviations; given 2 and 0.5 ... of the right columns.
  const double age = 0.5 * ((2.0 - 1) * (2.0 - 1) + 0.5 * 0.5) / 2;
  const at::Tensor loss = losses.Loss(Outputs(), rows, sums);
  EXPECT_NEAR(loss.item<double>(), (y + v + age) / 3, 1e-6);
}

TEST(Losses, OfPiecesAddUpWithTheirGradients) {
  const TrainInput input = Input();
  TrainOptions options;
  options.class_weights = ClassWeights::kBalanced;
  options.label_smoothing = 0.1;
  const Losses losses(input, options);
  const std::vector<int64_t> rows = {0, 1, 2, 3};
  const auto sums = losses.WeightSums(rows);
  at::Tensor whole = Outputs().requires_grad_(true);
  losses.Loss(whole, rows, sums).backward();
  at::Tensor pieces = Outputs().requires_grad_(true);
  double total = 0;
  for (int64_t begin : {0, 2}) {
    const at::Tensor part = losses.Loss(
        pieces.narrow(0, begin, 2), std::span(rows).subspan(begin, 2), sums);
    part.backward();
    total += part.item<double>();
  }
  EXPECT_NEAR(total, losses.Loss(Outputs(), rows, sums).item<double>(), 1e-6);
  EXPECT_LT((whole.grad() - pieces.grad()).abs().max().item<double>(), 1e-7);
  // Missing targets pull at nothing.
  EXPECT_EQ(whole.grad()[2][0].item<double>(), 0);
  EXPECT_EQ(whole.grad()[3][4].item<double>(), 0);
}

TEST(Losses, BalanceClasses) {
  const TrainInput input = Input();
  TrainOptions options;
  options.class_weights = ClassWeights::kBalanced;
  const Losses losses(input, options);
  // One positive, two negatives.
  EXPECT_EQ(losses.class_weights()[0], (std::vector<double>{0.75, 1.5}));
}

TEST(RequireLearnable, NamesTheTarget) {
  TrainInput input = Input();
  RequireLearnable(input);
  input.targets[0].values = {0, 0, kNo, 0};
  EXPECT_THAT(ErrorText([&] { RequireLearnable(input); }),
              HasSubstr("3: t.csv, column \"y\": every row of the training "
                        "part that has the label has the same one"));
  input.targets[0].values = {kNo, kNo, kNo, kNo};
  EXPECT_THAT(ErrorText([&] { RequireLearnable(input); }),
              HasSubstr("no row of the training part has this label"));
}

}  // namespace
}  // namespace plumbline::train
