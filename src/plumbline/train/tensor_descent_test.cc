#include "plumbline/train/tensor_descent.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include <cmath>

namespace plumbline::train {
namespace {

TEST(TensorDescent, TakesTheStepsOfGradientDescent) {
  constexpr int64_t kSize = 1000;
  for (const Optimiser optimiser : {Optimiser::kAdamW, Optimiser::kSgd}) {
    TrainOptions options;
    options.optimiser = optimiser;
    GradientDescent plain(options, kSize);
    at::Tensor weights = at::ones({kSize});
    TensorDescent tensors(options, weights);
    std::vector<float> expected(kSize, 1), gradient(kSize);
    for (int step = 0; step < 5; ++step) {
      for (int64_t i = 0; i < kSize; ++i) gradient[i] = std::sin(i + step);
      plain.Step(0.01, gradient, expected);
      // Halfway another one goes on from its state.
      if (step == 2) {
        const OptimiserState state = tensors.state();
        tensors = TensorDescent(options, weights);
        tensors.Restore(state);
      }
      tensors.Step(0.01, at::from_blob(gradient.data(), {kSize}), weights);
    }
    for (int64_t i = 0; i < kSize; ++i) {
      EXPECT_NEAR(weights.data_ptr<float>()[i], expected[i], 1e-6) << i;
    }
    EXPECT_EQ(tensors.state().steps, plain.state().steps);
  }
}

}  // namespace
}  // namespace plumbline::train
