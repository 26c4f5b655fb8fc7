// DenseNet-121 (Huang, Liu, van der Maaten, Weinberger 2017), with
// torchvision's names.
#include <ATen/ATen.h>

#include <optional>
#include <string>
#include <vector>

#include "plumbline/model/architectures.h"
#include "plumbline/model/layers.h"

namespace plumbline {
namespace {

constexpr int kLayers[] = {6, 12, 24, 16};  // of each dense block
constexpr int64_t kGrowth = 32;             // channels that a layer adds
constexpr int64_t kBottleneck = 4 * kGrowth;
constexpr int64_t kStemWidth = 64;

// 1x1, then 3x3, each after its norm.
class DenseLayer {
 public:
  DenseLayer(Weights* weights, const std::string& name, int64_t in)
      : norm1_(weights, name + ".norm1", in),
        conv1_(weights, name + ".conv1", name + ".norm2",
               {.in = in, .out = kBottleneck, .kernel = 1}),
        conv2_(weights, name + ".conv2",
               {.in = kBottleneck, .out = kGrowth, .kernel = 3, .padding = 1}) {
  }

  // The channels that it adds to those of x.
  at::Tensor operator()(const at::Tensor& x, const ForwardMode& mode) const {
    return conv2_(conv1_(norm1_(x, mode).relu_(), mode).relu_());
  }

  void Fold() { conv1_.Fold(); }

 private:
  BatchNorm norm1_;
  NormedConvolution conv1_;
  Convolution conv2_;
};

// Halves channels and sides.
class Transition {
 public:
  Transition(Weights* weights, const std::string& name, int64_t in)
      : norm_(weights, name + ".norm", in),
        conv_(weights, name + ".conv", {.in = in, .out = in / 2, .kernel = 1}) {
  }

  at::Tensor operator()(const at::Tensor& x, const ForwardMode& mode) const {
    return at::avg_pool2d(conv_(norm_(x, mode).relu_()), 2);
  }

 private:
  BatchNorm norm_;
  Convolution conv_;
};

struct DenseBlock {
  std::vector<DenseLayer> layers;
  std::optional<Transition> transition;  // none after the last
};

class DenseNet : public Backbone {
 public:
  DenseNet(const BackboneOptions& options, Weights* weights)
      : stem_(weights, "features.conv0", "features.norm0",
              {.in = options.channels,
               .out = kStemWidth,
               .kernel = 7,
               .stride = 2,
               .padding = 3}) {
    int64_t width = kStemWidth;
    for (const int layers : kLayers) {
      DenseBlock& block = blocks_.emplace_back();
      const std::string number = std::to_string(blocks_.size());
      for (int i = 1; i <= layers; ++i) {
        block.layers.emplace_back(
            weights,
            "features.denseblock" + number + ".denselayer" + std::to_string(i),
            width);
        width += kGrowth;
      }
      if (blocks_.size() == std::size(kLayers)) continue;
      block.transition.emplace(weights, "features.transition" + number, width);
      width /= 2;
    }
    last_norm_.emplace(weights, "features.norm5", width);
    feature_size_ = width;
  }

  FeatureMap Map(const at::Tensor& images,
                 const ForwardMode& mode) const override {
    at::Tensor x =
        at::max_pool2d(stem_(images, mode).relu_(), /*kernel_size=*/3,
                       /*stride=*/2, /*padding=*/1);
    for (const DenseBlock& block : blocks_) {
      for (const DenseLayer& layer : block.layers) {
        x = at::cat({x, layer(x, mode)}, 1);
      }
      if (block.transition) x = (*block.transition)(x, mode);
    }
    return {(*last_norm_)(x, mode).relu_(), {}};
  }
  at::Tensor Pool(const FeatureMap& features,
                  const ForwardMode& /*mode*/) const override {
    return GlobalMean(features.map);
  }
  int64_t feature_size() const override { return feature_size_; }
  std::string last_layer() const override { return "classifier"; }
  void FoldBatchNorms() override {
    stem_.Fold();
    for (DenseBlock& block : blocks_) {
      for (DenseLayer& layer : block.layers) layer.Fold();
    }
  }

 private:
  NormedConvolution stem_;
  std::vector<DenseBlock> blocks_;
  std::optional<BatchNorm> last_norm_;
  int64_t feature_size_ = 0;
};

}  // namespace

std::unique_ptr<Backbone> MakeDenseNet121(const BackboneOptions& options,
                                          Weights* weights) {
  return std::make_unique<DenseNet>(options, weights);
}

}  // namespace plumbline
