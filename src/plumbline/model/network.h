// A backbone and one linear layer with all outputs of all targets.
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "plumbline/infer/model_card.h"
#include "plumbline/model/backbone.h"
#include "plumbline/model/layers.h"

namespace plumbline {

class Network {
 public:
  // Random start; without a seed, a network whose weights a file will fill. The
  // last layer has card.outputs() outputs; its tensors are "head.weight" and
  // "head.bias". Throws as MakeBackbone does.
  Network(const ModelCard& card, std::optional<uint64_t> seed);

  const ModelCard& card() const { return card_; }
  ModelCard* mutable_card() { return &card_; }
  Weights& weights() { return weights_; }
  const Weights& weights() const { return weights_; }
  const Backbone& backbone() const { return *backbone_; }
  Backbone* mutable_backbone() { return backbone_.get(); }

  // n x outputs, logits (continuous targets: standardised values).
  at::Tensor Outputs(const at::Tensor& images, const ForwardMode& mode) const;
  at::Tensor OutputsOf(const at::Tensor& features) const;

 private:
  ModelCard card_;
  Weights weights_;
  std::unique_ptr<Backbone> backbone_;
  Linear head_;
};

// Own model: weights and card in one safetensors file, the card as JSON in the
// metadata "plumbline.model".
//
// NetworkFile gives the bytes of the file and fills in the card's input_sha256
// and reference_outputs. LoadNetwork throws Error(kInvalidInput): no such file,
// damaged, of another architecture, preprocessing or outputs that differ from
// its own record.
std::string NetworkFile(Network* network);
// The tensors of the backbone alone, without a card: weights to begin with.
std::string BackboneFile(const Network& network);
std::unique_ptr<Network> LoadNetwork(const std::string& file);

// What of a file of public weights fits a network.
struct WeightsReport {
  std::vector<std::string> matched;
  std::vector<std::string> missing;     // in the network, not in the file
  std::vector<std::string> unexpected;  // in the file, not in the network
  // "conv1.weight: 64x3x7x7 in the file, 64x1x7x7 here"
  std::vector<std::string> other_shape;
  // What was done to make tensors fit: "conv1.weight: 3 channels summed to 1".
  std::vector<std::string> adapted;
};

// Copies the tensors of a safetensors file with torchvision's or timm's names
// into the network. The first convolution of three channels is summed for grey
// images, and position embeddings are interpolated to another side; the last
// layer is taken where its shape fits.
//
// Throws Error(kInvalidInput) if less than half of the backbone's tensors are
// in it: "these are the weights of another architecture", and of which one if
// that can be told.
WeightsReport LoadWeights(const std::string& file, Network* network);

}  // namespace plumbline
