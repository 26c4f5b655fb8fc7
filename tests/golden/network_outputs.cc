// usage: network_outputs ARCHITECTURE WEIGHTS IMAGES
// Prints the outputs of a network with all tensors of the file WEIGHTS for the
// tensor "images" of the file IMAGES, one line for each image.
#include <ATen/ATen.h>
#include <fmt/format.h>

#include <cstdio>

#include "plumbline/base/error.h"
#include "plumbline/base/file.h"
#include "plumbline/infer/safetensors.h"
#include "plumbline/model/network.h"
#include "plumbline/model/tensor_views.h"

namespace plumbline {
namespace {

constexpr int kOutputs = 8;

void Print(const std::string& architecture, const std::string& weights,
           const std::string& file) {
  const MappedFile mapped(file);
  const at::Tensor images =
      TensorOf(ParseSafetensors(mapped.bytes(), file).tensors.at(0));
  ModelCard card;
  card.architecture = architecture;
  card.preprocessing = {.side = static_cast<int>(images.size(3)),
                        .channels = static_cast<int>(images.size(1))};
  for (int i = 0; i < kOutputs; ++i) {
    card.targets.push_back({.name = std::to_string(i)});
  }
  Network network(card, std::nullopt);
  const WeightsReport report = LoadWeights(weights, &network);
  if (!report.missing.empty() || !report.unexpected.empty() ||
      !report.other_shape.empty()) {
    throw Error(ErrorCode::kInvalidInput,
                "{} tensors are missing, {} too much, {} of another shape",
                report.missing.size(), report.unexpected.size(),
                report.other_shape.size());
  }
  const at::NoGradGuard no_gradient;
  const at::Tensor outputs = network.Outputs(images, {}).contiguous();
  const float* values = outputs.data_ptr<float>();
  for (int64_t i = 0; i < outputs.numel(); ++i) {
    fmt::print("{:.9g}{}", values[i], (i + 1) % kOutputs == 0 ? '\n' : ' ');
  }
}

}  // namespace
}  // namespace plumbline

int main(int count, char** arguments) {
  if (count != 4) return 2;
  try {
    plumbline::Print(arguments[1], arguments[2], arguments[3]);
  } catch (const plumbline::Error& error) {
    fmt::print(stderr, "{}\n", error.what());
    return plumbline::ExitCode(error.code());
  }
  return 0;
}
