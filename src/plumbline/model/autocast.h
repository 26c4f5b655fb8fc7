// Automatic bfloat16.
#pragma once

#include <ATen/core/Tensor.h>

namespace plumbline {

// While it lives and is `on`, convolutions and products on `device` are
// computed in bfloat16, of this thread; weights stay floats.
class Autocast {
 public:
  Autocast(bool on, const at::Device& device);
  ~Autocast();
  Autocast(const Autocast&) = delete;
  Autocast& operator=(const Autocast&) = delete;

 private:
  void Set(bool enabled) const;

  bool on_;
  bool cuda_;
};

// Whether this processor multiplies bfloat16 by instructions of its own;
// without them it is slower than float.
bool HasBFloat16Instructions();

}  // namespace plumbline
