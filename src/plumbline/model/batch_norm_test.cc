#include "plumbline/model/batch_norm.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include <vector>

#include "plumbline/base/team_for_test.h"

namespace plumbline {
namespace {

constexpr int64_t kChannels = 3;

double LargestDifference(const at::Tensor& a, const at::Tensor& b) {
  return (a.detach() - b.detach()).abs().max().item<double>();
}

// Numbers around 5, so that a variance computed carelessly would show.
at::Tensor Images(int64_t n, double first) {
  return (at::arange(n * kChannels * 4, at::kFloat) * 1.7 + first)
      .sin()
      .add(5)
      .view({n, kChannels, 2, 2});
}

// What a loss of the outputs sees: not the same for any two of them.
at::Tensor LossWeights(const at::Tensor& x) {
  return at::arange(x.numel(), at::kFloat).cos().view(x.sizes());
}

struct Trained {
  Weights weights{std::nullopt};
  BatchNorm norm{&weights, "bn", kChannels};
  at::Tensor y, gradient;

  // A forward and backward pass of a weighted sum of all outputs.
  void Run(const at::Tensor& images, const at::Tensor& loss_weights,
           const ForwardMode& mode) {
    const at::Tensor x = images.clone().requires_grad_();
    y = norm(x, mode);
    (y * loss_weights).sum().backward();
    gradient = x.grad();
  }
};

TEST(BatchNorm, NormalisesEachChannelOfTheBatch) {
  Trained trained;
  const at::Tensor images = Images(4, 0);
  trained.Run(images, LossWeights(images), {.training = true});
  EXPECT_LT(trained.y.mean({0, 2, 3}).abs().max().item<double>(), 1e-5);
  EXPECT_NEAR(trained.y.var({0, 2, 3}, false).min().item<double>(), 1, 1e-3);
}

TEST(BatchNorm, FollowsTheUnbiasedVarianceByATenth) {
  Trained trained;
  const at::Tensor images = Images(4, 0);
  trained.Run(images, LossWeights(images), {.training = true});
  const at::Tensor mean = images.mean({0, 2, 3}) * 0.1;
  const at::Tensor variance = images.var({0, 2, 3}, true) * 0.1 + 0.9;
  EXPECT_LT(LargestDifference(trained.norm.mean(), mean), 1e-6);
  EXPECT_LT(LargestDifference(trained.norm.variance(), variance), 1e-6);
  EXPECT_EQ(trained.weights.Find("bn.num_batches_tracked")->item<int64_t>(), 1);
}

TEST(BatchNorm, FrozenUsesTheRunningStatisticsAndStillLearns) {
  Trained trained;
  const at::Tensor images = Images(4, 0);
  trained.Run(images, LossWeights(images),
              {.training = true, .batch_norm = BatchNormPolicy::kFrozen});
  // Running mean 0 and variance 1 as at the beginning.
  EXPECT_LT(LargestDifference(trained.y, images / std::sqrt(1 + 1e-5)), 1e-5);
  EXPECT_EQ(trained.norm.mean().abs().max().item<double>(), 0);
  EXPECT_EQ(trained.weights.Find("bn.num_batches_tracked")->item<int64_t>(), 0);
  EXPECT_GT(trained.norm.weight().grad().abs().min().item<double>(), 0);
  EXPECT_GT(trained.norm.bias().grad().abs().min().item<double>(), 0);
}

TEST(BatchNorm, DoesNotLearnWithoutTraining) {
  Trained trained;
  const at::Tensor before = trained.norm.mean().clone();
  trained.norm(Images(4, 0), {});
  EXPECT_TRUE(trained.norm.mean().equal(before));
}

// Three processes with 1, 2 and 3 images do what one does with all six: the
// outputs, the running statistics and every gradient.
TEST(BatchNorm, SynchronisedEqualsOneProcessWithTheWholeBatch) {
  const at::Tensor images = Images(6, 0);
  const at::Tensor loss_weights = LossWeights(images);
  Trained whole;
  whole.Run(images, loss_weights, {.training = true});

  constexpr int kProcesses = 3;
  std::vector<Trained> parts(kProcesses);
  Team(kProcesses).Run([&](Communicator& world) {
    const int64_t begin = world.rank() * (world.rank() + 1) / 2;
    const int64_t end = begin + world.rank() + 1;
    parts[world.rank()].Run(images.slice(0, begin, end),
                            loss_weights.slice(0, begin, end),
                            {.training = true,
                             .batch_norm = BatchNormPolicy::kSynchronised,
                             .processes = &world});
  });
  std::vector<at::Tensor> y, gradient;
  at::Tensor weight_gradient = at::zeros({kChannels});
  at::Tensor bias_gradient = at::zeros({kChannels});
  for (const Trained& part : parts) {
    y.push_back(part.y);
    gradient.push_back(part.gradient);
    weight_gradient += part.norm.weight().grad();
    bias_gradient += part.norm.bias().grad();
    EXPECT_LT(LargestDifference(part.norm.mean(), whole.norm.mean()), 1e-6);
    EXPECT_LT(LargestDifference(part.norm.variance(), whole.norm.variance()),
              1e-6);
  }
  EXPECT_LT(LargestDifference(at::cat(y), whole.y), 1e-5);
  EXPECT_LT(LargestDifference(at::cat(gradient), whole.gradient), 1e-5);
  EXPECT_LT(LargestDifference(weight_gradient, whole.norm.weight().grad()),
            1e-5);
  EXPECT_LT(LargestDifference(bias_gradient, whole.norm.bias().grad()), 1e-5);
}

// The gradient of what one process alone adds to the loss reaches the images
// of the others.
TEST(BatchNorm, SynchronisedGradientsReachTheImagesOfOtherProcesses) {
  std::vector<Trained> parts(2);
  const at::Tensor images = Images(4, 0);
  Team(2).Run([&](Communicator& world) {
    const int64_t begin = 2 * world.rank();
    const at::Tensor own = images.slice(0, begin, begin + 2);
    parts[world.rank()].Run(
        own, world.rank() == 0 ? LossWeights(own) : at::zeros_like(own),
        {.training = true,
         .batch_norm = BatchNormPolicy::kSynchronised,
         .processes = &world});
  });
  EXPECT_GT(parts[1].gradient.abs().max().item<double>(), 1e-3);
}

}  // namespace
}  // namespace plumbline
