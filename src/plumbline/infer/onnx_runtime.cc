#include "plumbline/infer/onnx_runtime.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "plumbline/base/error.h"
#include "plumbline/base/text.h"
#include "plumbline/base/thread_pool.h"
#include "plumbline/infer/onnx_library.h"

namespace plumbline {
namespace {

using onnx::Handle;
using onnx::Library;

// Of the library's numbers: messages of its log that are no errors of a call
// are left out, and all it knows to make a graph faster is done.
constexpr int kLogFatal = 4;
constexpr int kAllOptimisations = 99;

using Owned = std::unique_ptr<void, void (*)(Handle)>;

// One input or output.
struct Port {
  std::string name;
  bool is_tensor = false;
  int type = 0;
  std::vector<int64_t> shape;  // -1: any
};

std::string ShapeText(const std::vector<int64_t>& shape) {
  std::vector<std::string> sides;
  for (const int64_t side : shape) {
    sides.push_back(side < 0 ? "any" : fmt::format("{}", side));
  }
  return fmt::format("{}", fmt::join(sides, " x "));
}

std::vector<std::string> NamesOf(const std::vector<Port>& ports) {
  std::vector<std::string> names;
  for (const Port& port : ports) names.push_back(port.name);
  return names;
}

class OnnxScorer : public Scorer {
 public:
  OnnxScorer(const std::string& file, const ModelCard& card,
             const ScorerOptions& options)
      : library_(onnx::Load()),
        file_(file),
        card_(card),
        session_(nullptr, library_.release_session) {
    OpenSession(options);
    ReadInput();
    ReadOutputs();
    // The width of the embedding may be known only now.
    const std::vector<float> black(card_.preprocessing.input_size());
    ScoredBatch trial;
    Run(black.data(), 1, has_embedding(), &trial);
    embedding_size_ = static_cast<int64_t>(trial.embeddings.size());
  }

  const ModelCard& card() const override { return card_; }
  int64_t embedding_size() const override { return embedding_size_; }

  ScoredBatch Score(std::span<const float> input, int64_t n,
                    bool with_embeddings) override {
    ScoredBatch result;
    const int64_t step = fixed_batch_ > 0 ? fixed_batch_ : n;
    for (int64_t first = 0; first < n; first += step) {
      Run(input.data() + first * card_.preprocessing.input_size(),
          std::min(step, n - first), with_embeddings && has_embedding(),
          &result);
    }
    Activate(card_, n, &result.scores);
    return result;
  }

 private:
  bool has_embedding() const { return !embedding_name_.empty(); }

  void Require(onnx::Status status) const {
    onnx::Require(library_, status, file_);
  }

  template <typename... Args>
  [[noreturn]] void Fail(fmt::format_string<Args...> format,
                         Args&&... args) const {
    throw Error(ErrorCode::kInvalidInput, Location{.file = file_}, "{}",
                fmt::vformat(format, fmt::make_format_args(args...)));
  }

  void OpenSession(const ScorerOptions& options) {
    // The library allows one of these in a process.
    static Handle environment = [this] {
      Handle made = nullptr;
      Require(library_.create_env(kLogFatal, "plumbline", &made));
      return made;
    }();
    Handle made = nullptr;
    Require(library_.create_session_options(&made));
    const Owned settings(made, library_.release_session_options);
    const int threads =
        options.threads > 0 ? options.threads : DefaultThreads();
    Require(library_.set_threads(settings.get(), threads));
    Require(library_.set_optimisation(settings.get(), kAllOptimisations));
    // Waiting threads would take the processor from the one that prepares the
    // next batch.
    Require(library_.add_session_setting(
        settings.get(), "session.intra_op.allow_spinning", "0"));
    Handle session = nullptr;
    Require(library_.create_session(environment, file_.c_str(), settings.get(),
                                    &session));
    session_.reset(session);
  }

  using NameFunction = onnx::Status (*)(Handle, size_t, Handle, char**);
  using TypeFunction = onnx::Status (*)(Handle, size_t, Handle*);

