#include "plumbline/cli/model_settings.h"

#include <algorithm>
#include <filesystem>

#include "plumbline/base/error.h"
#include "plumbline/base/file.h"
#include "plumbline/base/text.h"
#include "plumbline/cli/cohort_images.h"
#include "plumbline/cli/common_options.h"
#include "plumbline/infer/onnx_runtime.h"
#include "plumbline/train/network_service.h"

namespace plumbline {
namespace {

using enum OptionKind;
namespace fs = std::filesystem;

constexpr const char* kSideFileExample =
    "  side = 224                      # width and height that it takes\n"
    "  channels = 3                    # 1: grey\n"
    "  mean = [0.485, 0.456, 0.406]    # subtracted from samples from 0 to 1\n"
    "  deviation = [0.229, 0.224, 0.225]\n"
    "  targets = [\"Effusion\", \"Edema\"] # its outputs in their order\n"
    "  activation = \"sigmoid\"          # none, sigmoid, softmax";

enum class ModelKind { kOwn, kTorchScript, kOnnx };

ModelKind KindOf(const std::string& file) {
  const std::string ending = fs::path(file).extension().string();
  if (ending == ".safetensors") return ModelKind::kOwn;
  if (ending == ".pt" || ending == ".ts") return ModelKind::kTorchScript;
  if (ending == ".onnx") return ModelKind::kOnnx;
  throw Error(ErrorCode::kUsage,
              "{}: is no model that can be run: name a folder of plumbline "
              "train, its .safetensors file, a TorchScript file (.pt, .ts) or "
              "an ONNX file (.onnx)",
              file);
}

// The file that holds the weights.
std::string FileOf(const std::string& model) {
  std::error_code error;
  if (fs::is_directory(model, error)) {
    std::string file = (fs::path(model) / "model.safetensors").string();
    if (fs::exists(file, error)) return file;
    throw Error(ErrorCode::kUsage,
                "{}: holds no model.safetensors, so it is no folder of a "
                "finished plumbline train; run the same training again to "
                "finish it, or name a file",
                model);
  }
  if (!fs::exists(model, error)) {
    throw Error(ErrorCode::kInvalidInput, "{}: no such file", model);
  }
  return model;
}

std::string SideFileOf(const Settings& settings, const std::string& file) {
  if (settings.Has("preprocessing")) return settings.Text("preprocessing");
  std::string beside = fs::path(file).replace_extension(".toml").string();
  if (fs::exists(beside)) return beside;
  throw Error(ErrorCode::kUsage,
              "{}: what it takes and gives is not known; write {} beside it "
              "(or name such a file with --preprocessing), such as\n{}",
              file, fs::path(beside).filename().string(), kSideFileExample);
}

std::string OneOf(const Settings& settings, const std::string& option,
                  const std::vector<std::string>& allowed) {
  std::string text = settings.Text(option);
  if (std::find(allowed.begin(), allowed.end(), text) == allowed.end()) {
    settings.Fail(option, text, "expected {}{}", JoinWords(allowed, "or"),
                  DidYouMean(text, allowed));
  }
  return text;
}

ScorerOptions ReadScorerOptions(const Settings& settings) {
  ScorerOptions options;
  options.threads = ReadThreads(settings);
  options.precision = OneOf(settings, "precision", {"auto", "fp32", "bf16"});
  options.device = ReadRunOn(settings);
  options.batch = static_cast<int>(settings.Integer(
      "batch", 1, 65536, "a whole number of images from 1 to 65536"));
  return options;
}

}  // namespace

std::string ReadRunOn(const Settings& settings) {
  std::string device = settings.Text("run-on");
  const bool is_gpu =
      device == "cuda" ||
      (device.starts_with("cuda:") && device.size() > 5 &&
       device.find_first_not_of("0123456789", 5) == std::string::npos);
  if (device != "cpu" && !is_gpu) {
    settings.Fail("run-on", device, "expected cpu, cuda or cuda:N");
  }
  return device;
}

OptionGroup ModelOptions() {
  return {"Model",
          {{"preprocessing", kText, "FILE",
            "what somebody else's model takes and gives; else MODEL with the "
            "ending .toml"},
           {"model-split", kText, "FILE",
            "subject,split of the people that it was trained on and without; "
            "else split.csv in the folder of a model of plumbline train"},
           {"run-on", kText, "cpu|cuda|cuda:N", "where it runs", "cpu"},
           {"precision", kText, "auto|fp32|bf16",
            "of models of plumbline train; auto: bf16 where the processor has "
            "instructions for it, but not for small-cnn",
            "auto"},
           {"batch", kText, "N", "images at once", "32"}}};
}

OptionGroup ModelImageOptions() {
  OptionGroup group = CohortImageOptions();
  std::erase_if(group.options, [](const Option& option) {
    return std::string_view(option.name) == "no-images";
  });
  for (Option& option : group.options) {
    const std::string_view name = option.name;
    if (name == "side") {
      option.help = "side of the packed images, 16 to 4096; else the model's";
    } else if (name == "colour") {
      option.help = "else what the model takes; auto: as the first image";
    } else if (name == "resize") {
      option.help = "how images become square; else as the model says";
    } else {
      continue;
    }
    option.standard = "";
  }
  return group;
}

OpenedModel OpenModel(const Settings& settings, const std::string& model) {
  const ScorerOptions options = ReadScorerOptions(settings);
  OpenedModel opened;
  opened.batch = options.batch;
  opened.file = FileOf(model);
  opened.split_file = settings.Text("model-split");
  const ModelKind kind = KindOf(opened.file);
  if (kind == ModelKind::kOwn) {
    if (settings.Has("preprocessing")) {
      settings.Fail("preprocessing", settings.Text("preprocessing"),
                    "a model of plumbline train knows what it takes; leave it "
                    "out");
    }
    const fs::path split = fs::path(opened.file).parent_path() / "split.csv";
    if (fs::exists(split) && opened.split_file.empty()) {
      opened.split_file = split.string();
    }
    opened.scorer = LoadNetworkPart().open_own(opened.file, options);
    return opened;
  }
  opened.side_file = SideFileOf(settings, opened.file);
  ModelCard card =
      ParseModelSideFile(ReadFile(opened.side_file), opened.side_file);
  card.architecture = kind == ModelKind::kOnnx ? "onnx" : "torchscript";
  opened.scorer =
      kind == ModelKind::kOnnx
          ? OpenOnnxModel(opened.file, card, options)
          : LoadNetworkPart().open_torchscript(opened.file, card, options);
  return opened;
}

PackOptions ReadModelPackOptions(const Settings& settings,
                                 const Preprocessing& preprocessing) {
  PackOptions standard;
  standard.side = std::clamp(preprocessing.side, 16, 4096);
  standard.channels = preprocessing.channels == 1 ? 1 : 0;
  standard.resize = preprocessing.resize;
  standard.window = preprocessing.window;
  return ReadPackOptions(settings, standard);
}

}  // namespace plumbline
