// Somebody else's models, as TorchScript.
#include <ATen/ATen.h>
#include <torch/script.h>
#include <torch/version.h>

#include "plumbline/base/error.h"
#include "plumbline/base/file.h"
#include "plumbline/model/score_images.h"
#include "plumbline/model/scorers.h"

namespace plumbline {
namespace {

// The line that matters of an error of LibTorch, which has a stack of calls
// around it.
std::string LineOf(const std::exception& error) {
  std::string text = error.what();
  for (const char* mark : {"RuntimeError: ", "Error: "}) {
    const size_t at = text.rfind(mark);
    if (at == std::string::npos) continue;
    text.erase(0, at + std::string(mark).size());
    break;
  }
  return text.substr(0, text.find('\n'));
}

torch::jit::Module Load(const std::string& file, const at::Device& device) {
  MappedFile{file};  // says so if there is none
  try {
    torch::jit::Module module = torch::jit::load(file, device);
    module.eval();
    return module;
  } catch (const std::exception&) {
    throw Error(ErrorCode::kInvalidInput, {.file = file},
                "LibTorch {} cannot read it as TorchScript; save the model "
                "with torch.jit.trace(model.eval(), images).save(...) and a "
                "Python torch that is not newer",
                TORCH_VERSION);
  }
}

// Weights as constants, and batch norms in the convolutions before them. Some
// models cannot be frozen (it was done already, or they change themselves), and
// run as they are.
torch::jit::Module Frozen(const torch::jit::Module& module) {
  try {
    return torch::jit::freeze(module);
  } catch (const std::exception&) {
    return module;
  }
}

class TorchScriptScorer : public Scorer {
 public:
  TorchScriptScorer(const std::string& file, const ModelCard& card,
                    const ScorerOptions& options)
      : file_(file),
        card_(card),
        batch_(options.batch),
        device_(PrepareScoring(options)),
        module_(Frozen(Load(file, device_))) {
    const Preprocessing& preprocessing = card_.preprocessing;
    std::vector<float> input = ReferenceInput(preprocessing);
    const at::NoGradGuard no_gradient;
    // Two, so that outputs cannot be taken for images.
    Run(ImagesOf(input, 1, preprocessing, device_).repeat({2, 1, 1, 1}));
  }

  const ModelCard& card() const override { return card_; }
  int64_t embedding_size() const override { return 0; }

  ScoredBatch Score(std::span<const float> input, int64_t n,
                    bool /*with_embeddings*/) override {
    return ScoreImages(input, n, card_, batch_, device_,
                       [&](const at::Tensor& images) {
                         return RawScores{Run(images), {}};
                       });
  }

 private:
  template <typename... Args>
  [[noreturn]] void Fail(fmt::format_string<Args...> format,
                         Args&&... args) const {
    throw Error(ErrorCode::kInvalidInput, {.file = file_}, "{}",
                fmt::vformat(format, fmt::make_format_args(args...)));
  }

  at::Tensor Run(const at::Tensor& images) {
    c10::IValue result;
    try {
      result = module_.forward({images});
    } catch (const std::exception& error) {
      Fail(
          "it does not take images of {} x {} x {} (channels, height, width), "
          "which its side file says: {}",
          images.size(1), images.size(2), images.size(3), LineOf(error));
    }
    if (!result.isTensor()) {
      Fail(
          "it gives {}, not one tensor of images x outputs; wrap the model in "
          "one that returns the outputs alone",
          result.tagKind());
    }
    return Checked(result.toTensor(), images.size(0));
  }

  // n x outputs; a model of one output may leave out that 1.
  at::Tensor Checked(const at::Tensor& values, int64_t n) const {
    const int64_t outputs = card_.outputs();
    if (outputs == 1 && values.dim() == 1 && values.size(0) == n) {
      return values.unsqueeze(1);
    }
    if (values.dim() != 2 || values.size(0) != n) {
      std::string shape;
      for (const int64_t length : values.sizes()) {
        shape += (shape.empty() ? "" : " x ") + std::to_string(length);
      }
      Fail("for {} images it gives a tensor of {}, not of images x outputs", n,
           shape.empty() ? "no dimension" : shape);
    }
    if (values.size(1) != outputs) {
      Fail(
          "it gives {} outputs for an image and its side file names {} "
          "targets; name all of them, in their order",
          values.size(1), outputs);
    }
    return values;
  }

  std::string file_;
  ModelCard card_;
  int batch_;
  at::Device device_;
  torch::jit::Module module_;
};

}  // namespace

std::unique_ptr<Scorer> OpenTorchScript(const std::string& file,
                                        const ModelCard& card,
                                        const ScorerOptions& options) {
  if (options.precision == "bf16") {
    throw Error(ErrorCode::kUsage,
                "--precision bf16: TorchScript models run as they were saved; "
                "leave it out");
  }
  return std::make_unique<TorchScriptScorer>(file, card, options);
}

}  // namespace plumbline
