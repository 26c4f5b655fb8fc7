// Learning features without labels: two changed versions of an image shall have
// features that predict one another.
//
// Source: Chen and He 2021, "Exploring simple Siamese representation learning"
// (CVPR), algorithm 1 and section 3: a projector of three layers and a
// predictor of two around a bottleneck of a quarter of the width, batch norm
// after all but the last layer of the predictor, negative cosine similarity
// with the gradient stopped on the other side. The width is that of the
// features, at least 128, at most 2048 (theirs).
#pragma once

#include <ATen/core/Tensor.h>

#include <optional>
#include <vector>

#include "plumbline/model/backbone.h"
#include "plumbline/model/layers.h"

namespace plumbline::train {

class SimSiam {
 public:
  // Adds "projector.*" and "predictor.*" to the weights of a network.
  SimSiam(Weights* weights, int64_t features);

  struct Similarity {
    at::Tensor loss;    // a scalar from -1 (alike) to 1
    double spread = 0;  // of the projections: the mean deviation of a
                        // coordinate of unit vectors, times sqrt(width): about
                        // 1 where images differ, 0 where all are one
  };
  // Features of the two versions of the same images, n x features each.
  Similarity Compare(const at::Tensor& first, const at::Tensor& second,
                     const ForwardMode& mode) const;

 private:
  struct Layer {
    Linear linear;
    std::optional<BatchNorm> norm;
    bool rectified = false;
  };
  static at::Tensor Through(const std::vector<Layer>& layers, at::Tensor x,
                            const ForwardMode& mode);

  std::vector<Layer> projector_, predictor_;
};

}  // namespace plumbline::train
