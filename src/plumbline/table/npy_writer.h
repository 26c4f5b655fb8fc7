// Writes NumPy's file format (table/npy.h says where it is described).
#pragma once

#include <algorithm>
#include <bit>
#include <cstring>
#include <string>

#include "plumbline/table/npy.h"

namespace plumbline {

// Everything before the elements, format 1.0; these begin at a multiple of 64
// bytes. `shape`: a Python tuple, "(3,)".
std::string NpyStart(const std::string& descr, const std::string& shape);

template <typename Value>
void AppendLittleEndian(Value value, std::string* out) {
  char bytes[sizeof(Value)];
  std::memcpy(bytes, &value, sizeof(Value));
  if constexpr (std::endian::native == std::endian::big) {
    std::reverse(bytes, bytes + sizeof(Value));
  }
  out->append(bytes, sizeof(Value));
}

// A matrix of <f4, rows x columns, as it is: also NaN.
std::string ToNpy(const NpyMatrix& matrix);

}  // namespace plumbline
