#include "plumbline/table/npy.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstring>
#include <limits>

#include "plumbline/base/error.h"
#include "plumbline/table/csv_record.h"

namespace plumbline {
namespace {

template <typename Value>
Value Load(std::string_view element) {
  std::array<char, sizeof(Value)> bytes;
  std::memcpy(bytes.data(), element.data(), sizeof(Value));
  if constexpr (std::endian::native == std::endian::big) {
    std::reverse(bytes.begin(), bytes.end());
  }
  return std::bit_cast<Value>(bytes);
}

// IEEE 754 binary16: 1 sign bit, 5 of the exponent, 10 of the fraction.
double HalfToDouble(uint16_t half) {
  const int exponent = half >> 10 & 0x1F;
  const int fraction = half & 0x3FF;
  double value = 0;
  if (exponent == 0x1F) {
    value = fraction == 0 ? std::numeric_limits<double>::infinity()
                          : std::numeric_limits<double>::quiet_NaN();
  } else if (exponent == 0) {
    value = std::ldexp(fraction, -24);
  } else {
    value = std::ldexp(fraction + 0x400, exponent - 25);
  }
  return (half & 0x8000) != 0 ? -value : value;
}

int64_t LoadSigned(std::string_view element) {
  switch (element.size()) {
    case 1:
      return Load<int8_t>(element);
    case 2:
      return Load<int16_t>(element);
    case 4:
      return Load<int32_t>(element);
    default:
      return Load<int64_t>(element);
  }
}

uint64_t LoadUnsigned(std::string_view element) {
  switch (element.size()) {
    case 1:
      return Load<uint8_t>(element);
    case 2:
      return Load<uint16_t>(element);
    case 4:
      return Load<uint32_t>(element);
    default:
      return Load<uint64_t>(element);
  }
}

double LoadFloat(std::string_view element) {
  switch (element.size()) {
    case 2:
      return HalfToDouble(Load<uint16_t>(element));
    case 4:
      return Load<float>(element);
    default:
      return Load<double>(element);
  }
}

void AppendUtf8(uint32_t point, std::string* out) {
  const auto tail = [&](int shift) {
    *out += static_cast<char>(0x80 | (point >> shift & 0x3F));
  };
  if (point < 0x80) {
    *out += static_cast<char>(point);
  } else if (point < 0x800) {
    *out += static_cast<char>(0xC0 | point >> 6);
    tail(0);
  } else if (point < 0x10000) {
    *out += static_cast<char>(0xE0 | point >> 12);
    tail(6);
    tail(0);
  } else {
    *out += static_cast<char>(0xF0 | point >> 18);
    tail(12);
    tail(6);
    tail(0);
  }
}

// UTF-32 padded with zeros.
const char* UnicodeWord(std::string_view element, std::string* word) {
  size_t points = element.size() / 4;
  const auto point = [&](size_t i) {
    return Load<uint32_t>(element.substr(4 * i, 4));
  };
  while (points > 0 && point(points - 1) == 0) --points;
  for (size_t i = 0; i < points; ++i) {
    const uint32_t value = point(i);
    if (value > 0x10FFFF || (value >= 0xD800 && value <= 0xDFFF)) {
      return "is not valid Unicode";
    }
    AppendUtf8(value, word);
  }
  return nullptr;
}

// As few digits as give the number back; of float32 as a float32.
void AppendFloat(std::string_view element, std::string* word) {
  if (element.size() == 4) {
    const float value = Load<float>(element);
    if (!std::isnan(value)) *word = fmt::format("{}", value == 0 ? 0 : value);
    return;
  }
  const double value = LoadFloat(element);
  if (!std::isnan(value)) *word = fmt::format("{}", value == 0 ? 0 : value);
}

}  // namespace

NpyFile::NpyFile(const std::string& path)
    : path_(path),
      bytes_(path),
      header_(ParseNpyHeader(bytes_.bytes(), path)) {}

double NpyFile::Number(int64_t row, int64_t column) const {
  const std::string_view element = Element(row, column);
  switch (header_.type) {
    case NpyType::kFloat:
      return LoadFloat(element);
    case NpyType::kSigned:
      return static_cast<double>(LoadSigned(element));
    case NpyType::kUnsigned:
      return static_cast<double>(LoadUnsigned(element));
    default:
      throw Error(ErrorCode::kInternal, "{} holds no numbers", path_);
  }
}

const char* NpyFile::Word(int64_t row, int64_t column,
                          std::string* word) const {
  const std::string_view element = Element(row, column);
  word->clear();
  switch (header_.type) {
    case NpyType::kFloat:
      AppendFloat(element, word);
      return nullptr;
    case NpyType::kSigned:
      *word = fmt::format("{}", LoadSigned(element));
      return nullptr;
    case NpyType::kUnsigned:
      *word = fmt::format("{}", LoadUnsigned(element));
      return nullptr;
    case NpyType::kBool:
      if (element[0] != 0 && element[0] != 1) return "is not a truth value";
      *word = element[0] == 1 ? "true" : "false";
      return nullptr;
    case NpyType::kUnicode:
      return UnicodeWord(element, word);
    case NpyType::kBytes:
      *word = element.substr(0, element.find_last_not_of('\0') + 1);
      return nullptr;
  }
  return nullptr;
}

NpyMatrix ReadNpyMatrix(const std::string& path) {
  const NpyFile file(path);
  if (!file.holds_numbers()) {
    throw Error(ErrorCode::kInvalidInput, Location{path},
                "holds {}, and a matrix of numbers is needed",
                csv::Shown(file.header().descr));
  }
  NpyMatrix matrix{.rows = file.header().rows,
                   .columns = file.header().columns};
  matrix.values.reserve(matrix.rows * matrix.columns);
  for (int64_t row = 0; row < matrix.rows; ++row) {
    for (int64_t column = 0; column < matrix.columns; ++column) {
      const auto value = static_cast<float>(file.Number(row, column));
      if (!std::isfinite(value)) {
        throw Error(ErrorCode::kInvalidInput,
                    Location{path, row + 2, fmt::format("{}", column)},
                    "\"{}\" is not a finite number of 32 bits",
                    file.Number(row, column));
      }
      matrix.values.push_back(value);
    }
  }
  return matrix;
}

}  // namespace plumbline
