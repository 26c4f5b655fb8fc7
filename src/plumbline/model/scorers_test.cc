#include "plumbline/model/scorers.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "plumbline/base/file.h"
#include "plumbline/base/test_support.h"
#include "plumbline/model/card_for_test.h"
#include "plumbline/model/network.h"

namespace plumbline {
namespace {

std::vector<float> Input(int64_t n, const Preprocessing& preprocessing) {
  std::vector<float> input(n * preprocessing.input_size());
  for (size_t i = 0; i < input.size(); ++i) {
    input[i] = std::sin(0.37F * static_cast<float>(i));
  }
  return input;
}

at::Tensor TensorOf(std::vector<float>& values, at::IntArrayRef shape) {
  return at::from_blob(values.data(), shape);
}

double LargestDifference(const at::Tensor& a, const at::Tensor& b) {
  return (a - b).abs().max().item<double>();
}

// A network with statistics as after some training, in a file.
class OwnScorerTest : public testing::Test {
 protected:
  void Make(const ModelCard& card) {
    network_ = std::make_unique<Network>(card, 3);
    const Preprocessing& preprocessing = card.preprocessing;
    const at::NoGradGuard no_gradient;
    std::vector<float> input = Input(8, preprocessing);
    network_->Outputs(Images(&input, 8), {.training = true});
    WriteFile(file_, NetworkFile(network_.get()));
  }
  at::Tensor Images(std::vector<float>* input, int64_t n) const {
    const Preprocessing& preprocessing = network_->card().preprocessing;
    return at::from_blob(
        input->data(),
        {n, preprocessing.channels, preprocessing.side, preprocessing.side});
  }
  std::unique_ptr<Scorer> Open(const ScorerOptions& options = {}) const {
    ScorerOptions with_thread = options;
    with_thread.threads = 1;
    return OpenOwn(file_, with_thread);
  }

