#include "plumbline/table/npy_writer.h"

#include <fmt/format.h>

#include <cstdint>

namespace plumbline {

std::string NpyStart(const std::string& descr, const std::string& shape) {
  std::string dictionary = fmt::format(
      "{{'descr': '{}', 'fortran_order': False, 'shape': {}, }}", descr, shape);
  constexpr size_t kBefore = 10;
  constexpr size_t kAlignment = 64;
  const size_t used = kBefore + dictionary.size() + 1;
  dictionary.append((kAlignment - used % kAlignment) % kAlignment, ' ');
  dictionary += '\n';
  std::string start("\x93NUMPY\x01\x00", 8);
  AppendLittleEndian(static_cast<uint16_t>(dictionary.size()), &start);
  return start + dictionary;
}

std::string ToNpy(const NpyMatrix& matrix) {
  std::string out =
      NpyStart("<f4", fmt::format("({}, {})", matrix.rows, matrix.columns));
  out.reserve(out.size() + matrix.values.size() * sizeof(float));
  for (const float value : matrix.values) AppendLittleEndian(value, &out);
  return out;
}

}  // namespace plumbline
