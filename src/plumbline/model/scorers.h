// What the part "network" offers besides training. No LibTorch here.
#pragma once

#include <memory>
#include <string>

#include "plumbline/infer/network_facts.h"
#include "plumbline/infer/scorer.h"

namespace plumbline {

// A file of `plumbline train`, checked against its own record (LoadNetwork).
// It gives embeddings and can explain. Precision "auto": bfloat16 on a GPU, and
// on a processor that has instructions for it, but not for small-cnn, where it
// is slower.
//
// Throws what LoadNetwork throws, and Error(kUsage) for a device that is not
// there.
std::unique_ptr<Scorer> OpenOwn(const std::string& file,
                                const ScorerOptions& options);

// A TorchScript file (torch.jit.trace or .script, then .save) that turns
// n x channels x side x side floats into n x outputs. Two reference pictures go
// through it first.
//
// Throws Error(kInvalidInput): no such file, no TorchScript, channels or a side
// that it does not take, another number of outputs than the card has, a result
// that is no tensor. Error(kUsage): a device that is not there, precision
// "bf16".
std::unique_ptr<Scorer> OpenTorchScript(const std::string& file,
                                        const ModelCard& card,
                                        const ScorerOptions& options);

// Sets LibTorch's threads (0: DefaultThreads()) and times a product; takes
// about a fifth of a second.
NetworkFacts MeasureNetworkFacts(int threads);

}  // namespace plumbline
