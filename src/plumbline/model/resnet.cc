// ResNet-18, 34 and 50 (He, Zhang, Ren, Sun 2016), with torchvision's names and
// its place of the stride in the bottleneck (the 3x3 convolution, "v1.5").
#include <ATen/ATen.h>

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "plumbline/model/architectures.h"
#include "plumbline/model/layers.h"

namespace plumbline {
namespace {

struct Layout {
  std::array<int, 4> blocks;  // of each of the four stages
  bool bottleneck;
};

// Two 3x3 convolutions, or 1x1, 3x3, 1x1 to four times the width, beside a
// short cut.
class Block {
 public:
  Block(Weights* weights, const std::string& name, int64_t in, int64_t width,
        int64_t stride, bool bottleneck) {
    const auto add = [&](int64_t from, int64_t to, int64_t kernel,
                         int64_t step) {
      const std::string number = std::to_string(steps_.size() + 1);
      steps_.emplace_back(weights, name + ".conv" + number,
                          name + ".bn" + number,
                          ConvolutionShape{.in = from,
                                           .out = to,
                                           .kernel = kernel,
                                           .stride = step,
                                           .padding = kernel / 2});
    };
    const int64_t out = bottleneck ? 4 * width : width;
    if (bottleneck) {
      add(in, width, 1, 1);
      add(width, width, 3, stride);
      add(width, out, 1, 1);
    } else {
      add(in, width, 3, stride);
      add(width, out, 3, 1);
    }
    if (stride != 1 || in != out) {
      short_cut_.emplace(
          weights, name + ".downsample.0", name + ".downsample.1",
          ConvolutionShape{
              .in = in, .out = out, .kernel = 1, .stride = stride});
    }
  }

  at::Tensor operator()(const at::Tensor& x, const ForwardMode& mode) const {
    at::Tensor y = x;
    for (size_t i = 0; i + 1 < steps_.size(); ++i) {
      y = steps_[i](y, mode).relu_();
    }
    y = steps_.back()(y, mode);
    y += short_cut_ ? (*short_cut_)(x, mode) : x;
    return y.relu_();
  }

  void Fold() {
    for (NormedConvolution& step : steps_) step.Fold();
    if (short_cut_) short_cut_->Fold();
  }

 private:
  std::vector<NormedConvolution> steps_;
  std::optional<NormedConvolution> short_cut_;
};

class ResNet : public Backbone {
 public:
  ResNet(const Layout& layout, const BackboneOptions& options, Weights* weights)
      : stem_(weights, "conv1", "bn1",
              {.in = options.channels,
               .out = 64,
               .kernel = 7,
               .stride = 2,
               .padding = 3}),
        feature_size_(layout.bottleneck ? 2048 : 512) {
    int64_t in = 64;
    for (size_t stage = 0; stage < layout.blocks.size(); ++stage) {
      const int64_t width = int64_t{64} << stage;
      for (int i = 0; i < layout.blocks[stage]; ++i) {
        const std::string name =
            "layer" + std::to_string(stage + 1) + "." + std::to_string(i);
        blocks_.emplace_back(weights, name, in, width,
                             stage > 0 && i == 0 ? 2 : 1, layout.bottleneck);
        in = layout.bottleneck ? 4 * width : width;
      }
    }
  }

  FeatureMap Map(const at::Tensor& images,
                 const ForwardMode& mode) const override {
    at::Tensor x =
        at::max_pool2d(stem_(images, mode).relu_(), /*kernel_size=*/3,
                       /*stride=*/2, /*padding=*/1);
    for (const Block& block : blocks_) x = block(x, mode);
    return {x, {}};
  }
  at::Tensor Pool(const FeatureMap& features,
                  const ForwardMode& /*mode*/) const override {
    return GlobalMean(features.map);
  }
  int64_t feature_size() const override { return feature_size_; }
  std::string last_layer() const override { return "fc"; }
  void FoldBatchNorms() override {
    stem_.Fold();
    for (Block& block : blocks_) block.Fold();
  }

 private:
  NormedConvolution stem_;
  std::vector<Block> blocks_;
  int64_t feature_size_;
};

}  // namespace

std::unique_ptr<Backbone> MakeResNet18(const BackboneOptions& options,
                                       Weights* weights) {
  return std::make_unique<ResNet>(Layout{{2, 2, 2, 2}, false}, options,
                                  weights);
}

std::unique_ptr<Backbone> MakeResNet34(const BackboneOptions& options,
                                       Weights* weights) {
  return std::make_unique<ResNet>(Layout{{3, 4, 6, 3}, false}, options,
                                  weights);
}

std::unique_ptr<Backbone> MakeResNet50(const BackboneOptions& options,
                                       Weights* weights) {
  return std::make_unique<ResNet>(Layout{{3, 4, 6, 3}, true}, options, weights);
}

}  // namespace plumbline
