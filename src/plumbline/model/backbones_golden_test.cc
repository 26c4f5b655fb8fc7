// Every network against torchvision's, with weights that both sides compute:
// tests/golden/backbones.py, which states the formulas.
#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include "plumbline/base/file.h"
#include "plumbline/base/json.h"
#include "plumbline/model/formula_for_test.h"
#include "plumbline/model/network.h"

namespace plumbline {
namespace {

constexpr int64_t kImages = 2;
constexpr int kChannels = 3;

void Fill(Network* network, const std::string& last_layer) {
  const at::NoGradGuard no_gradient;
  for (const NamedTensor& named : network->weights().tensors()) {
    if (named.tensor.scalar_type() != at::kFloat) continue;
    std::string name = named.name;
    if (name.starts_with("head.")) name = last_layer + name.substr(4);
    at::Tensor to = named.tensor;
    to.copy_(Value(name, to.sizes()));
  }
}

// The eight that the file has, of `values`, relative to the largest.
void ExpectFew(const at::Tensor& values, const Json& expected, double largest) {
  const at::Tensor flat = values.flatten().contiguous();
  const int64_t step = std::max<int64_t>(1, flat.numel() / 8);
  ASSERT_EQ(expected.size(), 8u);
  for (int64_t i = 0; i < 8; ++i) {
    EXPECT_NEAR(flat.data_ptr<float>()[i * step],
                expected[static_cast<size_t>(i)].get<double>(), 1e-5 * largest)
        << i;
  }
}

class BackboneGolden : public testing::TestWithParam<const char*> {};

TEST_P(BackboneGolden, EqualsTorchvision) {
  const std::string path = PLUMBLINE_SOURCE_DIR "/tests/golden/backbones.json";
  const Json golden = ParseJson(ReadFile(path), path);
  const Json& expected = golden.at(GetParam());
  ModelCard card;
  card.architecture = GetParam();
  card.preprocessing = {.side = expected.at("side").get<int>(),
                        .channels = kChannels};
  for (int i = 0; i < 8; ++i) {
    card.targets.push_back({.name = std::to_string(i)});
  }
  Network network(card, std::nullopt);
  EXPECT_EQ(network.backbone().last_layer(),
            expected.at("last_layer").get<std::string>());
  Fill(&network, network.backbone().last_layer());

  const at::NoGradGuard no_gradient;
  const int64_t side = card.preprocessing.side;
  const at::Tensor images =
      Value("images", {kImages, kChannels, side, side}).to(at::kFloat);
  const double largest_feature = expected.at("largest_feature").get<double>();
  const double largest_output = expected.at("largest_output").get<double>();
  const at::Tensor features = network.backbone().Features(images, {});
  ExpectFew(features, expected.at("features"), largest_feature);
  ExpectFew(network.OutputsOf(features), expected.at("outputs"),
            largest_output);

  // The same with batch norms in the convolutions, where they can be.
  network.mutable_backbone()->FoldBatchNorms();
  ExpectFew(network.Outputs(images, {}), expected.at("outputs"),
            largest_output);
}

INSTANTIATE_TEST_SUITE_P(All, BackboneGolden,
                         testing::Values("resnet18", "resnet34", "resnet50",
                                         "densenet121", "efficientnet-b0",
                                         "vit-s16"));

}  // namespace
}  // namespace plumbline
