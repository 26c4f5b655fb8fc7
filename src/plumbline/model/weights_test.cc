#include "plumbline/model/weights.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include "plumbline/base/test_support.h"

namespace plumbline {
namespace {

using Init = Weights::Init;

TEST(Weights, AreAFunctionOfSeedAndNameAlone) {
  Weights first(1), second(1), other(2);
  const at::Tensor a = first.Add("a", {100, 70, 3, 3}, Init::kHeNormal);
  second.Add("b", {5, 5}, Init::kLinearUniform);
  EXPECT_TRUE(second.Add("a", {100, 70, 3, 3}, Init::kHeNormal).equal(a));
  EXPECT_FALSE(first.Add("b", {100, 70, 3, 3}, Init::kHeNormal).equal(a));
  EXPECT_FALSE(other.Add("a", {100, 70, 3, 3}, Init::kHeNormal).equal(a));
}

// 4.7 million numbers: the mean of squares has a relative standard error of
// 0.07 %, the bounds are five of them.
TEST(Weights, OfConvolutionsHaveAVarianceOfTwoOverTheFanOut) {
  Weights weights(1);
  const at::Tensor w = weights.Add("w", {1024, 512, 3, 3}, Init::kHeNormal);
  const double expected = 2.0 / (1024 * 9);
  EXPECT_NEAR(w.square().mean().item<double>() / expected, 1, 0.0035);
  EXPECT_NEAR(w.mean().item<double>() / std::sqrt(expected), 0, 0.0024);
  // Normal, not merely of that variance: 4.55 % lie beyond two deviations.
  const double beyond =
      (w.abs() > 2 * std::sqrt(expected)).to(at::kFloat).mean().item<double>();
  EXPECT_NEAR(beyond, 0.0455, 0.0005);
}

TEST(Weights, OfLinearLayersFillTheIntervalOfTorch) {
  Weights weights(1);
  const at::Tensor w = weights.Add("w", {400, 100}, Init::kLinearUniform);
  EXPECT_LE(w.abs().max().item<double>(), 0.1);
  EXPECT_GT(w.max().item<double>(), 0.0999);
  EXPECT_LT(w.min().item<double>(), -0.0999);
  const at::Tensor b = weights.Add("b", {40000}, Init::kLinearUniform, 100);
  EXPECT_LE(b.abs().max().item<double>(), 0.1);
  EXPECT_GT(b.abs().max().item<double>(), 0.0999);
}

TEST(Weights, OfTransformersAreCutAtTwoDeviations) {
  Weights weights(1);
  const at::Tensor w = weights.Add("w", {300, 300}, Init::kNormal002);
  EXPECT_LE(w.abs().max().item<double>(), 0.04);
  EXPECT_GT(w.abs().max().item<double>(), 0.0399);
}

TEST(Weights, KnowWhichOfThemAreTrained) {
  Weights weights(1);
  EXPECT_TRUE(weights.Add("w", {2}, Init::kOnes).requires_grad());
  EXPECT_FALSE(weights.AddBuffer("s", {2}, Init::kOnes).requires_grad());
  EXPECT_EQ(weights.AddCounter("n").scalar_type(), at::kLong);
  ASSERT_EQ(weights.tensors().size(), 3u);
  EXPECT_TRUE(weights.tensors()[0].trained);
  EXPECT_FALSE(weights.tensors()[1].trained);
  EXPECT_FALSE(weights.tensors()[2].trained);
  EXPECT_EQ(weights.Find("s")->sum().item<double>(), 2);
  EXPECT_EQ(weights.Find("t"), nullptr);
}

TEST(Weights, RefuseANameThatIsThereAlready) {
  Weights weights(1);
  weights.Add("w", {2}, Init::kOnes);
  EXPECT_EQ(ErrorText([&] { weights.Add("w", {2}, Init::kOnes); }),
            "70: a network has two tensors \"w\"");
}

}  // namespace
}  // namespace plumbline
