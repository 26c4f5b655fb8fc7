#include "plumbline/infer/onnx_library.h"

#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <mutex>

#include "plumbline/base/error.h"
#include "plumbline/base/optional_library.h"
#include "plumbline/base/text.h"

namespace plumbline::onnx {
namespace {

// OrtApiBase
struct ApiBase {
  const void* (*get_api)(uint32_t version);
  const char* (*get_version)();
};

// The version of the table that has all entries used here.
constexpr uint32_t kTableVersion = 5;

OptionalLibrary Runtime() {
  return {.file = "libonnxruntime.so.1",
          .variable = "PLUMBLINE_ONNXRUNTIME",
          .need = "a model in an ONNX file needs ONNX Runtime",
          .advice =
              "run `scripts/setup.sh onnx` in Plumbline's sources, or install "
              "ONNX Runtime yourself (npm package onnxruntime-node) and give "
              "the path of its libonnxruntime.so.1 as PLUMBLINE_ONNXRUNTIME"};
}

// Takes one entry of the table; its type is the member's.
template <typename Function>
void Take(void* const* table, int number, Function* function) {
  *function = reinterpret_cast<Function>(table[number]);
}

Library TakeFunctions(void* const* table) {
  Library functions;
  Take(table, 2, &functions.get_error_message);
  Take(table, 3, &functions.create_env);
  Take(table, 7, &functions.create_session);
  Take(table, 9, &functions.run);
  Take(table, 10, &functions.create_session_options);
  Take(table, 23, &functions.set_optimisation);
  Take(table, 24, &functions.set_threads);
  Take(table, 30, &functions.input_count);
  Take(table, 31, &functions.output_count);
  Take(table, 33, &functions.input_type);
  Take(table, 34, &functions.output_type);
  Take(table, 36, &functions.input_name);
  Take(table, 37, &functions.output_name);
  Take(table, 49, &functions.create_tensor);
  Take(table, 51, &functions.tensor_data);
  Take(table, 55, &functions.tensor_of_type);
  Take(table, 60, &functions.element_type);
  Take(table, 61, &functions.dimension_count);
  Take(table, 62, &functions.dimensions);
  Take(table, 65, &functions.tensor_of_value);
  Take(table, 69, &functions.create_memory_info);
  Take(table, 76, &functions.allocator_free);
  Take(table, 78, &functions.default_allocator);
  Take(table, 93, &functions.release_status);
  Take(table, 94, &functions.release_memory_info);
  Take(table, 95, &functions.release_session);
  Take(table, 96, &functions.release_value);
  Take(table, 98, &functions.release_type);
  Take(table, 99, &functions.release_tensor);
  Take(table, 100, &functions.release_session_options);
  Take(table, 130, &functions.add_session_setting);
  return functions;
}

Library FindLibrary() {
  const OptionalLibrary wanted = Runtime();
  OpenedLibrary opened = OpenOptionalLibrary(wanted);
  const auto base = reinterpret_cast<const ApiBase* (*)()>(
      FindInLibrary(opened, "OrtGetApiBase", "an ONNX Runtime", wanted))();
  const std::string version = base->get_version();
  const void* table =
      version.starts_with("1.") ? base->get_api(kTableVersion) : nullptr;
  if (table == nullptr) {
    throw Error(ErrorCode::kUnavailable,
                "{} is ONNX Runtime {}; Plumbline needs version 1.5 or a later "
                "one below 2; {}",
                opened.path, version, wanted.advice);
  }
  Library found = TakeFunctions(static_cast<void* const*>(table));
  found.version = version;
  found.path = opened.path;
  static_cast<void>(opened.handle.release());  // a loaded library stays
  return found;
}

// What can be done about the commonest of its sentences.
const char* AdviceFor(std::string_view reason) {
  const auto says = [&](const char* words) {
    return reason.find(words) != std::string_view::npos;
  };
  if (says("rotobuf parsing failed") ||
      says("ModelProto does not have a graph")) {
    return "the file is damaged or no ONNX file; export or copy it again";
  }
  if (says("opset")) {
    return "export the model with an older set of operators "
           "(torch.onnx.export(..., opset_version=17))";
  }
  if (says("not a registered") || says("No Op registered") ||
      says("NOT_IMPLEMENTED") || says("Could not find an implementation")) {
    return "export the model with operators of standard ONNX, or as "
           "TorchScript (.pt)";
  }
  if (says("external data") || says("External data")) {
    return "copy the files with its weights beside it";
  }
  return "export the model again, and try it with ONNX Runtime where it was "
         "exported";
}

}  // namespace

std::string NameOfElementType(int type) {
  switch (type) {
    case kFloat:
      return "float";
    case kUint8:
      return "uint8";
    case kInt64:
      return "int64";
    case kFloat16:
      return "float16";
    case kDouble:
      return "double";
    case kBfloat16:
      return "bfloat16";
    default:
      return fmt::format("type {}", type);
  }
}

const Library& Load() {
  static std::mutex mutex;
  static std::unique_ptr<const Library> loaded;
  const std::lock_guard lock(mutex);
  if (!loaded) loaded = std::make_unique<const Library>(FindLibrary());
  return *loaded;
}

void Require(const Library& library, Status status, const std::string& file) {
  if (status == nullptr) return;
  std::string reason = library.get_error_message(status);
  library.release_status(status);
  std::replace(reason.begin(), reason.end(), '\n', ' ');
  // The message begins with the file already.
  const std::string repeated = "Load model from " + file + " failed:";
  if (reason.starts_with(repeated)) reason.erase(0, repeated.size());
  throw Error(ErrorCode::kInvalidInput, Location{.file = file},
              "ONNX Runtime {} says: {}; {}", library.version, Trim(reason),
              AdviceFor(reason));
}

}  // namespace plumbline::onnx