  std::vector<Port> ReadPorts(size_t count, NameFunction name_of,
                              TypeFunction type_of) const {
    Handle allocator = nullptr;
    Require(library_.default_allocator(&allocator));
    std::vector<Port> ports(count);
    for (size_t i = 0; i < count; ++i) {
      char* name = nullptr;
      Require(name_of(session_.get(), i, allocator, &name));
      ports[i].name = name;
      Require(library_.allocator_free(allocator, name));
      Handle type = nullptr;
      Require(type_of(session_.get(), i, &type));
      const Owned owned(type, library_.release_type);
      Handle tensor = nullptr;
      Require(library_.tensor_of_type(type, &tensor));
      if (tensor == nullptr) continue;
      ports[i].is_tensor = true;
      Require(library_.element_type(tensor, &ports[i].type));
      ports[i].shape = ShapeOf(tensor);
    }
    return ports;
  }

  std::vector<int64_t> ShapeOf(Handle tensor) const {
    size_t rank = 0;
    Require(library_.dimension_count(tensor, &rank));
    std::vector<int64_t> shape(rank);
    Require(library_.dimensions(tensor, shape.data(), rank));
    return shape;
  }

  void ReadInput() {
    size_t count = 0;
    Require(library_.input_count(session_.get(), &count));
    const std::vector<Port> inputs =
        ReadPorts(count, library_.input_name, library_.input_type);
    if (inputs.size() != 1) {
      Fail(
          "takes {} inputs ({}), and a picture is one; export the model with "
          "the picture as its only input",
          inputs.size(), JoinWords(NamesOf(inputs)));
    }
    const Port& input = inputs[0];
    if (!input.is_tensor || input.type != onnx::kFloat) {
      Fail(
          "its input \"{}\" is {}, and pictures are given as floats of 32 "
          "bits; export the model with such an input",
          input.name,
          input.is_tensor ? onnx::NameOfElementType(input.type) : "no tensor");
    }
    RequireInputShape(input);
    input_name_ = input.name;
    fixed_batch_ = std::max<int64_t>(input.shape[0], 0);
  }

  void RequireInputShape(const Port& input) const {
    const Preprocessing& preprocessing = card_.preprocessing;
    const std::vector<int64_t> wanted = {
        -1, preprocessing.channels, preprocessing.side, preprocessing.side};
    const std::vector<int64_t>& shape = input.shape;
    bool fits = shape.size() == wanted.size();
    for (size_t i = 1; fits && i < wanted.size(); ++i) {
      fits = shape[i] < 0 || shape[i] == wanted[i];
    }
    if (fits) return;
    const bool channels_last =
        shape.size() == 4 && (shape[3] == 1 || shape[3] == 3) && shape[1] > 3;
    Fail(
        "its input \"{}\" is {} (images x channels x height x width), and "
        "the side file says channels = {} and side = {}; {}",
        input.name, ShapeText(shape), preprocessing.channels,
        preprocessing.side,
        channels_last
            ? "the model takes the channels last: export it with the channels "
              "before height and width"
            : "change the side file, or export the model for that size");
  }

  void ReadOutputs() {
    size_t count = 0;
    Require(library_.output_count(session_.get(), &count));
    const std::vector<Port> outputs =
        ReadPorts(count, library_.output_name, library_.output_type);
    for (const Port& output : outputs) {
      const bool is_embedding = output.name == card_.embedding;
      if (is_embedding) embedding_name_ = output.name;
      if (!is_embedding && output_name_.empty()) output_name_ = output.name;
      if (output.name != output_name_ && !is_embedding) continue;
      if (!output.is_tensor || output.type != onnx::kFloat) {
        Fail(
            "its output \"{}\" is {}, and floats of 32 bits are needed; "
            "export the model with such an output",
            output.name,
            output.is_tensor ? onnx::NameOfElementType(output.type)
                             : "no tensor");
      }
    }
    if (!card_.embedding.empty() && !has_embedding()) {
      Fail(
          "has no output \"{}\", which the side file names as embedding{}; "
          "its outputs: {}",
          card_.embedding, DidYouMean(card_.embedding, NamesOf(outputs)),
          JoinWords(NamesOf(outputs)));
    }
    if (output_name_.empty()) {
      Fail(
          "has no output besides the embedding \"{}\"; export the model with "
          "its scores",
          card_.embedding);
    }
  }

