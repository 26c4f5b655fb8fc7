// Typed columns.
#pragma once

#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <variant>
#include <vector>

namespace plumbline {

// The code of a missing value.
inline constexpr uint32_t kMissingCode = std::numeric_limits<uint32_t>::max();

// Dictionary codes in 1, 2 or 4 bytes a row, whichever holds them all; the
// largest value of the width means missing.
class CodeVector {
 public:
  CodeVector() = default;
  // Packs codes (kMissingCode for missing) below `levels`.
  static CodeVector Pack(std::span<const uint32_t> codes, uint32_t levels);

  size_t size() const;
  int width() const;  // bytes a row: 1, 2 or 4
  // The code of a row, or kMissingCode.
  uint32_t operator[](size_t row) const;

  using Storage = std::variant<std::vector<uint8_t>, std::vector<uint16_t>,
                               std::vector<uint32_t>>;
  explicit CodeVector(Storage storage) : storage_(std::move(storage)) {}
  const Storage& storage() const { return storage_; }

 private:
  Storage storage_;
};

// A column of words.
struct CategoricalColumn {
  std::string name;
  std::vector<std::string> levels;  // distinct values, by first appearance
  std::vector<int64_t>
      first_row;  // data row (0-based) of each first appearance
  CodeVector codes;
  int64_t missing = 0;
};

// A column of numbers; NaN is missing.
struct NumericColumn {
  std::string name;
  std::vector<double> values;
  int64_t missing = 0;
};

}  // namespace plumbline
