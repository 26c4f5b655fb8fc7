#include "plumbline/train/simsiam.h"

#include <ATen/ATen.h>
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace plumbline::train {
namespace {

// The mean over rows of the cosine between a prediction and what it shall be.
at::Tensor MeanCosine(const at::Tensor& prediction, const at::Tensor& other) {
  return at::cosine_similarity(prediction, other.detach(), 1).mean();
}

double SpreadOf(const at::Tensor& projections) {
  const at::Tensor rows = projections.detach();
  const at::Tensor unit = rows / rows.norm(2, {1}, true).clamp_min(1e-12);
  return unit.std(at::IntArrayRef{0}, false).mean().item<double>() *
         std::sqrt(static_cast<double>(rows.size(1)));
}

}  // namespace

SimSiam::SimSiam(Weights* weights, int64_t features) {
  const int64_t width = std::clamp<int64_t>(features, 128, 2048);
  const auto add = [weights](std::vector<Layer>* layers, const char* name,
                             int64_t in, int64_t out, bool norm, bool relu) {
    const std::string place = fmt::format("{}.{}", name, layers->size() + 1);
    layers->push_back({Linear(weights, place, in, out), std::nullopt, relu});
    if (norm) {
      layers->back().norm.emplace(weights, place + ".norm", out);
    }
  };
  add(&projector_, "projector", features, width, true, true);
  add(&projector_, "projector", width, width, true, true);
  add(&projector_, "projector", width, width, true, false);
  add(&predictor_, "predictor", width, width / 4, true, true);
  add(&predictor_, "predictor", width / 4, width, false, false);
}

at::Tensor SimSiam::Through(const std::vector<Layer>& layers, at::Tensor x,
                            const ForwardMode& mode) {
  for (const Layer& layer : layers) {
    x = layer.linear(x);
    // Batch norm looks at places, of which features have one.
    if (layer.norm) {
      x = (*layer.norm)(x.view({x.size(0), x.size(1), 1, 1}), mode)
              .view({x.size(0), x.size(1)});
    }
    if (layer.rectified) x = at::relu(x);
  }
  return x;
}

SimSiam::Similarity SimSiam::Compare(const at::Tensor& first,
                                     const at::Tensor& second,
                                     const ForwardMode& mode) const {
  const at::Tensor z1 = Through(projector_, first, mode);
  const at::Tensor z2 = Through(projector_, second, mode);
  const at::Tensor p1 = Through(predictor_, z1, mode);
  const at::Tensor p2 = Through(predictor_, z2, mode);
  return {(MeanCosine(p1, z2) + MeanCosine(p2, z1)) * -0.5, SpreadOf(z1)};
}

}  // namespace plumbline::train
