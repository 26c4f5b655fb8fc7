// ONNX Runtime's C library, which runs models in ONNX files. It is never
// linked: it is looked for when the first model is opened, so that Plumbline
// builds and starts without it.
//
// Source of the declarations: the table of functions in onnxruntime_c_api.h. It
// only ever grows at its end, and later versions are asked for its first
// version's entries by their number (upstream asserts that
// ReleaseCustomOpDomain stays number 101 and SetGlobalSpinControl 149). Handles
// are pointers without a type here, since only the library looks behind them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

namespace plumbline::onnx {

using Handle = void*;
// Null: done. Else what went wrong, to be released.
using Status = void*;

// ONNXTensorElementDataType
enum ElementType : int {
  kFloat = 1,
  kUint8 = 2,
  kInt64 = 7,
  kFloat16 = 10,
  kDouble = 11,
  kBfloat16 = 16,
};
// "float16", ...; "type 9" for others.
std::string NameOfElementType(int type);

struct Library {
  const char* (*get_error_message)(Status status);
  void (*release_status)(Status status);
  Status (*create_env)(int least_severity, const char* name, Handle* env);
  Status (*create_session)(Handle env, const char* path, Handle options,
                           Handle* session);
  void (*release_session)(Handle session);
  Status (*create_session_options)(Handle* options);
  void (*release_session_options)(Handle options);
  Status (*set_optimisation)(Handle options, int level);
  Status (*set_threads)(Handle options, int threads);
  Status (*add_session_setting)(Handle options, const char* key,
                                const char* value);
  Status (*input_count)(Handle session, size_t* count);
  Status (*output_count)(Handle session, size_t* count);
  Status (*input_type)(Handle session, size_t index, Handle* type);
  Status (*output_type)(Handle session, size_t index, Handle* type);
  void (*release_type)(Handle type);
  // `name` is released by allocator_free.
  Status (*input_name)(Handle session, size_t index, Handle allocator,
                       char** name);
  Status (*output_name)(Handle session, size_t index, Handle allocator,
                        char** name);
  Status (*default_allocator)(Handle* allocator);
  Status (*allocator_free)(Handle allocator, void* memory);
  // Null where it is no tensor; part of `type`.
  Status (*tensor_of_type)(Handle type, Handle* tensor);
  Status (*element_type)(Handle tensor, int* type);
  Status (*dimension_count)(Handle tensor, size_t* count);
  // -1: any.
  Status (*dimensions)(Handle tensor, int64_t* dimensions, size_t count);
  Status (*tensor_of_value)(Handle value, Handle* tensor);
  void (*release_tensor)(Handle tensor);
  // allocator 0, type 0: plain memory of the caller.
  Status (*create_memory_info)(int allocator, int type, Handle* info);
  void (*release_memory_info)(Handle info);
  // Takes no copy of the data.
  Status (*create_tensor)(Handle info, void* data, size_t bytes,
                          const int64_t* shape, size_t rank, int type,
                          Handle* value);
  Status (*tensor_data)(Handle value, void** data);
  void (*release_value)(Handle value);
  // options may be null; outputs that are null are made.
  Status (*run)(Handle session, Handle options, const char* const* input_names,
                const Handle* inputs, size_t input_count,
                const char* const* output_names, size_t output_count,
                Handle* outputs);

  std::string version;  // "1.24.3"
  std::string path;     // where it was found, for messages
};

// The library, loaded at the first call and kept. Looked for as
// base/optional_library.h says: PLUMBLINE_ONNXRUNTIME, the system's
// libonnxruntime.so.1, the parts, the user's data folder, where
// `scripts/setup.sh onnx` puts it.
//
// Throws Error(kUnavailable) that names the places, the package and the command
// that installs it, or says that it is another version than 1.5 or later.
const Library& Load();

// Throws Error(kInvalidInput) about `file` with the library's own sentence and
// what to do about it, unless the status is null.
void Require(const Library& library, Status status, const std::string& file);

}  // namespace plumbline::onnx
