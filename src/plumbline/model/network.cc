#include "plumbline/model/network.h"

#include <ATen/ATen.h>

namespace plumbline {

Network::Network(const ModelCard& card, std::optional<uint64_t> seed)
    : card_(card),
      weights_(seed),
      backbone_(MakeBackbone(card.architecture,
                             {.side = card.preprocessing.side,
                              .channels = card.preprocessing.channels},
                             &weights_)),
      head_(&weights_, "head", backbone_->feature_size(), card.outputs()) {}

at::Tensor Network::Outputs(const at::Tensor& images,
                            const ForwardMode& mode) const {
  return OutputsOf(backbone_->Features(images, mode));
}

at::Tensor Network::OutputsOf(const at::Tensor& features) const {
  return head_(features);
}

}  // namespace plumbline
