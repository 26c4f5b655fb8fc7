// Reads and writes safetensors files.
//
// Source: github.com/huggingface/safetensors, "Format": 8 bytes with the size N
// of the header, N bytes of JSON, then the tensors one after another. Checked
// as its reference implementation does: names once, offsets that follow one
// another without gaps from 0 to the end, sizes that fit shape and type, a
// header of at most 100 MB.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "plumbline/base/file.h"

namespace plumbline {

enum class TensorType {
  kFloat32,
  kFloat64,
  kFloat16,
  kBFloat16,
  kInt64,
  kInt32,
  kInt16,
  kInt8,
  kUint8,
  kBool
};

// "F32", ...; bytes of an element.
const char* NameOf(TensorType type);
int64_t SizeOf(TensorType type);

struct TensorView {
  std::string name;
  TensorType type = TensorType::kFloat32;
  std::vector<int64_t> shape;
  std::string_view bytes;  // little-endian, row-major
};

// "64x3x7x7"; "scalar".
std::string ShapeText(const std::vector<int64_t>& shape);

struct TensorFile {
  std::vector<TensorView> tensors;  // in the order of the file
  std::map<std::string, std::string> metadata;
};

// Views into `bytes`. Throws Error(kInvalidInput) about `file`.
TensorFile ParseSafetensors(std::string_view bytes, const std::string& file);

// The bytes of a file with these tensors in this order.
std::string SafetensorsBytes(const TensorFile& content);

}  // namespace plumbline
