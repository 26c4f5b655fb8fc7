#include <ATen/ATen.h>
#include <gtest/gtest.h>
#include <torch/script.h>

#include <cmath>

#include "plumbline/base/file.h"
#include "plumbline/base/test_support.h"
#include "plumbline/model/scorers.h"

namespace plumbline {
namespace {

class TorchScriptTest : public testing::Test {
 protected:
  // A module with a convolution of `weight` (3 outputs of 3 channels unless
  // given) and the given body of forward.
  void Save(const std::string& body,
            const at::Tensor& weight =
                at::arange(27, at::kFloat).view({3, 3, 1, 3}).div(27)) const {
    torch::jit::Module module("model");
    module.register_attribute("training", c10::BoolType::get(), false);
    module.register_parameter("weight", weight, false);
    module.define("def forward(self, x):\n" + body);
    module.save(file_);
  }
  static ModelCard Card(int targets = 3, int side = 8, int channels = 3) {
    ModelCard card;
    card.architecture = "torchscript";
    card.preprocessing = {.side = side, .channels = channels};
    for (int i = 0; i < targets; ++i) {
      card.targets.push_back({.name = "t" + std::to_string(i)});
    }
    return card;
  }
  std::unique_ptr<Scorer> Open(const ModelCard& card = Card(),
                               ScorerOptions options = {}) const {
    options.threads = 1;
    return OpenTorchScript(file_, card, options);
  }
  std::string ErrorOfOpening(const ModelCard& card = Card()) const {
    std::string text = ErrorText([&] { Open(card); });
    const size_t at = text.find(folder_.path());
    if (at != std::string::npos) text.erase(at, folder_.path().size() + 1);
    return text;
  }

  TemporaryFolder folder_;
  std::string file_ = folder_ / "m.pt";
};

constexpr const char* kConvolve =
    "    return torch.mean(torch.conv2d(x, self.weight), [2, 3])\n";

TEST_F(TorchScriptTest, GivesTheScoresOfTheModel) {
  Save(kConvolve);
  const ModelCard card = Card();
  std::vector<float> input(5 * card.preprocessing.input_size());
  for (size_t i = 0; i < input.size(); ++i) {
    input[i] = std::sin(0.37F * static_cast<float>(i));
  }
  const auto scorer = Open(card, {.batch = 2});
  EXPECT_EQ(scorer->embedding_size(), 0);
  EXPECT_FALSE(scorer->can_explain());
  const std::vector<float> scores = scorer->Score(input, 5, false).scores;
  const at::Tensor weight =
      at::arange(27, at::kFloat).view({3, 3, 1, 3}).div(27);
  const at::Tensor expected =
      at::sigmoid(at::conv2d(at::from_blob(input.data(), {5, 3, 8, 8}), weight)
                      .mean({2, 3}));
  ASSERT_EQ(scores.size(), 15u);
  for (int64_t i = 0; i < 15; ++i) {
    EXPECT_NEAR(scores[i], expected.flatten()[i].item<double>(), 1e-6) << i;
  }
}

TEST_F(TorchScriptTest, MayLeaveOutTheDimensionOfItsOnlyOutput) {
  Save("    return torch.mean(x, [1, 2, 3])\n");
  EXPECT_EQ(Open(Card(1))->card().outputs(), 1);
}

TEST_F(TorchScriptTest, SaysWhichChannelsItDoesNotTake) {
  Save(kConvolve);
  EXPECT_EQ(ErrorOfOpening(Card(3, 8, 1)),
            "3: m.pt: it does not take images of 1 x 8 x 8 (channels, height, "
            "width), which its side file says: Given groups=1, weight of size "
            "[3, 3, 1, 3], expected input[2, 1, 8, 8] to have 3 channels, but "
            "got 1 channels instead");
}

TEST_F(TorchScriptTest, SaysWhichSideItDoesNotTake) {
  Save("    return torch.matmul(torch.flatten(x, 1), self.weight)\n",
       at::ones({192, 3}));
  EXPECT_EQ(ErrorOfOpening(), "no error");
  EXPECT_EQ(ErrorOfOpening(Card(3, 16)),
            "3: m.pt: it does not take images of 3 x 16 x 16 (channels, "
            "height, width), which its side file says: mat1 and mat2 shapes "
            "cannot be multiplied (2x768 and 192x3)");
}

TEST_F(TorchScriptTest, RefusesAnotherNumberOfOutputs) {
  Save(kConvolve);
  EXPECT_EQ(ErrorOfOpening(Card(2)),
            "3: m.pt: it gives 3 outputs for an image and its side file names "
            "2 targets; name all of them, in their order");
}

TEST_F(TorchScriptTest, RefusesResultsThatAreNoTable) {
  Save("    return x\n");
  EXPECT_EQ(ErrorOfOpening(),
            "3: m.pt: for 2 images it gives a tensor of 2 x 3 x 8 x 8, not of "
            "images x outputs");
  Save("    return torch.mean(x)\n");
  EXPECT_EQ(ErrorOfOpening(),
            "3: m.pt: for 2 images it gives a tensor of no dimension, not of "
            "images x outputs");
  Save("    return (x, x)\n");
  EXPECT_EQ(ErrorOfOpening(),
            "3: m.pt: it gives Tuple, not one tensor of images x outputs; wrap "
            "the model in one that returns the outputs alone");
}

TEST_F(TorchScriptTest, RefusesAFileThatIsNoTorchScript) {
  EXPECT_EQ(ErrorOfOpening(), "3: m.pt: no such file");
  WriteFile(file_, "PK\x03\x04 and then something else");
  const std::string error = ErrorOfOpening();
  EXPECT_EQ(error.substr(0, 17), "3: m.pt: LibTorch");
  EXPECT_NE(error.find("cannot read it as TorchScript; save the model with "
                       "torch.jit.trace(model.eval(), images).save(...)"),
            std::string::npos)
      << error;
}

TEST_F(TorchScriptTest, RunsInThePrecisionInWhichItWasSaved) {
  Save(kConvolve);
  EXPECT_EQ(ErrorText([&] { Open(Card(), {.precision = "bf16"}); }),
            "2: --precision bf16: TorchScript models run as they were saved; "
            "leave it out");
}

}  // namespace
}  // namespace plumbline
