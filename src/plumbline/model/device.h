// The device that a network runs on.
#pragma once

#include <ATen/core/Tensor.h>

#include <string>

namespace plumbline {

// "cpu", "cuda" or "cuda:1". Throws Error(kUsage) for anything else, or if it
// is not there.
at::Device FindDevice(const std::string& name);

}  // namespace plumbline
