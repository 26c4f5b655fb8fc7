#include "plumbline/train/compute_mode.h"

#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <fmt/format.h>
#include <torch/version.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <limits>
#include <vector>

#include "plumbline/base/error.h"
#include "plumbline/base/file.h"
#include "plumbline/base/json.h"
#include "plumbline/base/log.h"
#include "plumbline/base/machine.h"
#include "plumbline/model/autocast.h"
#include "plumbline/train/option_names.h"

namespace plumbline::train {
namespace {

// Another mode than the plainest must be this much faster to be worth it.
constexpr double kWorthwhile = 1.1;

std::vector<ComputeMode> Candidates(const TrainOptions& options,
                                    const at::Device& device) {
  std::vector<ComputeMode> modes;
  for (const bool bfloat16 : {false, true}) {
    if (bfloat16 && options.precision == Precision::kFloat32) continue;
    // Without instructions of its own a processor is slower with it.
    if (bfloat16 && options.precision == Precision::kAuto && device.is_cpu() &&
        !HasBFloat16Instructions()) {
      continue;
    }
    if (!bfloat16 && options.precision == Precision::kBFloat16) continue;
    for (const bool last : {false, true}) {
      if (last && options.layout == MemoryLayout::kChannelsFirst) continue;
      if (!last && options.layout == MemoryLayout::kChannelsLast) continue;
      modes.push_back({bfloat16, last});
    }
  }
  return modes;
}

at::Tensor Arranged(const at::Tensor& images, const ComputeMode& compute) {
  return compute.channels_last
             ? images.contiguous(at::MemoryFormat::ChannelsLast)
             : images;
}

// The statistics of batch norm as they are now, put back at the end.
class StatisticsKept {
 public:
  explicit StatisticsKept(const Weights& weights) {
    for (const NamedTensor& named : weights.tensors()) {
      if (named.trained) continue;
      kept_.emplace_back(named.tensor, named.tensor.clone());
    }
  }
  ~StatisticsKept() {
    for (auto& [tensor, before] : kept_) tensor.copy_(before);
  }
  StatisticsKept(const StatisticsKept&) = delete;
  StatisticsKept& operator=(const StatisticsKept&) = delete;

 private:
  std::vector<std::pair<at::Tensor, at::Tensor>> kept_;
};

double SecondsOf(const TrainOptions& options, const ComputeMode& compute,
                 const Network& network, const at::Tensor& images) {
  const StatisticsKept kept(network.weights());
  const ForwardMode mode{
      .training = true,
      .batch_norm = options.batch_norm == BatchNormMode::kFrozen
                        ? BatchNormPolicy::kFrozen
                        : BatchNormPolicy::kBatch};
  // The fastest of a few: what other programs do only makes it slower. The
  // first one prepares memory and code.
  constexpr double kEnough = 0.3;
  double fastest = std::numeric_limits<double>::infinity(), all = 0;
  for (int i = 0; i < 3 || (all < kEnough && i < 10); ++i) {
    const auto start = std::chrono::steady_clock::now();
    FeaturesIn(compute, network, images, mode).square().sum().backward();
    const double seconds =
        std::chrono::duration<double>(std::chrono::steady_clock::now() - start)
            .count();
    all += seconds;
    if (i > 0) fastest = std::min(fastest, seconds);
  }
  return fastest;
}

std::string ProcessorName() {
  const Processor processor = DescribeMachine().processor;
  return fmt::format("{} {}", processor.name,
                     fmt::join(processor.instructions, " "));
}

// What was measured before, by a description of machine and task.
Json ReadMeasured(const std::string& file) {
  if (file.empty() || !std::filesystem::exists(file)) return Json::object();
  try {
    Json measured = ParseJson(ReadFile(file), file);
    return measured.is_object() ? measured : Json::object();
  } catch (const Error& error) {
    LogInfo("{}; measuring anew", error.what());
    return Json::object();
  }
}

}  // namespace

std::string Describe(const ComputeMode& mode) {
  return fmt::format("{}, channels {}",
                     mode.bfloat16 ? "bfloat16" : "32-bit floats",
                     mode.channels_last ? "last" : "first");
}

at::Tensor OutputsIn(const ComputeMode& compute, const Network& network,
                     const at::Tensor& images, const ForwardMode& mode) {
  const Autocast autocast(compute.bfloat16, images.device());
  return network.Outputs(Arranged(images, compute), mode).to(at::kFloat);
}

at::Tensor FeaturesIn(const ComputeMode& compute, const Network& network,
                      const at::Tensor& images, const ForwardMode& mode) {
  const Autocast autocast(compute.bfloat16, images.device());
  return network.backbone()
      .Features(Arranged(images, compute), mode)
      .to(at::kFloat);
}

ComputeMode ChooseComputeMode(const TrainOptions& options,
                              const Network& network, const at::Tensor& images,
                              std::string* words) {
  const std::vector<ComputeMode> modes = Candidates(options, images.device());
  words->clear();
  if (modes.size() == 1) return modes[0];
  const std::string key = fmt::format(
      "{}; {} threads; LibTorch {}; {}; {}x{}x{}x{}; batch norm {}; precision "
      "{}; layout {}",
      images.is_cpu() ? ProcessorName() : options.device, at::get_num_threads(),
      TORCH_VERSION, network.card().architecture, images.size(0),
      images.size(1), images.size(2), images.size(3),
      NameOf(options.batch_norm), NameOf(options.precision),
      NameOf(options.layout));
  Json measured = ReadMeasured(options.measured_file);
  if (const auto known = measured.find(key);
      known != measured.end() && known->is_object() &&
      known->contains("bfloat16") && known->contains("channels_last") &&
      known->at("bfloat16").is_boolean() &&
      known->at("channels_last").is_boolean()) {
    return {known->at("bfloat16").get<bool>(),
            known->at("channels_last").get<bool>()};
  }
  size_t best = 0;
  std::vector<double> seconds;
  for (size_t i = 0; i < modes.size(); ++i) {
    seconds.push_back(SecondsOf(options, modes[i], network, images));
    *words += fmt::format("{}{}: {:.0f} ms", i > 0 ? "; " : "",
                          Describe(modes[i]), 1e3 * seconds[i]);
    const double needed = best == 0 ? kWorthwhile : 1.0;
    if (seconds[i] * needed < seconds[best]) best = i;
  }
  if (!options.measured_file.empty()) {
    measured[key] = {{"bfloat16", modes[best].bfloat16},
                     {"channels_last", modes[best].channels_last},
                     {"measured", *words}};
    try {
      WriteFile(options.measured_file, WriteJson(measured));
    } catch (const Error& error) {
      LogInfo("{}; it will be measured again", error.what());
    }
  }
  return modes[best];
}

}  // namespace plumbline::train
