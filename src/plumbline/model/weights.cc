#include "plumbline/model/weights.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <cmath>
#include <numbers>

#include "plumbline/base/error.h"
#include "plumbline/base/random.h"
#include "plumbline/base/thread_pool.h"

namespace plumbline {
namespace {

// Numbers that one random stream fills; fixed, so that threads do not change
// them.
constexpr int64_t kChunk = 1 << 16;

float Uniform(RandomStream* stream) {
  return (static_cast<float>(stream->NextUint32()) + 0.5F) * 0x1p-32F;
}

// Two standard normals (Box and Muller 1958), in float: RandomStream's own
// inversion is exact to double and five times as slow.
void NormalPair(RandomStream* stream, float* a, float* b) {
  const float radius = std::sqrt(-2 * std::log(Uniform(stream)));
  const float angle = 2 * std::numbers::pi_v<float> * Uniform(stream);
  *a = radius * std::cos(angle);
  *b = radius * std::sin(angle);
}

void FillNormal(RandomStream* stream, float deviation, float cut, float* out,
                int64_t count) {
  for (int64_t i = 0; i < count;) {
    float pair[2];
    NormalPair(stream, &pair[0], &pair[1]);
    for (const float z : pair) {
      if (std::abs(z) <= cut && i < count) out[i++] = z * deviation;
    }
  }
}

void FillUniform(RandomStream* stream, float bound, float* out, int64_t count) {
  for (int64_t i = 0; i < count; ++i) {
    out[i] = (2 * Uniform(stream) - 1) * bound;
  }
}

void FillChunk(RandomStream* stream, Weights::Init init, int64_t fan,
               float* out, int64_t count) {
  switch (init) {
    case Weights::Init::kHeNormal:
      return FillNormal(stream, std::sqrt(2.0F / static_cast<float>(fan)),
                        INFINITY, out, count);
    case Weights::Init::kNormal002:
      return FillNormal(stream, 0.02F, 2, out, count);
    case Weights::Init::kLinearUniform:
      return FillUniform(stream, 1 / std::sqrt(static_cast<float>(fan)), out,
                         count);
    case Weights::Init::kZeros:
    case Weights::Init::kOnes:
      break;
  }
}

int64_t FanOf(Weights::Init init, at::IntArrayRef shape) {
  int64_t fan = init == Weights::Init::kHeNormal ? shape[0] : 1;
  const size_t first = init == Weights::Init::kHeNormal ? 2 : 1;
  for (size_t i = first; i < shape.size(); ++i) fan *= shape[i];
  return fan;
}

}  // namespace

at::Tensor Weights::Add(const std::string& name, at::IntArrayRef shape,
                        Init init, int64_t fan_in) {
  at::Tensor tensor;
  if (init == Init::kZeros) {
    tensor = at::zeros(shape);
  } else if (init == Init::kOnes) {
    tensor = at::ones(shape);
  } else {
    tensor = at::empty(shape);
    if (seed_) {
      float* data = tensor.data_ptr<float>();
      const int64_t size = tensor.numel();
      const int64_t fan = fan_in > 0 ? fan_in : FanOf(init, shape);
      const std::string purpose = "weights of " + name;
      ParallelFor((size + kChunk - 1) / kChunk, 0, [&](int64_t chunk) {
        RandomStream stream(*seed_, purpose, chunk);
        const int64_t begin = chunk * kChunk;
        FillChunk(&stream, init, fan, data + begin,
                  std::min(kChunk, size - begin));
      });
    }
  }
  tensor.requires_grad_();
  Insert(name, tensor, true);
  return tensor;
}

at::Tensor Weights::AddBuffer(const std::string& name, at::IntArrayRef shape,
                              Init init) {
  at::Tensor tensor = init == Init::kOnes ? at::ones(shape) : at::zeros(shape);
  Insert(name, tensor, false);
  return tensor;
}

at::Tensor Weights::AddCounter(const std::string& name) {
  at::Tensor tensor = at::zeros({}, at::kLong);
  Insert(name, tensor, false);
  return tensor;
}

void Weights::Insert(const std::string& name, const at::Tensor& tensor,
                     bool trained) {
  if (!by_name_.emplace(name, tensors_.size()).second) {
    throw Error(ErrorCode::kInternal, "a network has two tensors \"{}\"", name);
  }
  tensors_.push_back({name, tensor, trained});
}

const at::Tensor* Weights::Find(const std::string& name) const {
  const auto found = by_name_.find(name);
  return found == by_name_.end() ? nullptr : &tensors_[found->second].tensor;
}

}  // namespace plumbline
