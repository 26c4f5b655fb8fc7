// EfficientNet-B0 (Tan and Le 2019), with torchvision's names and its random
// parts: stochastic depth (Huang et al. 2016) of up to 0.2 and dropout of 0.2,
// in training alone, from LibTorch's default generator.
#include <ATen/ATen.h>

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "plumbline/model/architectures.h"
#include "plumbline/model/layers.h"

namespace plumbline {
namespace {

// Tan and Le 2019, table 1.
struct Stage {
  int64_t expand;
  int64_t kernel;
  int64_t stride;  // of its first block
  int64_t out;
  int blocks;
};
constexpr Stage kStages[] = {
    {1, 3, 1, 16, 1},  {6, 3, 2, 24, 2},  {6, 5, 2, 40, 2}, {6, 3, 2, 80, 3},
    {6, 5, 1, 112, 3}, {6, 5, 2, 192, 4}, {6, 3, 1, 320, 1}};
constexpr int kBlocks = 16;
constexpr int64_t kStemWidth = 32;
constexpr int64_t kFeatureSize = 1280;
constexpr double kDropout = 0.2;
constexpr double kMostDepthDropped = 0.2;

// Channels weighed by what the mean over all places says (Hu, Shen, Sun 2018).
class SqueezeExcitation {
 public:
  SqueezeExcitation(Weights* weights, const std::string& name, int64_t channels,
                    int64_t squeezed)
      : fc1_(weights, name + ".fc1",
             {.in = channels, .out = squeezed, .kernel = 1, .bias = true}),
        fc2_(weights, name + ".fc2",
             {.in = squeezed, .out = channels, .kernel = 1, .bias = true}) {}

  at::Tensor operator()(const at::Tensor& x) const {
    const at::Tensor mean = x.mean({2, 3}, /*keepdim=*/true);
    return x * at::sigmoid(fc2_(at::silu(fc1_(mean))));
  }

 private:
  Convolution fc1_, fc2_;
};

// Wider, one filter for each channel, squeeze and excitation, narrower.
class InvertedBottleneck {
 public:
  InvertedBottleneck(Weights* weights, const std::string& name, int64_t in,
                     int64_t stride, const Stage& stage, double drop)
      : beside_(stride == 1 && in == stage.out), drop_(drop) {
    const int64_t wide = in * stage.expand;
    int step = 0;
    const auto add = [&](const ConvolutionShape& shape) {
      const std::string at = name + ".block." + std::to_string(step++);
      return NormedConvolution(weights, at + ".0", at + ".1", shape);
    };
    if (stage.expand != 1) {
      expand_ = add({.in = in, .out = wide, .kernel = 1});
    }
    filter_ = add({.in = wide,
                   .out = wide,
                   .kernel = stage.kernel,
                   .stride = stride,
                   .padding = stage.kernel / 2,
                   .groups = wide});
    excitation_.emplace(weights, name + ".block." + std::to_string(step++),
                        wide, std::max<int64_t>(1, in / 4));
    project_ = add({.in = wide, .out = stage.out, .kernel = 1});
  }

  at::Tensor operator()(const at::Tensor& x, const ForwardMode& mode) const {
    at::Tensor y = expand_ ? at::silu((*expand_)(x, mode)) : x;
    y = (*excitation_)(at::silu((*filter_)(y, mode)));
    y = (*project_)(y, mode);
    if (!beside_) return y;
    if (mode.training && drop_ > 0) {
      const at::Tensor kept =
          at::empty({y.size(0), 1, 1, 1}, y.options()).bernoulli_(1 - drop_);
      y = y * kept.div_(1 - drop_);
    }
    return y + x;
  }

  void Fold() {
    if (expand_) expand_->Fold();
    filter_->Fold();
    project_->Fold();
  }

 private:
  bool beside_;  // x is added to the result
  double drop_;  // probability that x is all of the result
  std::optional<NormedConvolution> expand_, filter_, project_;
  std::optional<SqueezeExcitation> excitation_;
};

class EfficientNet : public Backbone {
 public:
  EfficientNet(const BackboneOptions& options, Weights* weights)
      : stem_(weights, "features.0.0", "features.0.1",
              {.in = options.channels,
               .out = kStemWidth,
               .kernel = 3,
               .stride = 2,
               .padding = 1}) {
    int64_t in = kStemWidth;
    int number = 1;
    for (const Stage& stage : kStages) {
      for (int i = 0; i < stage.blocks; ++i) {
        const double drop =
            kMostDepthDropped * static_cast<double>(blocks_.size()) / kBlocks;
        blocks_.emplace_back(
            weights,
            "features." + std::to_string(number) + "." + std::to_string(i), in,
            i == 0 ? stage.stride : 1, stage, drop);
        in = stage.out;
      }
      ++number;
    }
    last_.emplace(weights, "features.8.0", "features.8.1",
                  ConvolutionShape{.in = in, .out = kFeatureSize, .kernel = 1});
  }

  FeatureMap Map(const at::Tensor& images,
                 const ForwardMode& mode) const override {
    at::Tensor x = at::silu(stem_(images, mode));
    for (const InvertedBottleneck& block : blocks_) x = block(x, mode);
    return {at::silu((*last_)(x, mode)), {}};
  }
  at::Tensor Pool(const FeatureMap& features,
                  const ForwardMode& mode) const override {
    return at::dropout(GlobalMean(features.map), kDropout, mode.training);
  }
  int64_t feature_size() const override { return kFeatureSize; }
  std::string last_layer() const override { return "classifier.1"; }
  void FoldBatchNorms() override {
    stem_.Fold();
    for (InvertedBottleneck& block : blocks_) block.Fold();
    last_->Fold();
  }

 private:
  NormedConvolution stem_;
  std::vector<InvertedBottleneck> blocks_;
  std::optional<NormedConvolution> last_;
};

}  // namespace

std::unique_ptr<Backbone> MakeEfficientNetB0(const BackboneOptions& options,
                                             Weights* weights) {
  return std::make_unique<EfficientNet>(options, weights);
}

}  // namespace plumbline
