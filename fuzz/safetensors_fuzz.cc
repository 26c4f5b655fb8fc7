// A safetensors file of any bytes: refused, or read without harm. What was read
// covers the file, and written and read again it is the same. The length of the
// header is put right first, so that what lies behind it is reached.
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <string>

#include "plumbline/base/error.h"
#include "plumbline/infer/safetensors.h"

namespace {

using plumbline::TensorFile;
using plumbline::TensorView;

void Require(bool holds) {
  if (!holds) std::abort();
}

bool Same(const TensorView& a, const TensorView& b) {
  return a.name == b.name && a.type == b.type && a.shape == b.shape &&
         a.bytes == b.bytes;
}

void Try(const std::string& bytes) {
  TensorFile file;
  try {
    file = plumbline::ParseSafetensors(bytes, "w.safetensors");
  } catch (const plumbline::Error&) {
    return;
  }
  size_t size = 0;
  for (const TensorView& tensor : file.tensors) {
    int64_t elements = 1;
    for (const int64_t length : tensor.shape) elements *= length;
    Require(static_cast<size_t>(elements * plumbline::SizeOf(tensor.type)) ==
            tensor.bytes.size());
    size += tensor.bytes.size();
    (void)plumbline::ShapeText(tensor.shape);
  }
  Require(size <= bytes.size());
  const std::string written = plumbline::SafetensorsBytes(file);
  const TensorFile again =
      plumbline::ParseSafetensors(written, "again.safetensors");
  Require(again.metadata == file.metadata);
  Require(again.tensors.size() == file.tensors.size());
  for (size_t i = 0; i < file.tensors.size(); ++i) {
    Require(Same(file.tensors[i], again.tensors[i]));
  }
}

// Up to the last brace is the header.
std::string WithLength(std::string bytes) {
  const size_t brace = bytes.rfind('}');
  uint64_t length = 0;
  if (brace == std::string::npos || brace < sizeof(length)) return bytes;
  length = brace + 1 - sizeof(length);
  std::memcpy(bytes.data(), &length, sizeof(length));
  return bytes;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string bytes(reinterpret_cast<const char*>(data), size);
  Try(bytes);
  Try(WithLength(bytes));
  return 0;
}
