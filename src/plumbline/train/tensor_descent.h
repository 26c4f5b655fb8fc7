// GradientDescent (optimiser.h) where the weights do not lie in the memory of
// the processor: the same steps as operations on whole tensors.
#pragma once

#include <ATen/core/Tensor.h>

#include "plumbline/train/optimiser.h"

namespace plumbline::train {

class TensorDescent {
 public:
  // `like`: a tensor of as many numbers as there are weights, on their device.
  TensorDescent(const TrainOptions& options, const at::Tensor& like);

  // Both of the shape of `like`.
  void Step(double learning_rate, const at::Tensor& gradient,
            at::Tensor weights);

  OptimiserState state() const;
  void Restore(const OptimiserState& state);

 private:
  Optimiser kind_;
  double decay_, momentum_;
  int64_t steps_ = 0;
  at::Tensor first_, second_;
};

}  // namespace plumbline::train
