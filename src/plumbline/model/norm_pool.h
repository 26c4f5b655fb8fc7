// Batch norm, 2x2 maximum and ReLU as one operation.
//
// One after the other they go through the largest tensors of a small network
// eight times each way, which takes longer than its convolutions. Together they
// need three passes forwards and two backwards.
#pragma once

#include <ATen/core/Tensor.h>

#include "plumbline/model/batch_norm.h"

namespace plumbline {

// relu(max_pool2d(norm(x), 2)) for n x channels x h x w, with the statistics of
// the batch, which the running ones follow; h and w are even. With a gradient.
// Sums are taken in an order that does not depend on the number of threads.
at::Tensor NormPoolRelu(const at::Tensor& x, const BatchNorm& norm);

// relu(max_pool2d(x, 2)), without a gradient.
at::Tensor PoolRelu(const at::Tensor& x);

// Whether these are made for x: floats on the CPU, channels first, even sides.
// For everything else: at::max_pool2d and the rest.
bool CanNormPool(const at::Tensor& x);

}  // namespace plumbline
