// Weights and pictures that C++ and Python both compute: tests/golden/
// backbones.py states the formulas.
#pragma once

#include <ATen/ATen.h>

#include <cmath>
#include <cstdint>
#include <string>

namespace plumbline {

// In [-1, 1).
inline at::Tensor Uniform(const std::string& name, at::IntArrayRef shape) {
  uint32_t seed = 0x811C9DC5;  // FNV-1a
  for (const char c : name) {
    seed = (seed ^ static_cast<uint8_t>(c)) * 0x01000193U;
  }
  at::Tensor tensor = at::empty(shape, at::kDouble);
  double* out = tensor.data_ptr<double>();
  for (int64_t i = 0; i < tensor.numel(); ++i) {
    uint32_t x = seed + static_cast<uint32_t>(i) * 2654435761U;  // lowbias32
    x = (x ^ x >> 16) * 0x7FEB352DU;
    x = (x ^ x >> 15) * 0x846CA68BU;
    out[i] = (x ^ x >> 16) / 2147483648.0 - 1;
  }
  return tensor;
}

inline at::Tensor Value(const std::string& name, at::IntArrayRef shape) {
  const at::Tensor u = Uniform(name, shape);
  if (name.ends_with("running_var")) return 1 + 0.5 * u;
  if (shape.size() == 1) {
    return name.ends_with("weight") ? 1 + 0.2 * u : 0.2 * u;
  }
  if (shape.size() == 3) return 0.5 * u;
  double fan_in = 1;
  for (const int64_t length : shape.slice(1)) {
    fan_in *= static_cast<double>(length);
  }
  return u * std::sqrt((shape.size() == 4 ? 6 : 3) / fan_in);
}

}  // namespace plumbline
