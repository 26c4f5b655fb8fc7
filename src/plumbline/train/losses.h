// What a step minimises.
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <span>
#include <vector>

#include "plumbline/train/train.h"

namespace plumbline::train {

// The loss is the mean over targets of the weighted mean over the rows that
// have the target: binary cross-entropy of logits, cross-entropy of softmax, or
// half the squared error of the standardised value. Rows whose target is NaN
// count for nothing in it.
//
// Every row's weight is divided by the sum of weights in the whole step, so
// that losses of the pieces of a step, on one process or several, add up to the
// loss of the step.
class Losses {
 public:
  // The weights of classes are those of the training part.
  Losses(const TrainInput& input, const TrainOptions& options);

  // What a target's weights add up to over these rows, in the order of the
  // targets: divisors of Loss.
  std::vector<double> WeightSums(std::span<const int64_t> rows) const;

  // Of these rows: their part of the loss of a step. outputs: rows x outputs.
  // A scalar that gradients can be taken of.
  at::Tensor Loss(const at::Tensor& outputs, std::span<const int64_t> rows,
                  std::span<const double> weight_sums) const;

  // The weight of each class of each target; continuous: {1}.
  const std::vector<std::vector<double>>& class_weights() const {
    return class_weights_;
  }

 private:
  double WeightOf(size_t target, float value) const;

  const TrainInput& input_;
  double smoothing_;
  std::vector<std::vector<double>> class_weights_;
};

// Throws Error(kInvalidInput) for a target without labels, or with one class
// alone, in the training part.
void RequireLearnable(const TrainInput& input);

}  // namespace plumbline::train
