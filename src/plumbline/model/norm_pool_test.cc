#include "plumbline/model/norm_pool.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include <cmath>

#include "plumbline/model/formula_for_test.h"

namespace plumbline {
namespace {

struct Result {
  at::Tensor y, dx, dw, db, mean, variance;
};

Result Trained(bool together, int64_t side, int64_t n) {
  Weights weights(std::nullopt);
  const BatchNorm norm(&weights, "norm", 6);
  at::Tensor w = norm.weight(), b = norm.bias(), mean = norm.mean(),
             variance = norm.variance();
  {
    const at::NoGradGuard no_gradient;
    // Both signs.
    w.copy_(Uniform("w", {6}));
    b.copy_(Uniform("b", {6}) * 0.5);
    mean.zero_();
    variance.fill_(1);
  }
  w.set_requires_grad(true);
  b.set_requires_grad(true);
  at::Tensor x = (Uniform("x", {n, 6, side, side}) * 3 + 0.7).to(at::kFloat);
  // Equal ones, as in the black of a film.
  x = at::round(x * 2) / 2;
  x.set_requires_grad(true);
  const ForwardMode mode{.training = true};
  const at::Tensor y = together ? NormPoolRelu(x, norm)
                                : at::relu(at::max_pool2d(norm(x, mode), 2));
  const at::Tensor pull = Uniform("pull", y.sizes()).to(at::kFloat);
  (y * pull).sum().backward();
  return {y.detach(), x.grad(), w.grad(), b.grad(), mean, variance};
}

void ExpectNear(const at::Tensor& a, const at::Tensor& b, const char* what) {
  ASSERT_EQ(a.sizes(), b.sizes()) << what;
  const double largest = b.abs().max().item<double>();
  EXPECT_LT((a - b).abs().max().item<double>(), 1e-5 * std::max(1.0, largest))
      << what;
}

TEST(NormPoolRelu, EqualsTheThreeOperationsOneAfterTheOther) {
  for (const auto& [side, n] : {std::pair{32, 5}, {2, 3}, {10, 2}, {66, 1}}) {
    const Result one = Trained(true, side, n), three = Trained(false, side, n);
    ExpectNear(one.y, three.y, "y");
    ExpectNear(one.dx, three.dx, "dx");
    ExpectNear(one.dw, three.dw, "dw");
    ExpectNear(one.db, three.db, "db");
    ExpectNear(one.mean, three.mean, "mean");
    ExpectNear(one.variance, three.variance, "variance");
  }
}

TEST(NormPoolRelu, LetsNothingThatIsNoNumberDisappear) {
  Weights weights(std::nullopt);
  const BatchNorm norm(&weights, "norm", 1);
  const at::NoGradGuard no_gradient;
  at::Tensor w = norm.weight(), b = norm.bias();
  w.fill_(1);
  b.zero_();
  at::Tensor x = at::ones({1, 1, 4, 4});
  x[0][0][1][1] = std::nan("");
  EXPECT_TRUE(at::isnan(NormPoolRelu(x, norm)).all().item<bool>());
}

TEST(PoolRelu, EqualsTheTwoOperations) {
  const at::Tensor x = Uniform("x", {2, 3, 18, 6}).to(at::kFloat);
  ExpectNear(PoolRelu(x), at::relu(at::max_pool2d(x, 2)), "y");
  EXPECT_TRUE(CanNormPool(x));
  EXPECT_FALSE(CanNormPool(x.narrow(3, 0, 5)));
  EXPECT_FALSE(CanNormPool(x.to(at::kBFloat16)));
}

}  // namespace
}  // namespace plumbline
