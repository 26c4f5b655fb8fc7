// Batch norm whose policy is said, not implied.
#pragma once

#include <ATen/core/Tensor.h>

#include <string>

#include "plumbline/base/communicator.h"
#include "plumbline/model/weights.h"

namespace plumbline {

// How batch norm gets mean and variance (Ioffe and Szegedy 2015).
enum class BatchNormPolicy {
  kFrozen,        // the running ones; weight and bias still learn
  kBatch,         // of this process's batch; the running ones follow
  kSynchronised,  // of the batches of all processes
};

// What the layers of a network need to know of the moment.
struct ForwardMode {
  bool training = false;  // dropout, batch norm by its policy
  BatchNormPolicy batch_norm = BatchNormPolicy::kBatch;
  Communicator* processes = nullptr;  // kSynchronised
};

class BatchNorm {
 public:
  // Adds NAME.weight, .bias, .running_mean, .running_var,
  // .num_batches_tracked.
  BatchNorm(Weights* weights, const std::string& name, int64_t channels,
            double epsilon = 1e-5, double momentum = 0.1);

  // n x channels x h x w. The running variance follows the unbiased one of the
  // batch, as torch.nn.BatchNorm2d's does. kSynchronised: all processes must
  // come here, and to the gradient, in the same order; the loss that is
  // minimised is the sum of theirs.
  at::Tensor operator()(const at::Tensor& x, const ForwardMode& mode) const;

  // num_batches_tracked += 1, which operator() does by itself.
  void CountBatch() const;

  const at::Tensor& weight() const { return weight_; }
  const at::Tensor& bias() const { return bias_; }
  const at::Tensor& mean() const { return mean_; }
  const at::Tensor& variance() const { return variance_; }
  double epsilon() const { return epsilon_; }
  double momentum() const { return momentum_; }

 private:
  // By the mean and variance of the batches of all processes.
  at::Tensor Synchronised(const at::Tensor& x, Communicator* processes) const;

  at::Tensor weight_, bias_, mean_, variance_, batches_;
  double epsilon_, momentum_;
};

}  // namespace plumbline
