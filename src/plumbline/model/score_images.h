// Batches of images through a network, to scores.
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "plumbline/infer/scorer.h"

namespace plumbline {

// n x outputs and, where they are wanted, n x features; of any float type, on
// any device.
struct RawScores {
  at::Tensor outputs;
  at::Tensor features;
};

// Sets the threads that the options say, and finds the device.
at::Device PrepareScoring(const ScorerOptions& options);

// n images of the card's shape on `device`.
at::Tensor ImagesOf(std::span<const float> input, int64_t n,
                    const Preprocessing& preprocessing,
                    const at::Device& device);

// Row by row, as floats.
void Append(const at::Tensor& values, std::vector<float>* to);

// Calls run(images), at most `batch` images at once, and makes scores of what
// it gives.
ScoredBatch ScoreImages(std::span<const float> input, int64_t n,
                        const ModelCard& card, int batch,
                        const at::Device& device,
                        const std::function<RawScores(const at::Tensor&)>& run);

}  // namespace plumbline
