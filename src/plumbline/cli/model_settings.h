// The options that name a finished model, and the model that they open.
#pragma once

#include <memory>
#include <string>

#include "plumbline/cli/cohort_settings.h"
#include "plumbline/cli/option.h"
#include "plumbline/cli/settings.h"
#include "plumbline/infer/scorer.h"

namespace plumbline {

// --preprocessing, --model-split, --run-on, --precision, --batch.
OptionGroup ModelOptions();
// --side, --depth, ... where the model's hold otherwise, and --cache.
OptionGroup ModelImageOptions();

// --run-on: "cpu", "cuda" or "cuda:N". Whether it is there, LibTorch says
// later.
std::string ReadRunOn(const Settings& settings);

struct OpenedModel {
  std::unique_ptr<Scorer> scorer;
  int batch = 0;          // images at once
  std::string file;       // that holds the weights
  std::string side_file;  // "" : a model of plumbline train
  // subject,split of the people that it was trained on and without; "": there
  // is none.
  std::string split_file;
};

// MODEL is a folder of plumbline train, a .safetensors file of it, TorchScript
// (.pt, .ts) or ONNX (.onnx).
//
// Throws Error(kUsage) for any other file, and where a foreign model has no
// side file (infer/model_card.h) that says what it takes; and as the model's
// own room does.
OpenedModel OpenModel(const Settings& settings, const std::string& model);

// What images are packed as for a model, unless options say otherwise.
PackOptions ReadModelPackOptions(const Settings& settings,
                                 const Preprocessing& preprocessing);

}  // namespace plumbline
