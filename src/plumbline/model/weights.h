// The tensors of a network, by the names that torchvision or timm give them.
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "plumbline/base/random.h"

namespace plumbline {

struct NamedTensor {
  std::string name;  // "layer1.0.conv1.weight"
  at::Tensor tensor;
  // Trained by gradients; else a statistic of batch norm.
  bool trained = true;
};

// In the order in which they were added, which is that of the forward pass.
class Weights {
 public:
  explicit Weights(uint64_t seed) : seed_(seed) {}

  // What a tensor begins with. Random numbers are a function of the seed and
  // the tensor's name alone.
  enum class Init {
    kZeros,
    kOnes,
    kHeNormal,       // He et al. 2015: variance 2 / fan-out (convolutions)
    kLinearUniform,  // +-1 / sqrt(fan-in), as torch.nn.Linear
    kNormal002,      // deviation 0.02, cut at two deviations (timm's ViT)
  };
  at::Tensor Add(const std::string& name, at::IntArrayRef shape, Init init);
  // A statistic.
  at::Tensor AddBuffer(const std::string& name, at::IntArrayRef shape,
                       Init init);

  const std::vector<NamedTensor>& tensors() const { return tensors_; }
  // Null if there is none.
  const at::Tensor* Find(const std::string& name) const;

 private:
  uint64_t seed_;
  std::vector<NamedTensor> tensors_;
  std::map<std::string, size_t> by_name_;
};

}  // namespace plumbline
