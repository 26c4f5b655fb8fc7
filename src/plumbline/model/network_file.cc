// Own models as files.
#include <ATen/ATen.h>

#include <algorithm>
#include <cmath>

#include "plumbline/base/error.h"
#include "plumbline/base/file.h"
#include "plumbline/base/json.h"
#include "plumbline/model/network.h"
#include "plumbline/model/tensor_views.h"

namespace plumbline {
namespace {

constexpr const char* kCardKey = "plumbline.model";

// Of an output, relative to the largest where that is above 1: kernels for
// other processors round otherwise by about a hundredth of it.
constexpr double kOutputTolerance = 1e-4;

std::vector<double> ReferenceOutputs(const Network& network) {
  const at::NoGradGuard no_gradient;
  const Preprocessing& preprocessing = network.card().preprocessing;
  std::vector<float> input = ReferenceInput(preprocessing);
  const at::Tensor images = at::from_blob(
      input.data(),
      {1, preprocessing.channels, preprocessing.side, preprocessing.side});
  const at::Tensor outputs =
      network.Outputs(images, {}).flatten().to(at::kDouble).contiguous();
  const double* values = outputs.data_ptr<double>();
  return {values, values + outputs.numel()};
}

// The same network in float on the CPU, where reference outputs are computed.
std::unique_ptr<Network> OnCpu(const Network& network) {
  auto copy = std::make_unique<Network>(network.card(), std::nullopt);
  const at::NoGradGuard no_gradient;
  for (const NamedTensor& named : network.weights().tensors()) {
    at::Tensor to = *copy->weights().Find(named.name);
    to.copy_(named.tensor);
  }
  return copy;
}

ModelCard CardOf(const TensorFile& content, const std::string& file) {
  const auto card = content.metadata.find(kCardKey);
  if (card == content.metadata.end()) {
    throw Error(ErrorCode::kInvalidInput, {.file = file},
                "these are weights without a card that says what they take and "
                "give, not a model of plumbline train; to begin a training "
                "with them, give them as --weights");
  }
  return ModelCardFromJson(ParseJson(card->second, file), file);
}

[[noreturn]] void FailOther(const std::string& file, const std::string& what) {
  throw Error(ErrorCode::kInvalidInput, {.file = file},
              "{}; the file is damaged or was changed", what);
}

void CopyTensors(const TensorFile& content, const std::string& file,
                 Network* network) {
  const at::NoGradGuard no_gradient;
  const Weights& weights = network->weights();
  for (const TensorView& view : content.tensors) {
    const at::Tensor* found = weights.Find(view.name);
    if (found == nullptr) {
      FailOther(file, fmt::format("it holds a tensor \"{}\" that {} has not",
                                  view.name, network->card().architecture));
    }
    at::Tensor to = *found;
    const TensorView expected = ViewOf(view.name, to);
    if (view.shape != expected.shape || view.type != expected.type) {
      FailOther(file,
                fmt::format("tensor \"{}\" is {} of {}, not {} of {}",
                            view.name, NameOf(view.type), ShapeText(view.shape),
                            NameOf(expected.type), ShapeText(expected.shape)));
    }
    to.copy_(TensorOf(view));
  }
  if (content.tensors.size() == weights.tensors().size()) return;
  for (const NamedTensor& named : weights.tensors()) {
    const bool there =
        std::any_of(content.tensors.begin(), content.tensors.end(),
                    [&](const auto& view) { return view.name == named.name; });
    if (!there) {
      FailOther(file, fmt::format("it lacks the tensor \"{}\"", named.name));
    }
  }
}

void RequireReference(const Network& network, const std::string& file) {
  const ModelCard& card = network.card();
  if (ReferenceHash(card.preprocessing) != card.input_sha256) {
    throw Error(ErrorCode::kInvalidInput, {.file = file},
                "its preprocessing gives other numbers here than where it was "
                "trained (SHA-256 of the reference input differs), so that its "
                "scores would too; use the version of plumbline that made it");
  }
  const std::vector<double> outputs = ReferenceOutputs(network);
  if (outputs.size() != card.reference_outputs.size()) {
    FailOther(file, fmt::format("its card records {} outputs, it gives {}",
                                card.reference_outputs.size(), outputs.size()));
  }
  double largest = 1;
  for (const double output : card.reference_outputs) {
    largest = std::max(largest, std::abs(output));
  }
  for (size_t i = 0; i < outputs.size(); ++i) {
    const double expected = card.reference_outputs[i];
    // Written so that NaN fails.
    if (std::abs(outputs[i] - expected) <= kOutputTolerance * largest) continue;
    FailOther(file, fmt::format("output {} for the reference picture is {:.6g} "
                                "here and was {:.6g} when it was saved",
                                i + 1, outputs[i], expected));
  }
}

}  // namespace

std::string NetworkFile(Network* network) {
  const std::unique_ptr<Network> copy = OnCpu(*network);
  ModelCard* card = network->mutable_card();
  card->input_sha256 = ReferenceHash(card->preprocessing);
  card->reference_outputs = ReferenceOutputs(*copy);

  TensorFile content;
  content.metadata = {{"format", "pt"}, {kCardKey, WriteJson(ToJson(*card))}};
  for (const NamedTensor& named : copy->weights().tensors()) {
    content.tensors.push_back(ViewOf(named.name, named.tensor));
  }
  // Wider elements first, so that all are aligned.
  std::stable_sort(content.tensors.begin(), content.tensors.end(),
                   [](const TensorView& a, const TensorView& b) {
                     return SizeOf(a.type) > SizeOf(b.type);
                   });
  return SafetensorsBytes(content);
}

std::string BackboneFile(const Network& network) {
  const Network backbone(network.card(), std::nullopt);
  TensorFile content;
  content.metadata = {{"format", "pt"}};
  // Held until the bytes are made: views do not own what they show.
  std::vector<at::Tensor> held;
  for (const NamedTensor& named : backbone.weights().tensors()) {
    if (named.name.starts_with("head.")) continue;
    held.push_back(
        network.weights().Find(named.name)->detach().to(at::kCPU).contiguous());
    content.tensors.push_back(ViewOf(named.name, held.back()));
  }
  return SafetensorsBytes(content);
}

std::unique_ptr<Network> LoadNetwork(const std::string& file) {
  const MappedFile mapped(file);
  const TensorFile content = ParseSafetensors(mapped.bytes(), file);
  const ModelCard card = CardOf(content, file);
  std::unique_ptr<Network> network;
  try {
    network = std::make_unique<Network>(card, std::nullopt);
  } catch (const Error& error) {
    throw Error(ErrorCode::kInvalidInput, {.file = file}, "{}", error.what());
  }
  CopyTensors(content, file, network.get());
  RequireReference(*network, file);
  return network;
}

}  // namespace plumbline
