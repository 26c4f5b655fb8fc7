// Between tensors and the views of a safetensors file.
#pragma once

#include <ATen/core/Tensor.h>

#include <string>

#include "plumbline/infer/safetensors.h"

namespace plumbline {

// A copy with the type that the file has.
at::Tensor TensorOf(const TensorView& view);

// A view of `tensor`, which must outlive it, lie on the CPU and be contiguous.
TensorView ViewOf(const std::string& name, const at::Tensor& tensor);

// "64x3x7x7".
std::string ShapeText(const at::Tensor& tensor);

}  // namespace plumbline
