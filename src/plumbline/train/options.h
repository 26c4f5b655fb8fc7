// What a training run is told.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "plumbline/infer/model_card.h"

namespace plumbline::train {

enum class Optimiser { kAdamW, kSgd };
enum class Schedule { kConstant, kCosine, kStep };
enum class Precision { kAuto, kFloat32, kBFloat16 };
// Of pictures in memory: colour by colour, or all colours of a pixel together.
enum class MemoryLayout { kAuto, kChannelsFirst, kChannelsLast };
enum class BatchNormMode { kBatch, kFrozen, kSynchronised };
enum class ClassWeights { kNone, kBalanced };
enum class Sampling {
  kShuffle,        // every image once in an epoch
  kBalancedLabel,  // each value of the first target as often
  kBalancedGroup,  // each group of an attribute as often
};

// Ranges of what happens to an image while it is trained on. Every draw is a
// function of the seed and the image's place in the run alone.
struct Augmentation {
  double flip = 0;          // probability of a mirror image, 0 to 1
  double rotate = 10;       // degrees to either side, 0 to 180
  double scale = 0.1;       // size times 1 - s to 1 + s, 0 to 0.9
  double shift = 0.05;      // of the side, to either side, 0 to 0.5
  double brightness = 0.1;  // of the full range, added, either way, 0 to 1
  double contrast = 0.1;    // times 1 - c to 1 + c around the image's mean
  double noise = 0;         // deviation, of the full range, 0 to 1
  double erase = 0;         // probability of one grey box of 2 to 20 % of the
                            // area (Zhong et al. 2020)
};

struct TrainOptions {
  std::string architecture = "small-cnn";
  std::string weights;  // safetensors file to begin with; "": random numbers
  Augmentation augmentation;

  // Learn features without labels (simsiam.h): TrainResult::model_file is then
  // a file of weights to begin with, not a model.
  bool simsiam = false;

  int epochs = 20;
  int batch = 32;      // images of one step, over all processes
  int accumulate = 1;  // pieces that a step's batch is computed in
  Optimiser optimiser = Optimiser::kAdamW;
  double learning_rate = 1e-3;
  double weight_decay = 1e-2;
  double momentum = 0.9;  // SGD
  Schedule schedule = Schedule::kCosine;
  double warmup = 0.05;        // of the steps, rising linearly, 0 to 0.9
  double clip = 1.0;           // largest norm of the gradient; 0: none
  double ema = 0;              // decay of the moving mean of weights; 0: none
  double label_smoothing = 0;  // 0 to 0.5
  ClassWeights class_weights = ClassWeights::kNone;
  Sampling sampling = Sampling::kShuffle;
  std::string sampling_attribute;  // kBalancedGroup
  BatchNormMode batch_norm = BatchNormMode::kBatch;

  // The weights that are kept: of the epoch with the best `metric` on the
  // tuning part. "auroc" (the mean over targets), "worst-target-auroc",
  // "worst-group-auroc" (the lowest of any group in any target), "loss", or
  // "last" (of the last epoch, whatever it is).
  std::string metric = "auroc";
  int patience = 5;  // epochs without a better one; 0: never stop early

  Precision precision = Precision::kAuto;
  MemoryLayout layout = MemoryLayout::kAuto;
  std::string device = "cpu";  // "cpu", "cuda", "cuda:1"
  // Where checkpoints are kept; "": none.
  std::string checkpoint_file;
  double checkpoint_minutes = 5;  // between them; 0: after every step
  // Where what was measured of precision and layout is kept; "": nowhere.
  std::string measured_file;
  uint64_t seed = 1;
  int threads = 0;  // 0: DefaultThreads()
};

}  // namespace plumbline::train