  // Scores up to a batch of images and appends what they give.
  void Run(const float* input, int64_t count, bool with_embeddings,
           ScoredBatch* result) const {
    const Preprocessing& preprocessing = card_.preprocessing;
    const int64_t size = preprocessing.input_size();
    const int64_t batch = std::max(fixed_batch_, count);
    std::vector<float> filled;
    if (batch > count) {
      filled.assign(input, input + count * size);
      filled.resize(batch * size);
      input = filled.data();
    }
    const int64_t shape[] = {batch, preprocessing.channels, preprocessing.side,
                             preprocessing.side};
    Handle memory = nullptr;
    Require(library_.create_memory_info(0, 0, &memory));
    Handle value = nullptr;
    // The library does not write to inputs.
    const onnx::Status made = library_.create_tensor(
        memory, const_cast<float*>(input), batch * size * sizeof(float), shape,
        4, onnx::kFloat, &value);
    library_.release_memory_info(memory);
    Require(made);
    const Owned tensor(value, library_.release_value);
    const char* const input_names[] = {input_name_.c_str()};
    const char* const output_names[] = {output_name_.c_str(),
                                        embedding_name_.c_str()};
    Handle outputs[2] = {nullptr, nullptr};
    const Handle inputs[] = {value};
    Require(library_.run(session_.get(), nullptr, input_names, inputs, 1,
                         output_names, with_embeddings ? 2 : 1, outputs));
    const Owned scores(outputs[0], library_.release_value);
    const Owned embeddings(outputs[1], library_.release_value);
    Append(scores.get(), output_name_, batch, count, card_.outputs(),
           &result->scores);
    if (with_embeddings) {
      Append(embeddings.get(), embedding_name_, batch, count, 0,
             &result->embeddings);
    }
  }

  // Appends the rows of the first `count` of `batch` images. `width`: numbers
  // of each image; 0: any.
  void Append(Handle value, const std::string& name, int64_t batch,
              int64_t count, int64_t width, std::vector<float>* to) const {
    Handle tensor = nullptr;
    Require(library_.tensor_of_value(value, &tensor));
    const Owned owned(tensor, library_.release_tensor);
    const std::vector<int64_t> shape = ShapeOf(tensor);
    int64_t elements = 1;
    for (const int64_t side : shape) elements *= side;
    const bool by_image = !shape.empty() && shape[0] == batch;
    if (!by_image || elements <= 0) {
      Fail(
          "its output \"{}\" is {} for {} images, and one row for each image "
          "is needed; export the model so that the first axis is the image",
          name, ShapeText(shape), batch);
    }
    const int64_t found = elements / batch;
    if (width > 0 && found != width) {
      Fail(
          "its output \"{}\" holds {} numbers for each image, and the side "
          "file names {} targets; name one for each, in their order",
          name, found, width);
    }
    void* data = nullptr;
    Require(library_.tensor_data(value, &data));
    const auto* numbers = static_cast<const float*>(data);
    to->insert(to->end(), numbers, numbers + count * found);
  }

  const Library& library_;
  std::string file_;
  ModelCard card_;
  Owned session_;
  std::string input_name_, output_name_, embedding_name_;
  int64_t fixed_batch_ = 0;  // 0: any
  int64_t embedding_size_ = 0;
};

}  // namespace

std::unique_ptr<Scorer> OpenOnnxModel(const std::string& file,
                                      const ModelCard& card,
                                      const ScorerOptions& options) {
  if (options.device != "cpu") {
    throw Error(ErrorCode::kUsage,
                "--run-on {}: models in ONNX files run on the processor; leave "
                "it out, or export the model as TorchScript (.pt)",
                options.device);
  }
  if (options.precision == "bf16") {
    throw Error(ErrorCode::kUsage,
                "--precision bf16: models in ONNX files run as they were "
                "exported; leave it out");
  }
  return std::make_unique<OnnxScorer>(file, card, options);
}

std::string OnnxRuntimeVersion() { return onnx::Load().version; }

}  // namespace plumbline
