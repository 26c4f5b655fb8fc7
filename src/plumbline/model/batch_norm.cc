#include "plumbline/model/batch_norm.h"

#include <ATen/ATen.h>

#include <span>

#include "plumbline/base/error.h"

namespace plumbline {
namespace {

void SumInPlace(Communicator* processes, at::Tensor* values) {
  at::Tensor here = values->to(at::kCPU).contiguous();
  processes->Sum({here.data_ptr<float>(), static_cast<size_t>(here.numel())});
  if (!here.is_same(*values)) values->copy_(here);
}

// The sum of `local` over all processes, as an operation with a gradient. The
// loss of the whole is the sum of the processes' losses and each of them
// depends on every process's `local`, so that the gradient is summed as well.
at::Tensor SumOverProcesses(const at::Tensor& local, Communicator* processes) {
  at::Tensor others = local.detach().clone();
  SumInPlace(processes, &others);
  others -= local.detach();
  at::Tensor sum = local + others;
  if (sum.requires_grad()) {
    sum.register_hook([processes](const at::Tensor& gradient) {
      at::Tensor all = gradient.clone();
      SumInPlace(processes, &all);
      return all;
    });
  }
  return sum;
}

}  // namespace

BatchNorm::BatchNorm(Weights* weights, const std::string& name,
                     int64_t channels, double epsilon, double momentum)
    : weight_(weights->Add(name + ".weight", {channels}, Weights::Init::kOnes)),
      bias_(weights->Add(name + ".bias", {channels}, Weights::Init::kZeros)),
      mean_(weights->AddBuffer(name + ".running_mean", {channels},
                               Weights::Init::kZeros)),
      variance_(weights->AddBuffer(name + ".running_var", {channels},
                                   Weights::Init::kOnes)),
      batches_(weights->AddCounter(name + ".num_batches_tracked")),
      epsilon_(epsilon),
      momentum_(momentum) {}

void BatchNorm::CountBatch() const {
  at::Tensor batches = batches_;
  batches += 1;
}

at::Tensor BatchNorm::operator()(const at::Tensor& x,
                                 const ForwardMode& mode) const {
  const bool follow =
      mode.training && mode.batch_norm != BatchNormPolicy::kFrozen;
  if (follow) CountBatch();
  if (follow && mode.batch_norm == BatchNormPolicy::kSynchronised) {
    return Synchronised(x, mode.processes);
  }
  return at::batch_norm(x, weight_, bias_, mean_, variance_, follow, momentum_,
                        epsilon_, /*cudnn_enabled=*/true);
}

at::Tensor BatchNorm::Synchronised(const at::Tensor& x,
                                   Communicator* processes) const {
  if (processes == nullptr) {
    throw Error(ErrorCode::kInternal,
                "synchronised batch norm was given no processes");
  }
  // Mean first, then the squares around it: a sum of squares around zero would
  // lose the digits of a variance that is small beside the mean.
  const at::Tensor wide = x.to(at::kFloat);
  const int64_t channels = x.size(1);
  const at::Tensor count_here =
      at::full({1}, static_cast<double>(x.numel() / channels), wide.options());
  const at::Tensor sums =
      SumOverProcesses(at::cat({wide.sum({0, 2, 3}), count_here}), processes);
  const at::Tensor count = sums.slice(0, channels).detach();
  const at::Tensor mean = sums.slice(0, 0, channels) / count;
  const at::Tensor centred = wide - mean.view({1, channels, 1, 1});
  const at::Tensor variance =
      SumOverProcesses((centred * centred).sum({0, 2, 3}), processes) / count;

  {
    const at::NoGradGuard no_gradient;
    at::Tensor running_mean = mean_, running_variance = variance_;
    running_mean.lerp_(mean, momentum_);
    running_variance.lerp_(variance * (count / (count - 1)), momentum_);
  }
  const at::Tensor scale = at::rsqrt(variance + epsilon_) * weight_;
  return (centred * scale.view({1, channels, 1, 1}) +
          bias_.view({1, channels, 1, 1}))
      .to(x.scalar_type());
}

}  // namespace plumbline
