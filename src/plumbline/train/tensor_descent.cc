#include "plumbline/train/tensor_descent.h"

#include <ATen/ATen.h>

#include <cmath>

#include "plumbline/train/flat_weights.h"

namespace plumbline::train {
TensorDescent::TensorDescent(const TrainOptions& options,
                             const at::Tensor& like)
    : kind_(options.optimiser),
      decay_(options.weight_decay),
      momentum_(options.momentum),
      first_(at::zeros_like(like)),
      second_(kind_ == Optimiser::kAdamW ? at::zeros_like(like)
                                         : at::zeros({0}, like.options())) {}

void TensorDescent::Step(double learning_rate, const at::Tensor& gradient,
                         at::Tensor weights) {
  const at::NoGradGuard no_gradients;
  ++steps_;
  if (kind_ == Optimiser::kSgd) {
    first_.mul_(momentum_).add_(gradient).add_(weights, decay_);
    weights.sub_(first_, learning_rate);
    return;
  }
  const auto t = static_cast<double>(steps_);
  first_.mul_(kBeta1).add_(gradient, 1 - kBeta1);
  second_.mul_(kBeta2).addcmul_(gradient, gradient, 1 - kBeta2);
  const at::Tensor divisor =
      (second_.sqrt() / std::sqrt(1 - std::pow(kBeta2, t))).add_(kEpsilon);
  weights.mul_(1 - learning_rate * decay_)
      .addcdiv_(first_, divisor, -learning_rate / (1 - std::pow(kBeta1, t)));
}

OptimiserState TensorDescent::state() const {
  return {ToVector(first_), ToVector(second_), steps_};
}

void TensorDescent::Restore(const OptimiserState& state) {
  CopyInto(state.first, first_);
  CopyInto(state.second, second_);
  steps_ = state.steps;
}

}  // namespace plumbline::train
