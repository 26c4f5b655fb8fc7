// What a checkpoint holds besides tensors: where a run stands, and which run it
// is.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "plumbline/base/json.h"
#include "plumbline/train/options.h"
#include "plumbline/train/train.h"

namespace plumbline::train {

struct Standing {
  int64_t step = 0;
  int64_t optimiser_steps = 0;
  int best_epoch = 0;
  double best_metric = 0;
  bool bfloat16 = false;
  bool channels_last = false;
  std::vector<Epoch> epochs;
};

Json ToJson(const Standing& standing);
// Throws Error(kInvalidInput) about `file`.
Standing StandingFromJson(const Json& json, const std::string& file);

Json ToJson(const Epoch& epoch);

// "epoch 3 of 20: loss 0.512, on the tuning part 0.534, auroc 0.781 (best)".
std::string SentenceOf(const Epoch& epoch, const TrainOptions& options,
                       bool best);

// Everything that the bytes of the model depend on, by the name of its option:
// options and hashes of labels, parts and images. Threads are not among them:
// a run may go on with more, for other last digits.
std::map<std::string, std::string> IdentityOf(const TrainInput& input,
                                              const TrainOptions& options);

// Throws Error(kUsage) for a number out of its range, by the option's name.
void RequireValid(const TrainOptions& options);

// Threads that make images ready beside the network's own.
int LoaderThreads(const TrainOptions& options);

}  // namespace plumbline::train
