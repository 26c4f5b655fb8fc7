// What has to be known of a model besides its weights: what it takes, and what
// its outputs mean.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "plumbline/base/json.h"
#include "plumbline/infer/preprocessing.h"

namespace plumbline {

enum class TargetKind {
  kBinary,      // one output, logit of the probability
  kClasses,     // one output for each level, softmax over them
  kContinuous,  // one output, standardised: value = output * scale + offset
};

struct ModelTarget {
  std::string name;  // the column it was trained on
  TargetKind kind = TargetKind::kBinary;
  std::vector<std::string> levels;  // kClasses
  double scale = 1;                 // kContinuous, above 0
  double offset = 0;

  int outputs() const {
    return kind == TargetKind::kClasses ? static_cast<int>(levels.size()) : 1;
  }
};

// What a model's raw outputs are.
enum class Activation { kNone, kSigmoid, kSoftmax };

struct ModelCard {
  std::string architecture;  // "resnet18", ...; "torchscript", "onnx"
  Preprocessing preprocessing;
  std::vector<ModelTarget> targets;
  // What turns outputs into scores. Own models: by the kind of the target.
  Activation activation = Activation::kSigmoid;
  // Somebody else's model: the output that is its features; "": none.
  std::string embedding;
  // Own models.
  std::string input_sha256;               // ReferenceHash(preprocessing)
  std::vector<double> reference_outputs;  // of that picture, to about 1e-4
  Json training;  // what it was trained on and how, for the reader; may be null

  int64_t outputs() const;
  // The names of the scores, one for each output: "score_Effusion",
  // "score_view=PA".
  std::vector<std::string> ScoreNames() const;
};

// The JSON that stands in the weights file of an own model, and back. Throws
// Error(kInvalidInput) for another version, or what is missing in it.
Json ToJson(const ModelCard& card);
ModelCard ModelCardFromJson(const Json& json, const std::string& file);

// The side file of somebody else's model, TOML:
//
//   side = 224
//   channels = 3
//   resize = "crop"              # fit, crop, stretch
//   range = [0, 1]               # what black and white become
//   mean = [0.485, 0.456, 0.406]
//   deviation = [0.229, 0.224, 0.225]
//   targets = ["Effusion", "Edema"]
//   activation = "sigmoid"       # none, sigmoid, softmax
//   embedding = "features"       # the output that is its features, if any
//
// Throws Error(kUsage) with the line, and the nearest name of an unknown key.
ModelCard ParseModelSideFile(std::string_view text, const std::string& file);

}  // namespace plumbline
