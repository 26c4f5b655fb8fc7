// A finished model that gives scores: own weights, TorchScript or ONNX.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "plumbline/infer/model_card.h"

namespace plumbline {

struct ScorerOptions {
  int threads = 0;  // 0: DefaultThreads()
  // "auto", "fp32", "bf16": see train/options.h
  std::string precision = "auto";
  std::string device = "cpu";  // "cpu", "cuda", "cuda:1"
  int batch = 32;              // images at once
};

// What a batch of n images gives.
struct ScoredBatch {
  std::vector<float> scores;      // n x outputs, after the activation
  std::vector<float> embeddings;  // n x embedding_size, where asked for
};

class Scorer {
 public:
  virtual ~Scorer() = default;

  virtual const ModelCard& card() const = 0;
  // Of the features before the last layer; 0: the model does not give them.
  virtual int64_t embedding_size() const = 0;

  // `input`: n x channels x side x side (infer/preprocessing.h). The result of
  // an image does not depend on the others of its batch beyond rounding.
  virtual ScoredBatch Score(std::span<const float> input, int64_t n,
                            bool with_embeddings) = 0;

  virtual bool can_explain() const { return false; }
  // Grad-CAM of one output (Selvaraju et al. 2017, eq. 1 and 2): side x side
  // numbers from 0 to 1 for each of the n images. Only if can_explain().
  virtual std::vector<float> Saliency(std::span<const float> input, int64_t n,
                                      int64_t output);
};

// Turns the raw outputs of n images, n x card.outputs(), into scores. Softmax:
// over all outputs of an image. Else by the kind of each target: sigmoid of a
// binary one and softmax over the levels of classes, unless the activation is
// none; a continuous one is output * scale + offset.
void Activate(const ModelCard& card, int64_t n, std::vector<float>* outputs);

}  // namespace plumbline
