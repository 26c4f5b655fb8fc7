// How a network's numbers are computed: chosen by what is fastest here.
#pragma once

#include <ATen/core/Tensor.h>

#include <string>

#include "plumbline/model/network.h"
#include "plumbline/train/options.h"

namespace plumbline::train {

struct ComputeMode {
  // Convolutions and products in bfloat16 (weights stay floats).
  bool bfloat16 = false;
  // All colours of a pixel together in memory.
  bool channels_last = false;
};

// "32-bit floats, channels last".
std::string Describe(const ComputeMode& mode);

// The network's outputs, and the features that they are made of, as floats.
at::Tensor OutputsIn(const ComputeMode& compute, const Network& network,
                     const at::Tensor& images, const ForwardMode& mode);
at::Tensor FeaturesIn(const ComputeMode& compute, const Network& network,
                      const at::Tensor& images, const ForwardMode& mode);

// The fastest of the modes that the options allow, forwards and backwards on
// these images. Leaves the network as it was, but for its gradients. What was
// measured is kept in options.measured_file, so that the same machine chooses
// the same again: times differ a little from run to run, and results with them.
// `words` gets what was measured; "" if there was only one mode, or it was
// kept.
ComputeMode ChooseComputeMode(const TrainOptions& options,
                              const Network& network, const at::Tensor& images,
                              std::string* words);

}  // namespace plumbline::train
