#include "plumbline/infer/scorer.h"

#include <gtest/gtest.h>

#include <cmath>

namespace plumbline {
namespace {

ModelCard CardOf(std::vector<ModelTarget> targets, Activation activation) {
  ModelCard card;
  card.targets = std::move(targets);
  card.activation = activation;
  return card;
}

TEST(Activate, IsTheSigmoidOfEachBinaryTarget) {
  const ModelCard card =
      CardOf({{.name = "a"}, {.name = "b"}}, Activation::kSigmoid);
  std::vector<float> values = {0, std::log(3.0F), -1000, 1000};
  Activate(card, 2, &values);
  EXPECT_FLOAT_EQ(values[0], 0.5F);
  EXPECT_FLOAT_EQ(values[1], 0.75F);
  EXPECT_EQ(values[2], 0);
  EXPECT_EQ(values[3], 1);
}

TEST(Activate, IsTheSoftmaxOverAllOutputsOfAnImage) {
  const ModelCard card =
      CardOf({{.name = "a"}, {.name = "b"}}, Activation::kSoftmax);
  std::vector<float> values = {1000 + std::log(3.0F), 1000, 5, 5};
  Activate(card, 2, &values);
  EXPECT_NEAR(values[0], 0.75, 1e-4);
  EXPECT_NEAR(values[0] + values[1], 1, 1e-6);
  EXPECT_FLOAT_EQ(values[2], 0.5F);
}

TEST(Activate, GoesByTheKindOfEachTarget) {
  const ModelCard card = CardOf(
      {{.name = "ill"},
       {.name = "view", .kind = TargetKind::kClasses, .levels = {"AP", "PA"}},
       {.name = "age",
        .kind = TargetKind::kContinuous,
        .scale = 10,
        .offset = 50}},
      Activation::kSigmoid);
  std::vector<float> values = {0, 2, 2, -1.5F};
  Activate(card, 1, &values);
  EXPECT_EQ(values, (std::vector<float>{0.5F, 0.5F, 0.5F, 35}));
}

TEST(Activate, LeavesScoresAlone) {
  const ModelCard card = CardOf({{.name = "a"}}, Activation::kNone);
  std::vector<float> values = {0.25F, 7};
  Activate(card, 2, &values);
  EXPECT_EQ(values, (std::vector<float>{0.25F, 7}));
}

}  // namespace
}  // namespace plumbline
