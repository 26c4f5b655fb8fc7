#include "plumbline/train/flat_weights.h"

#include <ATen/ATen.h>

#include "plumbline/base/error.h"

namespace plumbline::train {

std::vector<float> ToVector(const at::Tensor& tensor) {
  const at::Tensor floats =
      tensor.detach().to(at::kCPU, at::kFloat).contiguous();
  const float* from = floats.data_ptr<float>();
  return {from, from + floats.numel()};
}

void CopyInto(std::span<const float> values, at::Tensor tensor) {
  if (static_cast<int64_t>(values.size()) != tensor.numel()) {
    throw Error(ErrorCode::kInternal, "{} numbers for a tensor of {}",
                values.size(), tensor.numel());
  }
  const at::NoGradGuard no_gradients;
  tensor.copy_(
      at::from_blob(const_cast<float*>(values.data()), tensor.sizes()));
}

FlatWeights::FlatWeights(const Weights& weights, const at::Device& device) {
  for (const NamedTensor& named : weights.tensors()) {
    if (named.trained) size_ += named.tensor.numel();
  }
  const at::NoGradGuard no_gradients;
  values_ = at::empty({size_}, at::device(device).dtype(at::kFloat));
  gradients_ = at::zeros({size_ + 2}, values_.options());
  int64_t at = 0;
  for (const NamedTensor& named : weights.tensors()) {
    at::Tensor tensor = named.tensor;
    if (!named.trained) {
      tensor.set_data(tensor.to(device));
      statistics_.push_back(tensor);
      continue;
    }
    const int64_t n = tensor.numel();
    const at::Tensor view = values_.narrow(0, at, n).view(tensor.sizes());
    view.copy_(tensor);
    tensor.set_data(view);
    tensor.set_requires_grad(true);
    tensor.mutable_grad() = gradients_.narrow(0, at, n).view(tensor.sizes());
    at += n;
  }
}

std::vector<float> FlatWeights::Statistics() const {
  std::vector<float> all;
  for (const at::Tensor& tensor : statistics_) {
    const std::vector<float> values = ToVector(tensor);
    all.insert(all.end(), values.begin(), values.end());
  }
  return all;
}

void FlatWeights::SetStatistics(std::span<const float> statistics) {
  size_t at = 0;
  for (const at::Tensor& tensor : statistics_) {
    const auto n = static_cast<size_t>(tensor.numel());
    if (at + n > statistics.size()) break;
    CopyInto(statistics.subspan(at, n), tensor);
    at += n;
  }
  if (at != statistics.size()) {
    throw Error(ErrorCode::kInternal,
                "the statistics do not belong to this network");
  }
}

std::vector<float> FlatWeights::Values() const { return ToVector(values_); }

void FlatWeights::SetValues(std::span<const float> values) {
  CopyInto(values, values_);
}

}  // namespace plumbline::train
