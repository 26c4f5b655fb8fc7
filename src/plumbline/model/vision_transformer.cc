// ViT-S/16 (Dosovitskiy et al. 2021; the small one is of Touvron et al. 2021),
// with the names of timm's vit_small_patch16_224.
#include <ATen/ATen.h>
#include <torch/version.h>

#include <cmath>
#include <optional>
#include <string>
#include <vector>

#include "plumbline/model/architectures.h"
#include "plumbline/model/layers.h"

namespace plumbline {
namespace {

constexpr int64_t kPatch = 16;
constexpr int64_t kWidth = 384;
constexpr int64_t kHeads = 6;
constexpr int64_t kHeadWidth = kWidth / kHeads;
constexpr int64_t kHidden = 1536;
constexpr int kBlocks = 12;

class LayerNorm {
 public:
  LayerNorm(Weights* weights, const std::string& name)
      : weight_(weights->Add(name + ".weight", {kWidth}, Weights::Init::kOnes)),
        bias_(weights->Add(name + ".bias", {kWidth}, Weights::Init::kZeros)) {}

  at::Tensor operator()(const at::Tensor& x) const {
    return at::layer_norm(x, {kWidth}, weight_, bias_, /*eps=*/1e-6);
  }

 private:
  at::Tensor weight_, bias_;
};

// q, k, v: n x heads x tokens x head width.
at::Tensor Attend(const at::Tensor& q, const at::Tensor& k,
                  const at::Tensor& v) {
#if TORCH_VERSION_MAJOR >= 2
  return at::scaled_dot_product_attention(q, k, v);
#else
  const double scale = 1 / std::sqrt(static_cast<double>(kHeadWidth));
  return at::softmax(at::matmul(q * scale, k.transpose(-2, -1)), -1).matmul(v);
#endif
}

// Tokens are n x tokens x width.
class Block {
 public:
  Block(Weights* weights, const std::string& name)
      : norm1_(weights, name + ".norm1"),
        qkv_(weights, name + ".attn.qkv", kWidth, 3 * kWidth,
             Weights::Init::kNormal002),
        project_(weights, name + ".attn.proj", kWidth, kWidth,
                 Weights::Init::kNormal002),
        norm2_(weights, name + ".norm2"),
        fc1_(weights, name + ".mlp.fc1", kWidth, kHidden,
             Weights::Init::kNormal002),
        fc2_(weights, name + ".mlp.fc2", kHidden, kWidth,
             Weights::Init::kNormal002) {}

  at::Tensor FirstNorm(const at::Tensor& x) const { return norm1_(x); }

  // What becomes of the first x.size(1) tokens; `normed`: the first norm of
  // all.
  at::Tensor operator()(const at::Tensor& x, const at::Tensor& normed) const {
    const int64_t n = normed.size(0), tokens = normed.size(1);
    const std::vector<at::Tensor> parts =
        qkv_(normed)
            .view({n, tokens, 3, kHeads, kHeadWidth})
            .permute({2, 0, 3, 1, 4})
            .unbind(0);
    const at::Tensor attended =
        Attend(parts[0].slice(2, 0, x.size(1)), parts[1], parts[2])
            .transpose(1, 2)
            .reshape(x.sizes());
    const at::Tensor y = x + project_(attended);
    return y + fc2_(at::gelu(fc1_(norm2_(y))));
  }

 private:
  LayerNorm norm1_;
  Linear qkv_, project_;
  LayerNorm norm2_;
  Linear fc1_, fc2_;
};

class VisionTransformer : public Backbone {
 public:
  VisionTransformer(const BackboneOptions& options, Weights* weights)
      : grid_(options.side / kPatch),
        class_token_(weights->Add("cls_token", {1, 1, kWidth},
                                  Weights::Init::kNormal002)),
        positions_(weights->Add("pos_embed", {1, 1 + grid_ * grid_, kWidth},
                                Weights::Init::kNormal002)) {
    // As torch.nn.Conv2d begins.
    const int64_t fan_in = options.channels * kPatch * kPatch;
    patch_weight_ = weights->Add("patch_embed.proj.weight",
                                 {kWidth, options.channels, kPatch, kPatch},
                                 Weights::Init::kLinearUniform);
    patch_bias_ = weights->Add("patch_embed.proj.bias", {kWidth},
                               Weights::Init::kLinearUniform, fan_in);
    for (int i = 0; i < kBlocks; ++i) {
      blocks_.emplace_back(weights, "blocks." + std::to_string(i));
    }
    norm_.emplace(weights, "norm");
  }

  FeatureMap Map(const at::Tensor& images,
                 const ForwardMode& /*mode*/) const override {
    const int64_t n = images.size(0);
    const at::Tensor patches =
        at::conv2d(images, patch_weight_, patch_bias_, kPatch)
            .flatten(2)
            .transpose(1, 2);
    at::Tensor x =
        at::cat({class_token_.expand({n, 1, kWidth}), patches}, 1) + positions_;
    for (size_t i = 0; i + 1 < blocks_.size(); ++i) {
      x = blocks_[i](x, blocks_[i].FirstNorm(x));
    }
    const at::Tensor normed = blocks_.back().FirstNorm(x.slice(1, 1));
    return {normed.transpose(1, 2).reshape({n, kWidth, grid_, grid_}),
            x.slice(1, 0, 1)};
  }
  // The last block, of which the class token alone is needed.
  at::Tensor Pool(const FeatureMap& features,
                  const ForwardMode& /*mode*/) const override {
    const Block& last = blocks_.back();
    const at::Tensor& x = features.class_token;
    const at::Tensor normed = at::cat(
        {last.FirstNorm(x), features.map.flatten(2).transpose(1, 2)}, 1);
    return (*norm_)(last(x, normed)).squeeze(1);
  }
  int64_t feature_size() const override { return kWidth; }
  std::string last_layer() const override { return "head"; }

 private:
  int64_t grid_;  // patches in a row
  at::Tensor class_token_, positions_, patch_weight_, patch_bias_;
  std::vector<Block> blocks_;
  std::optional<LayerNorm> norm_;
};

}  // namespace

std::unique_ptr<Backbone> MakeVitS16(const BackboneOptions& options,
                                     Weights* weights) {
  return std::make_unique<VisionTransformer>(options, weights);
}

}  // namespace plumbline
