#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "plumbline/base/file.h"
#include "plumbline/base/test_support.h"
#include "plumbline/infer/safetensors.h"
#include "plumbline/model/network.h"
#include "plumbline/model/tensor_views.h"

namespace plumbline {
namespace {

ModelCard Card(const std::string& architecture, int side, int channels,
               int outputs = 2) {
  ModelCard card;
  card.architecture = architecture;
  card.preprocessing = {.side = side, .channels = channels};
  for (int i = 0; i < outputs; ++i) {
    card.targets.push_back({.name = "t" + std::to_string(i)});
  }
  return card;
}

at::Tensor Images(int64_t n, int channels, int side) {
  return at::arange(n * channels * side * side, at::kFloat)
      .mul(0.37)
      .sin()
      .view({n, channels, side, side});
}

double LargestDifference(const at::Tensor& a, const at::Tensor& b) {
  return (a - b).abs().max().item<double>();
}

class LoadWeightsTest : public testing::Test {
 protected:
  // Writes the tensors of a network as another library would save it: the last
  // layer under its own name, all of one type.
  std::string Save(const Network& network,
                   at::ScalarType type = at::kFloat) const {
    std::vector<at::Tensor> kept;
    TensorFile content;
    for (const NamedTensor& named : network.weights().tensors()) {
      std::string name = named.name;
      if (name.starts_with("head.")) {
        name = network.backbone().last_layer() + name.substr(4);
      }
      const bool counter = named.tensor.scalar_type() == at::kLong;
      kept.push_back(named.tensor.detach().to(counter ? at::kLong : type));
      content.tensors.push_back(ViewOf(name, kept.back()));
    }
    const std::string path = folder_ / "w.safetensors";
    WriteFile(path, SafetensorsBytes(content));
    return path;
  }

  std::string ErrorOfLoading(const std::string& file, Network* network) const {
    std::string text = ErrorText([&] { LoadWeights(file, network); });
    const size_t at = text.find(folder_.path());
    if (at != std::string::npos) text.erase(at, folder_.path().size() + 1);
    return text;
  }

