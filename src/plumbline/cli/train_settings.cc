#include "plumbline/cli/train_settings.h"

#include <algorithm>
#include <cmath>
#include <filesystem>

#include "plumbline/base/text.h"
#include "plumbline/cli/cohort_images.h"
#include "plumbline/cli/cohort_settings.h"
#include "plumbline/cli/common_options.h"
#include "plumbline/cli/model_settings.h"
#include "plumbline/cli/surveyed.h"
#include "plumbline/cohort/split.h"
#include "plumbline/infer/architectures.h"
#include "plumbline/train/augment.h"
#include "plumbline/train/option_names.h"
#include "plumbline/train/progress_record.h"

namespace plumbline {
namespace {

using enum OptionKind;

OptionGroup NetworkOptions() {
  return {
      "Network",
      {{"network", kText, "NAME",
        "small-cnn, resnet18, resnet34, resnet50, densenet121, "
        "efficientnet-b0, vit-s16",
        "small-cnn"},
       {"weights", kText, "FILE",
        "begin with these weights: safetensors with torchvision's or timm's "
        "names; else with random numbers"},
       {"pretrain", kText, "simsiam",
        "learn features without labels: weights.safetensors, to begin another "
        "training with"},
       {"normalise", kText, "auto|data|imagenet|none",
        "mean and deviation of pixels become 0 and 1: of the training part, or "
        "of ImageNet; auto: ImageNet's with --weights",
        "auto"},
       {"batch-norm", kText, "batch|frozen|synchronised",
        "statistics of this process's images; those the network has; of the "
        "images of all processes",
        "batch"}}};
}

OptionGroup TargetOptions() {
  return {
      "What is learnt and from whom",
      {{"classes", kList, "COLUMN,...",
        "attributes or covariates whose values are to be told apart"},
       {"regress", kList, "COLUMN,...", "covariates whose number is learnt"},
       {"uncertain", kText, "mask|negative|positive",
        "what labels of -1 count as; mask: the row says nothing of them",
        "mask"},
       {"unmentioned", kText, "mask|negative|positive",
        "what blank labels and those not mentioned count as", "mask"},
       {"parts", kRepeated, "NAME=SHARE,...",
        "people are divided like this where the cohort has no --split",
        "train=0.7,tune=0.1,test=0.2"},
       {"train-part", kText, "NAME", "the part that is trained on", "train"},
       {"tune-part", kText, "NAME",
        "the part that chooses the best epoch; none: the last one is kept",
        "tune"},
       {"sampling", kText, "shuffle|label|ATTRIBUTE",
        "every image once in an epoch; both values of the first label as "
        "often; every group of an attribute as often",
        "shuffle"},
       {"class-weights", kText, "none|balanced",
        "balanced: the rarer value of a label weighs as much as the other",
        "none"},
       {"augment", kList, "NAME=RANGE,...",
        "how images are changed while they are trained on: flip (chance), "
        "rotate (degrees), scale, shift, brightness, contrast, noise, erase "
        "(chance); or none",
        "rotate=10,scale=0.1,shift=0.05,brightness=0.1,contrast=0.1"}}};
}

OptionGroup StepOptions() {
  return {
      "Training",
      {{"epochs", kText, "N", "times that the images are gone through", "20"},
       {"batch", kText, "N", "images of a step, over all processes", "32"},
       {"accumulate", kText, "N",
        "pieces that a step is computed in, to save memory", "1"},
       {"optimiser", kText, "adamw|sgd", "how weights follow gradients",
        "adamw"},
       {"learning-rate", kText, "X", "at its highest", "0.001"},
       {"schedule", kText, "cosine|constant|step",
        "how the learning rate falls", "cosine"},
       {"warmup", kText, "SHARE", "of the steps, in which it rises", "0.05"},
       {"weight-decay", kText, "X", "0 to below 1", "0.01"},
       {"momentum", kText, "X", "of sgd", "0.9"},
       {"clip", kText, "X", "largest norm of the gradient; 0: any", "1"},
       {"ema", kText, "X",
        "keep the moving mean of weights with this decay, such as 0.999; 0: "
        "the weights themselves",
        "0"},
       {"label-smoothing", kText, "X", "0 to 0.5", "0"},
       {"metric", kText, "NAME",
        "what the best epoch is chosen by, on the tuning part: auroc, "
        "worst-target-auroc, worst-group-auroc, loss, last",
        "auroc"},
       {"patience", kText, "N",
        "stop after so many epochs without a better one; 0: never", "5"},
       SeedOption()}};
}

OptionGroup MachineOptions() {
  return {
      "Machine",
      {{"precision", kText, "auto|fp32|bf16",
        "of convolutions and products; auto: measured once and remembered",
        "auto"},
       {"layout", kText, "auto|channels-first|channels-last",
        "of pictures in memory; auto: measured once and remembered", "auto"},
       {"run-on", kText, "cpu|cuda|cuda:N", "the processor", "cpu"},
       ThreadsOption(),
       {"checkpoint", kText, "MINUTES",
        "between the checkpoints that a stopped run goes on from", "5"},
       {"restart", kFlag, "", "begin anew, whatever checkpoint there is"},
       CacheOption()}};
}

OptionGroup TrainPackingOptions() {
  OptionGroup group = PackingOptions();
  for (Option& option : group.options) {
    if (std::string_view(option.name) != "side") continue;
    option.help =
        "side of the images as the network sees them; else that of the packed "
        "file, or what the network was made for";
    option.standard = "";
  }
  return group;
}

train::Normalisation ReadNormalisation(const Settings& settings) {
  const std::string text = settings.Text("normalise");
  if (text == "data") return train::Normalisation::kData;
  if (text == "imagenet") return train::Normalisation::kImageNet;
  if (text == "none") return train::Normalisation::kNone;
  if (text == "auto") {
    return settings.Has("weights") ? train::Normalisation::kImageNet
                                   : train::Normalisation::kData;
  }
  settings.Fail("normalise", text, "expected auto, data, imagenet or none{}",
                DidYouMean(text, {"auto", "data", "imagenet", "none"}));
}

void ReadSampling(const Settings& settings, train::TrainOptions* options) {
  const std::string text = settings.Text("sampling");
  if (text == "shuffle") return;
  options->sampling = text == "label" ? train::Sampling::kBalancedLabel
                                      : train::Sampling::kBalancedGroup;
  if (text != "label") options->sampling_attribute = text;
}

train::TrainOptions ReadOptions(const Settings& settings) {
  const auto number = [&](const char* name) {
    return settings.Number(
        name, [](double x) { return std::isfinite(x); }, "a number");
  };
  const auto whole = [&](const char* name) {
    return static_cast<int>(
        settings.Integer(name, 0, 1'000'000, "a whole number"));
  };
  const auto parsed = [&](const char* name, auto parse) {
    return settings.Parsed(name, [&] { return parse(settings.Text(name)); });
  };
  train::TrainOptions o;
  o.architecture = parsed("network", [](const std::string& name) {
    return std::string(FindArchitecture(name).name);
  });
  o.weights = settings.Text("weights");
  if (!o.weights.empty() && !std::filesystem::exists(o.weights)) {
    settings.Fail("weights", o.weights, "there is no such file");
  }
  o.augmentation = settings.Parsed("augment", [&] {
    const train::Augmentation augmentation =
        train::ParseAugmentation(settings.List("augment"));
    train::RequireValid(augmentation);
    return augmentation;
  });
  o.epochs = whole("epochs");
  o.batch = whole("batch");
  o.accumulate = whole("accumulate");
  o.optimiser = parsed("optimiser", train::ParseOptimiser);
  o.learning_rate = number("learning-rate");
  o.weight_decay = number("weight-decay");
  o.momentum = number("momentum");
  o.schedule = parsed("schedule", train::ParseSchedule);
  o.warmup = number("warmup");
  o.clip = number("clip");
  o.ema = number("ema");
  o.label_smoothing = number("label-smoothing");
  o.class_weights = parsed("class-weights", train::ParseClassWeights);
  ReadSampling(settings, &o);
  o.batch_norm = parsed("batch-norm", train::ParseBatchNormMode);
  o.metric = settings.Text("metric");
  o.patience = whole("patience");
  o.precision = parsed("precision", train::ParsePrecision);
  o.layout = parsed("layout", train::ParseMemoryLayout);
  o.device = ReadRunOn(settings);
  o.checkpoint_minutes = number("checkpoint");
  o.seed = ReadSeed(settings);
  o.threads = ReadThreads(settings);
  return o;
}

// What is not said is as Chen and He 2021 have it, and images are changed more
// than under labels.
void ReadPretraining(const Settings& settings, TrainSettings* read) {
  const std::string text = settings.Text("pretrain");
  if (text.empty()) return;
  if (text != "simsiam") {
    settings.Fail("pretrain", text, "the only way is simsiam");
  }
  train::TrainOptions& options = read->options;
  options.simsiam = true;
  options.metric = "last";
  read->input.without_labels = true;
  if (!settings.Has("tune-part")) read->input.tune_part.clear();
  if (!settings.Has("optimiser")) options.optimiser = train::Optimiser::kSgd;
  if (!settings.Has("learning-rate")) {
    options.learning_rate = 0.05 * options.batch / 256;
  }
  if (!settings.Has("weight-decay")) options.weight_decay = 1e-4;
  if (!settings.Has("clip")) options.clip = 0;
  if (!settings.Has("augment")) {
    options.augmentation = {.rotate = 15,
                            .scale = 0.3,
                            .shift = 0.15,
                            .brightness = 0.3,
                            .contrast = 0.4,
                            .noise = 0.02};
  }
}

}  // namespace

OptionGroups TrainOptionGroups() {
  return {CohortOptions(),
          TrainPackingOptions(),
          NetworkOptions(),
          TargetOptions(),
          StepOptions(),
          MachineOptions(),
          SurveyedOptions(),
          ReadingOptions(),
          OutputOptions(
              {{"output",
                "folder for model.safetensors, train.json, report.html, "
                "history.csv, split.csv and run.json; made if need be"},
               {"format", "what stands on standard output; csv: the epochs"},
               {"tables", "what the history is written as in the folder"}})};
}

TrainSettings ReadTrainSettings(const Settings& settings) {
  TrainSettings read;
  read.options = ReadOptions(settings);
  train::InputOptions& input = read.input;
  input.classes = settings.List("classes");
  input.regress = settings.List("regress");
  const auto policy = [&](const char* name) {
    return settings.Parsed(name, [&] {
      return train::ParseLabelPolicy(name, settings.Text(name));
    });
  };
  input.uncertain = policy("uncertain");
  input.unmentioned = policy("unmentioned");
  input.train_part = settings.Text("train-part");
  input.tune_part = settings.Text("tune-part");
  if (input.tune_part == "none") input.tune_part.clear();
  input.parts = settings.Parsed(
      "parts", [&] { return ParseSplitParts(settings.List("parts").at(0)); });
  input.seed = read.options.seed;
  input.normalisation = ReadNormalisation(settings);
  ReadPretraining(settings, &read);
  read.has_side = settings.Has("side");
  if (read.has_side) {
    input.side = static_cast<int>(
        settings.Integer("side", 16, 4096, "a whole number from 16 to 4096"));
  }
  if (input.tune_part.empty()) read.options.metric = "last";
  train::RequireValid(read.options);
  return read;
}

}  // namespace plumbline
