// The tensors of a network, by the names that torchvision or timm give them.
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

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
  // Without a seed, what would be random is left unset, for a file to fill.
  explicit Weights(std::optional<uint64_t> seed) : seed_(seed) {}

  // What a tensor begins with. Random numbers are a function of the seed and
  // the tensor's name alone, whatever the number of threads.
  enum class Init {
    kZeros,
    kOnes,
    kHeNormal,       // He et al. 2015: variance 2 / fan-out (convolutions)
    kLinearUniform,  // +-1 / sqrt(fan-in), as torch.nn.Linear
    kNormal002,      // deviation 0.02, cut at two deviations (timm's ViT)
  };
  // Float, trained. fan_in: of kLinearUniform, where it is not the product of
  // all of `shape` but the first (a bias). Throws Error(kInternal) for a name
  // that is there already.
  at::Tensor Add(const std::string& name, at::IntArrayRef shape, Init init,
                 int64_t fan_in = 0);
  // A statistic: float, not trained. kZeros or kOnes.
  at::Tensor AddBuffer(const std::string& name, at::IntArrayRef shape,
                       Init init);
  // A count: int64 without dimensions, 0, not trained.
  at::Tensor AddCounter(const std::string& name);

  const std::vector<NamedTensor>& tensors() const { return tensors_; }
  // Null if there is none.
  const at::Tensor* Find(const std::string& name) const;

 private:
  void Insert(const std::string& name, const at::Tensor& tensor, bool trained);

  std::optional<uint64_t> seed_;
  std::vector<NamedTensor> tensors_;
  std::map<std::string, size_t> by_name_;
};

}  // namespace plumbline
