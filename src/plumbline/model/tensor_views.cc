#include "plumbline/model/tensor_views.h"

#include <ATen/ATen.h>

#include <cstring>

#include "plumbline/base/error.h"

namespace plumbline {
namespace {

struct TypePair {
  TensorType file;
  at::ScalarType here;
};
constexpr TypePair kTypes[] = {
    {TensorType::kFloat32, at::kFloat}, {TensorType::kFloat64, at::kDouble},
    {TensorType::kFloat16, at::kHalf},  {TensorType::kBFloat16, at::kBFloat16},
    {TensorType::kInt64, at::kLong},    {TensorType::kInt32, at::kInt},
    {TensorType::kInt16, at::kShort},   {TensorType::kInt8, at::kChar},
    {TensorType::kUint8, at::kByte},    {TensorType::kBool, at::kBool},
};

}  // namespace

at::Tensor TensorOf(const TensorView& view) {
  at::ScalarType type = at::kFloat;
  for (const TypePair& pair : kTypes) {
    if (pair.file == view.type) type = pair.here;
  }
  at::Tensor tensor = at::empty(view.shape, type);
  // Copied as bytes: a file need not align its tensors.
  if (!view.bytes.empty()) {
    std::memcpy(tensor.data_ptr(), view.bytes.data(), view.bytes.size());
  }
  return tensor;
}

TensorView ViewOf(const std::string& name, const at::Tensor& tensor) {
  for (const TypePair& pair : kTypes) {
    if (pair.here != tensor.scalar_type()) continue;
    return {name,
            pair.file,
            tensor.sizes().vec(),
            {static_cast<const char*>(tensor.data_ptr()), tensor.nbytes()}};
  }
  throw Error(ErrorCode::kInternal, "tensor \"{}\" has a type that no file has",
              name);
}

std::string ShapeText(const at::Tensor& tensor) {
  return ShapeText(tensor.sizes().vec());
}

}  // namespace plumbline
