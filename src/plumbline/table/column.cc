#include "plumbline/table/column.h"

#include "plumbline/base/error.h"

namespace plumbline {
namespace {

template <typename Code>
std::vector<Code> PackAs(std::span<const uint32_t> codes, uint32_t levels) {
  std::vector<Code> packed(codes.size());
  for (size_t row = 0; row < codes.size(); ++row) {
    if (codes[row] >= levels && codes[row] != kMissingCode) {
      throw Error(ErrorCode::kInternal, "code {} of row {} is not below {}",
                  codes[row], row, levels);
    }
    // kMissingCode is all ones in every width.
    packed[row] = static_cast<Code>(codes[row]);
  }
  return packed;
}

template <typename Code>
uint32_t Widen(Code code) {
  return code == std::numeric_limits<Code>::max() ? kMissingCode : code;
}

}  // namespace

CodeVector CodeVector::Pack(std::span<const uint32_t> codes, uint32_t levels) {
  if (levels <= std::numeric_limits<uint8_t>::max()) {
    return CodeVector(PackAs<uint8_t>(codes, levels));
  }
  if (levels <= std::numeric_limits<uint16_t>::max()) {
    return CodeVector(PackAs<uint16_t>(codes, levels));
  }
  return CodeVector(PackAs<uint32_t>(codes, levels));
}

size_t CodeVector::size() const {
  return std::visit([](const auto& codes) { return codes.size(); }, storage_);
}

int CodeVector::width() const {
  return std::visit(
      [](const auto& codes) { return static_cast<int>(sizeof(codes[0])); },
      storage_);
}

uint32_t CodeVector::operator[](size_t row) const {
  return std::visit([row](const auto& codes) { return Widen(codes[row]); },
                    storage_);
}

}  // namespace plumbline
