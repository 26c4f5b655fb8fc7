// A card with a target of each kind, for tests of networks.
#pragma once

#include <string>

#include "plumbline/infer/model_card.h"

namespace plumbline {

inline ModelCard Card(const std::string& architecture = "small-cnn",
                      int side = 32, int channels = 1) {
  ModelCard card;
  card.architecture = architecture;
  card.preprocessing = {.side = side, .channels = channels};
  card.targets = {
      {.name = "Effusion"},
      {.name = "view", .kind = TargetKind::kClasses, .levels = {"PA", "AP"}},
      {.name = "age",
       .kind = TargetKind::kContinuous,
       .scale = 17,
       .offset = 50}};
  return card;
}

}  // namespace plumbline
