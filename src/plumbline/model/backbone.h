// A network without its last layer.
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <memory>
#include <string>

#include "plumbline/model/batch_norm.h"
#include "plumbline/model/weights.h"

namespace plumbline {

struct BackboneOptions {
  int side = 0;
  int channels = 3;
};

// The last features that have places: what Grad-CAM looks at.
struct FeatureMap {
  // n x d x h x w. Of ViT: the image tokens that the last block attends to
  // (after its first norm), put back where they came from.
  at::Tensor map;
  // Of ViT, n x 1 x d: the class token before the last block. Else undefined.
  at::Tensor class_token;
};

class Backbone {
 public:
  virtual ~Backbone() = default;

  // images: n x channels x side x side.
  virtual FeatureMap Map(const at::Tensor& images,
                         const ForwardMode& mode) const = 0;
  // From the feature map to the features, n x feature_size.
  virtual at::Tensor Pool(const FeatureMap& features,
                          const ForwardMode& mode) const = 0;
  at::Tensor Features(const at::Tensor& images, const ForwardMode& mode) const {
    return Pool(Map(images, mode), mode);
  }
  virtual int64_t feature_size() const = 0;
  // What torchvision or timm call the last layer, which the head replaces:
  // "fc", "classifier", "classifier.1", "head".
  virtual std::string last_layer() const = 0;
  // Multiplies batch norms that follow a convolution into it, where that is
  // faster. For finished networks: from then on `weights` do not follow.
  virtual void FoldBatchNorms() {}
};

// `name`: infer/architectures.h. Its tensors are added to `weights`.
//
// Throws Error(kUsage) for a name that there is not, and for a side or a number
// of channels that the network does not take.
std::unique_ptr<Backbone> MakeBackbone(const std::string& name,
                                       const BackboneOptions& options,
                                       Weights* weights);

}  // namespace plumbline
