#include "plumbline/model/layers.h"

#include <ATen/ATen.h>

#include "plumbline/model/norm_pool.h"

namespace plumbline {

Convolution::Convolution(Weights* weights, const std::string& name,
                         const ConvolutionShape& shape)
    : shape_(shape),
      weight_(weights->Add(
          name + ".weight",
          {shape.out, shape.in / shape.groups, shape.kernel, shape.kernel},
          Weights::Init::kHeNormal)) {
  if (shape.bias) {
    bias_ = weights->Add(name + ".bias", {shape.out}, Weights::Init::kZeros);
  }
}

at::Tensor Convolution::operator()(const at::Tensor& x) const {
  return at::conv2d(x, weight_, bias_, shape_.stride, shape_.padding,
                    /*dilation=*/1, shape_.groups);
}

void Convolution::Fold(const BatchNorm& norm) {
  const at::NoGradGuard no_gradient;
  const at::Tensor scale =
      norm.weight() / at::sqrt(norm.variance() + norm.epsilon());
  at::Tensor shift = norm.bias() - norm.mean() * scale;
  if (bias_.defined()) shift += bias_ * scale;
  weight_ = weight_ * scale.view({-1, 1, 1, 1});
  bias_ = shift;
}

NormedConvolution::NormedConvolution(Weights* weights,
                                     const std::string& convolution,
                                     const std::string& norm,
                                     const ConvolutionShape& shape)
    : convolution_(weights, convolution, shape),
      norm_(weights, norm, shape.out) {}

at::Tensor NormedConvolution::operator()(const at::Tensor& x,
                                         const ForwardMode& mode) const {
  const at::Tensor y = convolution_(x);
  return folded_ ? y : norm_(y, mode);
}

at::Tensor NormedConvolution::PooledAndRectified(
    const at::Tensor& x, const ForwardMode& mode) const {
  const at::Tensor y = convolution_(x);
  if (CanNormPool(y)) {
    if (folded_ && !at::GradMode::is_enabled()) return PoolRelu(y);
    if (!folded_ && mode.training &&
        mode.batch_norm == BatchNormPolicy::kBatch) {
      norm_.CountBatch();
      return NormPoolRelu(y, norm_);
    }
  }
  return at::max_pool2d(folded_ ? y : norm_(y, mode), 2).relu_();
}

void NormedConvolution::Fold() {
  if (folded_) return;
  convolution_.Fold(norm_);
  folded_ = true;
}

Linear::Linear(Weights* weights, const std::string& name, int64_t in,
               int64_t out, Weights::Init init)
    : weight_(weights->Add(name + ".weight", {out, in}, init)),
      bias_(init == Weights::Init::kLinearUniform
                ? weights->Add(name + ".bias", {out}, init, in)
                : weights->Add(name + ".bias", {out}, Weights::Init::kZeros)) {}

at::Tensor Linear::operator()(const at::Tensor& x) const {
  return at::linear(x, weight_, bias_);
}

at::Tensor GlobalMean(const at::Tensor& x) { return x.mean({2, 3}); }

}  // namespace plumbline
