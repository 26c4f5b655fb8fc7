// All trained tensors of a network as one row of numbers, and their gradients
// as another, so that optimisers, sums over processes and checkpoints are loops
// over a row.
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <span>
#include <vector>

#include "plumbline/model/weights.h"

namespace plumbline::train {

// The numbers of a tensor, as floats, and back. CopyInto throws
// Error(kInternal) for another number of them.
std::vector<float> ToVector(const at::Tensor& tensor);
void CopyInto(std::span<const float> values, at::Tensor tensor);

class FlatWeights {
 public:
  // From now on the trained tensors of `weights` are views of one row, which
  // gradients are added up for. `weights` must outlive this.
  FlatWeights(const Weights& weights, const at::Device& device);

  int64_t size() const { return size_; }
  const at::Tensor& values() const { return values_; }
  // Two numbers longer than the weights: the last ones are the caller's, and go
  // along where gradients are summed over processes.
  const at::Tensor& gradients() const { return gradients_; }

  // The statistics of batch norm, in the order of the network, as floats.
  std::vector<float> Statistics() const;
  void SetStatistics(std::span<const float> statistics);

  std::vector<float> Values() const;
  void SetValues(std::span<const float> values);

 private:
  int64_t size_ = 0;
  at::Tensor values_, gradients_;
  std::vector<at::Tensor> statistics_;
};

}  // namespace plumbline::train