  TemporaryFolder folder_;
};

TEST_F(LoadWeightsTest, TakesAllTensorsOfTheSameNetwork) {
  const Network saved(Card("resnet18", 32, 3), 1);
  Network network(Card("resnet18", 32, 3), 2);
  const WeightsReport report = LoadWeights(Save(saved), &network);
  EXPECT_EQ(report.matched.size(), 102u);  // 62 trained, 40 statistics
  EXPECT_TRUE(report.missing.empty());
  EXPECT_TRUE(report.unexpected.empty());
  EXPECT_TRUE(report.other_shape.empty());
  EXPECT_TRUE(report.adapted.empty());
  const at::NoGradGuard no_gradient;
  const at::Tensor images = Images(2, 3, 32);
  EXPECT_TRUE(network.Outputs(images, {}).equal(saved.Outputs(images, {})));
}

TEST_F(LoadWeightsTest, SumsTheChannelsOfTheFirstConvolutionForGreyImages) {
  const at::NoGradGuard no_gradient;
  const Network saved(Card("resnet18", 32, 3), 1);
  Network network(Card("resnet18", 32, 1), 2);
  const WeightsReport report = LoadWeights(Save(saved), &network);
  EXPECT_EQ(report.adapted,
            std::vector<std::string>{"conv1.weight: 3 channels summed to 1"});
  const at::Tensor grey = Images(2, 1, 32);
  const at::Tensor colour = grey.expand({2, 3, 32, 32});
  EXPECT_LT(
      LargestDifference(network.Outputs(grey, {}), saved.Outputs(colour, {})),
      1e-4);
}

TEST_F(LoadWeightsTest, SpreadsOneChannelOverThree) {
  const at::NoGradGuard no_gradient;
  const Network saved(Card("small-cnn", 32, 1), 1);
  Network network(Card("small-cnn", 32, 3), 2);
  const WeightsReport report = LoadWeights(Save(saved), &network);
  EXPECT_EQ(report.adapted,
            std::vector<std::string>{"block1.conv.weight: 1 channel spread "
                                     "over 3, a third each"});
  const at::Tensor grey = Images(2, 1, 32);
  EXPECT_LT(LargestDifference(network.Outputs(grey.expand({2, 3, 32, 32}), {}),
                              saved.Outputs(grey, {})),
            1e-5);
}

TEST_F(LoadWeightsTest, LeavesALastLayerOfAnotherShape) {
  const Network saved(Card("resnet18", 32, 3, 5), 1);
  Network network(Card("resnet18", 32, 3, 2), 2);
  const at::Tensor before = network.weights().Find("head.bias")->clone();
  const WeightsReport report = LoadWeights(Save(saved), &network);
  EXPECT_EQ(report.other_shape, (std::vector<std::string>{
                                    "fc.weight: 5x512 in the file, 2x512 here",
                                    "fc.bias: 5 in the file, 2 here"}));
  EXPECT_TRUE(network.weights().Find("head.bias")->equal(before));
  EXPECT_TRUE(network.weights()
                  .Find("layer4.1.conv2.weight")
                  ->equal(*saved.weights().Find("layer4.1.conv2.weight")));
}

TEST_F(LoadWeightsTest, ConvertsHalvesAndDoubles) {
  const Network saved(Card("small-cnn", 32, 1), 1);
  const at::Tensor& before = *saved.weights().Find("block4.conv.weight");
  const double largest = before.abs().max().item<double>();
  for (const auto& [type, error] :
       {std::pair(at::kHalf, 1e-3), std::pair(at::kBFloat16, 8e-3),
        std::pair(at::kDouble, 0.0)}) {
    Network network(Card("small-cnn", 32, 1), 2);
    LoadWeights(Save(saved, type), &network);
    EXPECT_LE(LargestDifference(*network.weights().Find("block4.conv.weight"),
                                before),
              error * largest)
        << at::toString(type);
  }
}

TEST_F(LoadWeightsTest, InterpolatesPositionsToAnotherSide) {
  Network saved(Card("vit-s16", 64, 3), 1);
  {
    // A picture of positions that a bicubic interpolation keeps: a plane.
    const at::NoGradGuard no_gradient;
    at::Tensor positions = *saved.weights().Find("pos_embed");
    for (int64_t y = 0; y < 4; ++y) {
      for (int64_t x = 0; x < 4; ++x) {
        positions.select(1, 1 + 4 * y + x).fill_(10.0 * (y + 0.5) + x + 0.5);
      }
    }
  }
  Network network(Card("vit-s16", 128, 3), 2);
  const WeightsReport report = LoadWeights(Save(saved), &network);
  EXPECT_EQ(report.adapted,
            std::vector<std::string>{"pos_embed: positions interpolated from "
                                     "4 x 4 patches to 8 x 8"});
  const at::Tensor& positions = *network.weights().Find("pos_embed");
  EXPECT_TRUE(positions.select(1, 0).equal(
      saved.weights().Find("pos_embed")->select(1, 0)));
  // In the middle, where no border is near: half the steps.
  for (const int64_t y : {3, 4}) {
    for (const int64_t x : {3, 4}) {
      EXPECT_NEAR(positions[0][1 + 8 * y + x][7].item<double>(),
                  10 * (y + 0.5) / 2 + (x + 0.5) / 2, 0.2);
    }
  }
}

TEST_F(LoadWeightsTest, SaysWhatIsMissingAndWhatIsTooMuch) {
  const Network saved(Card("small-cnn", 32, 1), 1);
  TensorFile content;
  std::vector<at::Tensor> kept;
  for (const NamedTensor& named : saved.weights().tensors()) {
    const bool renamed = named.name == "block2.norm.bias";
    kept.push_back(named.tensor.detach());
    content.tensors.push_back(
        ViewOf(renamed ? "block2.other" : named.name, kept.back()));
  }
  const std::string path = folder_ / "w.safetensors";
  WriteFile(path, SafetensorsBytes(content));
  Network network(Card("small-cnn", 32, 1), 2);
  const WeightsReport report = LoadWeights(path, &network);
  EXPECT_EQ(report.missing, std::vector<std::string>{"block2.norm.bias"});
  EXPECT_EQ(report.unexpected, std::vector<std::string>{"block2.other"});
}

TEST_F(LoadWeightsTest, NamesTheArchitectureWhoseWeightsTheseAre) {
  const std::string file = Save(Network(Card("densenet121", 32, 3), 1));
  Network network(Card("resnet18", 32, 1), 2);
  const at::Tensor before = network.weights().Find("conv1.weight")->clone();
  EXPECT_EQ(ErrorOfLoading(file, &network),
            "3: w.safetensors: these are the weights of densenet121, not of "
            "resnet18; train with --network densenet121");
  EXPECT_TRUE(network.weights().Find("conv1.weight")->equal(before));
}

// All tensors of ResNet-18 are in ResNet-34 too, with the same shapes.
TEST_F(LoadWeightsTest, DoesNotTakeHalfOfALargerNetwork) {
  const std::string file = Save(Network(Card("resnet34", 32, 3), 1));
  Network network(Card("resnet18", 32, 3), 2);
  EXPECT_EQ(ErrorOfLoading(file, &network),
            "3: w.safetensors: these are the weights of resnet34, not of "
            "resnet18; train with --network resnet34");
}

TEST_F(LoadWeightsTest, RefusesWeightsOfANetworkThatItDoesNotKnow) {
  const at::Tensor weight = at::zeros({96, 3, 4, 4});
  const std::string path = folder_ / "w.safetensors";
  WriteFile(path, SafetensorsBytes({{ViewOf("stem.0.weight", weight)}, {}}));
  Network network(Card("resnet18", 32, 3), 2);
  EXPECT_EQ(ErrorOfLoading(path, &network),
            "3: w.safetensors: these are the weights of another architecture: "
            "0 of the 102 tensors of resnet18 are in it, under torchvision's "
            "or timm's names and with their shapes; its first is "
            "\"stem.0.weight\", 96x3x4x4");
}

}  // namespace
}  // namespace plumbline
