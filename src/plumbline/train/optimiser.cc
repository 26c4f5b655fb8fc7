#include "plumbline/train/optimiser.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <utility>

#include "plumbline/base/error.h"
#include "plumbline/base/thread_pool.h"
#include "plumbline/stats/target_clones.h"

// g++ 12 vectorises loops of unknown length from this level on.
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC optimize("O3")
#endif

namespace plumbline::train {
namespace {

constexpr int64_t kBlock = int64_t{1} << 16;

struct AdamStep {
  float keep;  // what weight decay leaves of a weight
  float rate;  // learning rate over the correction of the mean
  float root;  // root of the correction of the squares
  float beta1, beta2;
  float rest1, rest2;  // one minus these, rounded once
  float epsilon;
};

PLUMBLINE_TARGET_CLONES
void StepAdam(const AdamStep& step, const float* gradient, int64_t n,
              float* first, float* second, float* weights) {
  for (int64_t i = 0; i < n; ++i) {
    const float g = gradient[i];
    first[i] = first[i] * step.beta1 + g * step.rest1;
    second[i] = second[i] * step.beta2 + g * g * step.rest2;
    weights[i] =
        weights[i] * step.keep -
        step.rate *
            (first[i] / (std::sqrt(second[i]) / step.root + step.epsilon));
  }
}

PLUMBLINE_TARGET_CLONES
void StepSgd(float rate, float momentum, float decay, const float* gradient,
             int64_t n, float* velocity, float* weights) {
  for (int64_t i = 0; i < n; ++i) {
    velocity[i] = momentum * velocity[i] + (gradient[i] + decay * weights[i]);
    weights[i] -= rate * velocity[i];
  }
}

PLUMBLINE_TARGET_CLONES
double SquaresOf(const float* values, int64_t n) {
  // Sixteen sums that a processor can hold side by side.
  double sums[16] = {};
  int64_t i = 0;
  for (; i + 16 <= n; i += 16) {
    for (int j = 0; j < 16; ++j) {
      sums[j] += static_cast<double>(values[i + j]) * values[i + j];
    }
  }
  double sum = 0;
  for (const double part : sums) sum += part;
  for (; i < n; ++i) sum += static_cast<double>(values[i]) * values[i];
  return sum;
}

}  // namespace

GradientDescent::GradientDescent(const TrainOptions& options, int64_t weights)
    : kind_(options.optimiser),
      decay_(options.weight_decay),
      momentum_(options.momentum),
      threads_(options.threads) {
  state_.first.resize(weights);
  if (kind_ == Optimiser::kAdamW) state_.second.resize(weights);
}

void GradientDescent::Step(double learning_rate,
                           std::span<const float> gradient,
                           std::span<float> weights) {
  ++state_.steps;
  const auto t = static_cast<double>(state_.steps);
  const AdamStep adam{
      static_cast<float>(1 - learning_rate * decay_),
      static_cast<float>(learning_rate / (1 - std::pow(kBeta1, t))),
      static_cast<float>(std::sqrt(1 - std::pow(kBeta2, t))),
      static_cast<float>(kBeta1),
      static_cast<float>(kBeta2),
      static_cast<float>(1 - kBeta1),
      static_cast<float>(1 - kBeta2),
      static_cast<float>(kEpsilon)};
  const auto n = static_cast<int64_t>(weights.size());
  ParallelFor((n + kBlock - 1) / kBlock, threads_, [&](int64_t block) {
    const int64_t begin = block * kBlock;
    const int64_t size = std::min(kBlock, n - begin);
    if (kind_ == Optimiser::kAdamW) {
      StepAdam(adam, gradient.data() + begin, size, state_.first.data() + begin,
               state_.second.data() + begin, weights.data() + begin);
    } else {
      StepSgd(static_cast<float>(learning_rate), static_cast<float>(momentum_),
              static_cast<float>(decay_), gradient.data() + begin, size,
              state_.first.data() + begin, weights.data() + begin);
    }
  });
}

void GradientDescent::Restore(OptimiserState state) {
  if (state.first.size() != state_.first.size() ||
      state.second.size() != state_.second.size()) {
    throw Error(ErrorCode::kInternal,
                "the optimiser's state has {} numbers, "
                "this network needs {}",
                state.first.size(), state_.first.size());
  }
  state_ = std::move(state);
}

double LearningRate(const TrainOptions& options, int64_t step, int64_t steps) {
  const auto all = static_cast<double>(steps);
  const double warm = std::floor(options.warmup * all);
  const auto at = static_cast<double>(step);
  if (at < warm) return options.learning_rate * (at + 1) / (warm + 1);
  const double share = all > warm ? (at - warm) / (all - warm) : 0;
  switch (options.schedule) {
    case Schedule::kConstant:
      return options.learning_rate;
    case Schedule::kCosine:
      return options.learning_rate * 0.5 *
             (1 + std::cos(std::numbers::pi * share));
    case Schedule::kStep:
      return options.learning_rate * (share < 0.6    ? 1
                                      : share < 0.85 ? 0.1
                                                     : 0.01);
  }
  return options.learning_rate;
}

double NormOf(std::span<const float> values) {
  const auto n = static_cast<int64_t>(values.size());
  double sum = 0;
  for (int64_t begin = 0; begin < n; begin += kBlock) {
    sum += SquaresOf(values.data() + begin, std::min(kBlock, n - begin));
  }
  return std::sqrt(sum);
}

void Scale(double factor, std::span<float> values) {
  const auto f = static_cast<float>(factor);
  for (float& value : values) value *= f;
}

void MoveMean(double decay, std::span<const float> values,
              std::span<float> mean) {
  const auto keep = static_cast<float>(decay);
  const auto add = static_cast<float>(1 - decay);
  for (size_t i = 0; i < values.size(); ++i) {
    mean[i] = keep * mean[i] + add * values[i];
  }
}

}  // namespace plumbline::train