  TemporaryFolder folder_;
  std::string file_ = folder_ / "m.safetensors";
  std::unique_ptr<Network> network_;
};

TEST_F(OwnScorerTest, GivesScoresByTheKindOfEachTarget) {
  Make(Card("small-cnn", 32, 1));
  std::vector<float> input = Input(5, network_->card().preprocessing);
  const ScoredBatch scored = Open()->Score(input, 5, true);
  const at::NoGradGuard no_gradient;
  const at::Tensor outputs = network_->Outputs(Images(&input, 5), {});
  ASSERT_EQ(scored.scores.size(), 20u);
  for (int64_t i = 0; i < 5; ++i) {
    const float* row = &scored.scores[4 * i];
    const auto output = [&](int64_t j) { return outputs[i][j].item<double>(); };
    EXPECT_NEAR(row[0], 1 / (1 + std::exp(-output(0))), 1e-5);
    const double odds = std::exp(output(2) - output(1));
    EXPECT_NEAR(row[1], 1 / (1 + odds), 1e-5);
    EXPECT_NEAR(row[2], odds / (1 + odds), 1e-5);
    EXPECT_NEAR(row[3], 50 + 17 * output(3), 1e-3);
  }
}

// Batch norms in the convolutions, channels last: the same numbers.
TEST_F(OwnScorerTest, GivesTheFeaturesOfTheNetworkItself) {
  for (const char* name :
       {"small-cnn", "resnet18", "efficientnet-b0", "vit-s16"}) {
    for (const int channels : {1, 3}) {
      Make(Card(name, 32, channels));
      std::vector<float> input = Input(3, network_->card().preprocessing);
      auto scorer = Open({.precision = "fp32"});
      std::vector<float> embeddings = scorer->Score(input, 3, true).embeddings;
      const int64_t size = scorer->embedding_size();
      ASSERT_EQ(static_cast<int64_t>(embeddings.size()), 3 * size);
      const at::NoGradGuard no_gradient;
      const at::Tensor expected =
          network_->backbone().Features(Images(&input, 3), {});
      EXPECT_LT(LargestDifference(TensorOf(embeddings, {3, size}), expected),
                1e-5 * expected.abs().max().item<double>())
          << name << ", " << channels << " channels";
    }
  }
}

TEST_F(OwnScorerTest, ScoresEachImageWhateverIsBesideIt) {
  Make(Card("resnet18", 32, 1));
  const std::vector<float> input = Input(5, network_->card().preprocessing);
  const ScoredBatch one = Open({.batch = 1})->Score(input, 5, false);
  const ScoredBatch two = Open({.batch = 2})->Score(input, 5, false);
  ASSERT_EQ(one.scores.size(), two.scores.size());
  EXPECT_TRUE(one.embeddings.empty());
  for (size_t i = 0; i < one.scores.size(); ++i) {
    EXPECT_NEAR(one.scores[i], two.scores[i], 1e-4) << i;
  }
}

TEST_F(OwnScorerTest, InBFloat16IsNearFloat) {
  Make(Card("resnet18", 32, 1));
  const std::vector<float> input = Input(3, network_->card().preprocessing);
  const ScoredBatch exact = Open({.precision = "fp32"})->Score(input, 3, false);
  const ScoredBatch rough = Open({.precision = "bf16"})->Score(input, 3, false);
  double largest = 0;
  for (size_t i = 0; i < exact.scores.size(); ++i) {
    if (i % 4 == 3) continue;  // ages
    largest =
        std::max<double>(largest, std::abs(exact.scores[i] - rough.scores[i]));
  }
  EXPECT_LT(largest, 0.02);
  EXPECT_GT(largest, 0);  // it was another precision
}

// For a network that ends with a mean and a linear layer, Grad-CAM is the
// class activation map (Selvaraju et al. 2017, section 3.1): the channels
// weighed by the last layer's weights.
TEST_F(OwnScorerTest, ExplainsAnOutputByTheWeightsOfTheLastLayer) {
  Make(Card("small-cnn", 64, 1));
  std::vector<float> input = Input(2, network_->card().preprocessing);
  auto scorer = Open();
  ASSERT_TRUE(scorer->can_explain());
  const at::NoGradGuard no_gradient;
  const at::Tensor channels =
      network_->backbone().Map(Images(&input, 2), {}).map;
  int explained = 0;  // where something speaks for the output
  for (int64_t output = 0; output < 4; ++output) {
    std::vector<float> map = scorer->Saliency(input, 2, output);
    ASSERT_EQ(map.size(), 2u * 64 * 64);
    const at::Tensor weights =
        network_->weights().Find("head.weight")->select(0, output);
    at::Tensor expected = at::upsample_bilinear2d(
        at::einsum("k,nkhw->nhw", {weights, channels}).relu().unsqueeze(1),
        {64, 64}, false);
    expected = expected / expected.amax({2, 3}, true).clamp_min(1e-12);
    EXPECT_LT(
        LargestDifference(TensorOf(map, {2, 64, 64}), expected.squeeze(1)),
        1e-4);
    explained += *std::max_element(map.begin(), map.end()) == 1;
  }
  EXPECT_GT(explained, 0);
}

TEST_F(OwnScorerTest, ExplainsVisionTransformersByTheirTokens) {
  Make(Card("vit-s16", 64, 1));
  const std::vector<float> input = Input(2, network_->card().preprocessing);
  const std::vector<float> map = Open()->Saliency(input, 2, 0);
  ASSERT_EQ(map.size(), 2u * 64 * 64);
  EXPECT_GE(*std::min_element(map.begin(), map.end()), 0);
  EXPECT_EQ(*std::max_element(map.begin(), map.end()), 1);
}

TEST_F(OwnScorerTest, RefusesAGpuThatIsNotThere) {
  if (at::hasCUDA()) GTEST_SKIP() << "this LibTorch knows GPUs";
  Make(Card("small-cnn", 32, 1));
  EXPECT_EQ(ErrorText([&] { Open({.device = "cuda"}); }),
            "2: --run-on cuda: this LibTorch was built without CUDA; use "
            "--run-on cpu, or see `plumbline doctor`");
}

TEST_F(OwnScorerTest, RefusesAPrecisionThatThereIsNot) {
  Make(Card("small-cnn", 32, 1));
  EXPECT_EQ(ErrorText([&] { Open({.precision = "fp8"}); }),
            "2: --precision fp8: there are auto, fp32 and bf16");
}

TEST(MeasureNetworkFacts, SaysWhatIsHere) {
  const NetworkFacts facts = MeasureNetworkFacts(1);
  EXPECT_EQ(facts.threads, 1);
  EXPECT_FALSE(facts.torch_version.empty());
  EXPECT_NE(facts.blas, "");
  EXPECT_GT(facts.matmul_gflops, 0.1);
  if (!at::hasCUDA()) {
    EXPECT_TRUE(facts.gpus.empty());
  }
}

}  // namespace
}  // namespace plumbline
