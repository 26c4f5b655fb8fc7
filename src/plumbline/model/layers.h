// The layers that the networks are made of. All take n x channels x h x w,
// unless said otherwise.
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <string>

#include "plumbline/model/batch_norm.h"
#include "plumbline/model/weights.h"

namespace plumbline {

struct ConvolutionShape {
  int64_t in = 0;  // channels
  int64_t out = 0;
  int64_t kernel = 3;
  int64_t stride = 1;
  int64_t padding = 0;
  int64_t groups = 1;
  bool bias = false;
};

class Convolution {
 public:
  // Adds NAME.weight, out x in/groups x kernel x kernel, and NAME.bias if there
  // is one (it begins with 0).
  Convolution(Weights* weights, const std::string& name,
              const ConvolutionShape& shape);

  at::Tensor operator()(const at::Tensor& x) const;

  // Makes the convolution followed by `norm` with its running statistics one
  // convolution.
  void Fold(const BatchNorm& norm);

 private:
  ConvolutionShape shape_;
  at::Tensor weight_, bias_;
};

// A convolution without bias, and the batch norm after it.
class NormedConvolution {
 public:
  NormedConvolution(Weights* weights, const std::string& convolution,
                    const std::string& norm, const ConvolutionShape& shape);

  at::Tensor operator()(const at::Tensor& x, const ForwardMode& mode) const;
  // The same, the maximum of 2 x 2 and ReLU.
  at::Tensor PooledAndRectified(const at::Tensor& x,
                                const ForwardMode& mode) const;

  void Fold();

 private:
  Convolution convolution_;
  BatchNorm norm_;
  bool folded_ = false;
};

// ... x in to ... x out.
class Linear {
 public:
  // Adds NAME.weight, out x in, and NAME.bias. kLinearUniform begins as
  // torch.nn.Linear, bias included; another way, the bias begins with 0.
  Linear(Weights* weights, const std::string& name, int64_t in, int64_t out,
         Weights::Init init = Weights::Init::kLinearUniform);

  at::Tensor operator()(const at::Tensor& x) const;

 private:
  at::Tensor weight_, bias_;
};

// The mean over all places: n x channels.
at::Tensor GlobalMean(const at::Tensor& x);

}  // namespace plumbline
