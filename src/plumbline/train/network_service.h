// What the part "network" offers the main binary, which never links to
// LibTorch.
#pragma once

#include <memory>
#include <string>

#include "plumbline/infer/network_facts.h"
#include "plumbline/infer/scorer.h"
#include "plumbline/train/train.h"

namespace plumbline {

struct NetworkService {
  // OnDemandPart::service points to one of these.
  train::TrainResult (*train)(const train::TrainInput& input,
                              const train::TrainOptions& options);
  NetworkFacts (*facts)(int threads);
  // A file of `plumbline train`, or a TorchScript file with its card.
  std::unique_ptr<Scorer> (*open_own)(const std::string& file,
                                      const ScorerOptions& options);
  std::unique_ptr<Scorer> (*open_torchscript)(const std::string& file,
                                              const ModelCard& card,
                                              const ScorerOptions& options);
};

// Loads the part, having set what LibTorch reads from the environment when it
// is loaded (OMP_WAIT_POLICY, OPENBLAS_CORETYPE) unless the user has set it.
// Throws Error(kUnavailable) that says what to install.
const NetworkService& LoadNetworkPart();

}  // namespace plumbline
