#include "plumbline/train/optimiser.h"

#include <gtest/gtest.h>

#include <cmath>

namespace plumbline::train {
namespace {

// Three steps on f(w) = sum of (w - 1)^2 / 2 from w = {0, 2, 0.5}, learning
// rate 0.1, decay 0.01; numbers of torch.optim 1.13.
struct Known {
  Optimiser optimiser;
  std::vector<double> weights;
};

TEST(GradientDescent, GivesTheNumbersOfPyTorch) {
  const Known cases[] = {
      {Optimiser::kAdamW, {0.2981150746, 1.6959377527, 0.7933787107}},
      {Optimiser::kSgd, {0.5135400891, 1.4761890173, 0.7542023063}}};
  for (const auto& [optimiser, expected] : cases) {
    TrainOptions options;
    options.optimiser = optimiser;
    options.weight_decay = 0.01;
    options.momentum = 0.9;
    options.threads = 1;
    GradientDescent descent(options, 3);
    std::vector<float> weights = {0, 2, 0.5}, gradient(3);
    for (int step = 0; step < 3; ++step) {
      for (int i = 0; i < 3; ++i) gradient[i] = weights[i] - 1;
      descent.Step(0.1, gradient, weights);
    }
    for (int i = 0; i < 3; ++i) EXPECT_NEAR(weights[i], expected[i], 5e-7);
  }
}

TEST(GradientDescent, GoesOnFromItsStateAndIsTheSameForAnyThreads) {
  constexpr int64_t kSize = 300'001;
  TrainOptions options;
  std::vector<float> once(kSize, 1), twice(kSize, 1), gradient(kSize);
  for (int64_t i = 0; i < kSize; ++i) gradient[i] = std::sin(i);
  options.threads = 1;
  GradientDescent whole(options, kSize);
  whole.Step(0.01, gradient, once);
  whole.Step(0.02, gradient, once);
  options.threads = 3;
  GradientDescent first(options, kSize), second(options, kSize);
  first.Step(0.01, gradient, twice);
  second.Restore(first.state());
  second.Step(0.02, gradient, twice);
  EXPECT_EQ(once, twice);
}

TEST(LearningRate, RisesAndFalls) {
  TrainOptions options;
  options.learning_rate = 1;
  options.warmup = 0.1;
  options.schedule = Schedule::kCosine;
  EXPECT_NEAR(LearningRate(options, 0, 100), 1.0 / 11, 1e-12);
  EXPECT_NEAR(LearningRate(options, 9, 100), 10.0 / 11, 1e-12);
  EXPECT_NEAR(LearningRate(options, 10, 100), 1, 1e-12);
  EXPECT_NEAR(LearningRate(options, 55, 100), 0.5, 1e-12);
  EXPECT_LT(LearningRate(options, 99, 100), 0.001);
  options.schedule = Schedule::kStep;
  EXPECT_EQ(LearningRate(options, 50, 100), 1);
  EXPECT_EQ(LearningRate(options, 70, 100), 0.1);
  EXPECT_EQ(LearningRate(options, 95, 100), 0.01);
  options.schedule = Schedule::kConstant;
  options.warmup = 0;
  EXPECT_EQ(LearningRate(options, 0, 100), 1);
}

TEST(NormOf, IsTheEuclideanNorm) {
  std::vector<float> values(100'003, 0.5F);
  EXPECT_NEAR(NormOf(values), 0.5 * std::sqrt(100'003.0), 1e-9);
  EXPECT_EQ(NormOf(std::vector<float>{3, 4}), 5);
  values[70'000] = INFINITY;
  EXPECT_FALSE(std::isfinite(NormOf(values)));
}

}  // namespace
}  // namespace plumbline::train
