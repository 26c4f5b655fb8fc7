// Steps of gradient descent on all weights of a network at once, as one row of
// numbers. No LibTorch: what the numbers mean does not matter here.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "plumbline/train/options.h"

namespace plumbline::train {

// What an optimiser remembers, for checkpoints.
struct OptimiserState {
  std::vector<float> first;   // AdamW: mean of gradients; SGD: momentum
  std::vector<float> second;  // AdamW: mean of squares; SGD: empty
  int64_t steps = 0;
};

// Of AdamW.
inline constexpr double kBeta1 = 0.9, kBeta2 = 0.999, kEpsilon = 1e-8;

// AdamW: Loshchilov and Hutter 2019, "Decoupled weight decay regularization",
// algorithm 2, with betas 0.9 and 0.999 and epsilon 1e-8. SGD: momentum as in
// Sutskever et al. 2013 in PyTorch's form, v = momentum v + (g + decay w),
// w -= rate v. Weight decay goes to every weight. Both give PyTorch's numbers
// to rounding.
class GradientDescent {
 public:
  GradientDescent(const TrainOptions& options, int64_t weights);

  // One step; both spans hold as many numbers as there are weights.
  void Step(double learning_rate, std::span<const float> gradient,
            std::span<float> weights);

  const OptimiserState& state() const { return state_; }
  // Throws Error(kInternal) for a state of another size.
  void Restore(OptimiserState state);

 private:
  Optimiser kind_;
  double decay_, momentum_;
  int threads_;
  OptimiserState state_;
};

// The learning rate of a step, counted from 0, of `steps`: rises linearly over
// the first warmup * steps to options.learning_rate, then stays, falls along
// half a cosine to 0 (Loshchilov and Hutter 2017, eq. 5), or falls to a tenth
// after 60 % and to a hundredth after 85 % of the steps.
double LearningRate(const TrainOptions& options, int64_t step, int64_t steps);

// The Euclidean norm, the same for any number of threads.
double NormOf(std::span<const float> values);

// values *= factor.
void Scale(double factor, std::span<float> values);

// mean = decay * mean + (1 - decay) * values.
void MoveMean(double decay, std::span<const float> values,
              std::span<float> mean);

}  // namespace plumbline::train
