// Models of `plumbline train`.
#include <ATen/ATen.h>

#include "plumbline/base/error.h"
#include "plumbline/model/autocast.h"
#include "plumbline/model/network.h"
#include "plumbline/model/score_images.h"
#include "plumbline/model/scorers.h"

namespace plumbline {
namespace {

// Grad-CAM (Selvaraju et al. 2017): channels of the last feature map weighed by
// the mean of the output's gradient (eq. 1), what is positive of their sum
// (eq. 2), n x side x side, each image's largest 1 (all 0 where nothing speaks
// for the output).
at::Tensor GradCam(const Network& network, const at::Tensor& images,
                   int64_t output) {
  FeatureMap features;
  {
    const at::NoGradGuard no_gradient;
    features = network.backbone().Map(images, {});
  }
  const at::AutoGradMode with_gradient(true);
  features.map = features.map.detach().to(at::kFloat).requires_grad_();
  network.OutputsOf(network.backbone().Pool(features, {}))
      .select(1, output)
      .sum()
      .backward();
  const at::NoGradGuard no_gradient;
  const at::Tensor weights = features.map.grad().mean({2, 3}, /*keepdim=*/true);
  const at::Tensor map =
      (weights * features.map).sum(1, /*keepdim=*/true).relu();
  const at::Tensor large =
      at::upsample_bilinear2d(map, {images.size(2), images.size(3)},
                              /*align_corners=*/false)
          .squeeze(1);
  const at::Tensor largest = large.amax({1, 2}, /*keepdim=*/true);
  return large / at::where(largest > 0, largest, at::ones_like(largest));
}

bool UseBFloat16(const std::string& precision, const ModelCard& card,
                 const at::Device& device) {
  if (precision == "bf16") return true;
  if (precision == "fp32") return false;
  if (precision != "auto") {
    throw Error(ErrorCode::kUsage,
                "--precision {}: there are auto, fp32 and bf16", precision);
  }
  return card.architecture != "small-cnn" &&
         (device.is_cuda() || HasBFloat16Instructions());
}

// Convolutions of many channels are faster with all channels of a pixel
// together. For one channel both orders are the same bytes, so that the weights
// have to say it.
void ArrangeForScoring(const Weights& weights, const at::Device& device) {
  const at::NoGradGuard no_gradient;
  for (const NamedTensor& named : weights.tensors()) {
    at::Tensor tensor = named.tensor;
    tensor.set_data(tensor.dim() == 4 ? tensor.to(device).contiguous(
                                            at::MemoryFormat::ChannelsLast)
                                      : tensor.to(device));
    tensor.set_requires_grad(false);
  }
}

class OwnScorer : public Scorer {
 public:
  OwnScorer(const std::string& file, const ScorerOptions& options)
      : device_(PrepareScoring(options)),
        batch_(options.batch),
        network_(LoadNetwork(file)),
        bfloat16_(UseBFloat16(options.precision, network_->card(), device_)) {
    ArrangeForScoring(network_->weights(), device_);
    network_->mutable_backbone()->FoldBatchNorms();
  }

  const ModelCard& card() const override { return network_->card(); }
  int64_t embedding_size() const override {
    return network_->backbone().feature_size();
  }

  ScoredBatch Score(std::span<const float> input, int64_t n,
                    bool with_embeddings) override {
    const Autocast autocast(bfloat16_, device_);
    return ScoreImages(
        input, n, card(), batch_, device_, [&](const at::Tensor& images) {
          const at::Tensor features =
              network_->backbone().Features(Arranged(images), {});
          return RawScores{network_->OutputsOf(features),
                           with_embeddings ? features : at::Tensor()};
        });
  }

  bool can_explain() const override { return true; }
  // In float whatever the precision: a gradient has few digits to lose.
  std::vector<float> Saliency(std::span<const float> input, int64_t n,
                              int64_t output) override {
    std::vector<float> maps;
    const at::Tensor images = ImagesOf(input, n, card().preprocessing, device_);
    Append(GradCam(*network_, Arranged(images), output), &maps);
    return maps;
  }

 private:
  static at::Tensor Arranged(const at::Tensor& images) {
    return images.contiguous(at::MemoryFormat::ChannelsLast);
  }

  at::Device device_;
  int batch_;
  std::unique_ptr<Network> network_;
  bool bfloat16_;
};

}  // namespace

std::unique_ptr<Scorer> OpenOwn(const std::string& file,
                                const ScorerOptions& options) {
  return std::make_unique<OwnScorer>(file, options);
}

}  // namespace plumbline
