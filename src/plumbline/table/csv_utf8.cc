#include "plumbline/table/csv_utf8.h"

#include <cstdint>
#include <cstring>

namespace plumbline::csv {

size_t FirstCharacterBytes(std::string_view text) {
  if (text.empty()) return 0;
  const auto* at = reinterpret_cast<const unsigned char*>(text.data());
  const unsigned char first = at[0];
  if (first < 0x80) return 1;
  // Bounds of the second byte rule out overlong forms, surrogates and values
  // beyond U+10FFFF.
  unsigned char low = 0x80;
  unsigned char high = 0xBF;
  size_t length = 0;
  if (first >= 0xC2 && first <= 0xDF) {
    length = 2;
  } else if (first >= 0xE0 && first <= 0xEF) {
    length = 3;
    if (first == 0xE0) low = 0xA0;
    if (first == 0xED) high = 0x9F;
  } else if (first >= 0xF0 && first <= 0xF4) {
    length = 4;
    if (first == 0xF0) low = 0x90;
    if (first == 0xF4) high = 0x8F;
  }
  if (length == 0 || length > text.size()) return 0;
  if (at[1] < low || at[1] > high) return 0;
  for (size_t i = 2; i < length; ++i) {
    if (at[i] < 0x80 || at[i] > 0xBF) return 0;
  }
  return length;
}

size_t FindInvalidUtf8(std::string_view text) {
  size_t at = 0;
  while (at < text.size()) {
    if (text.size() - at >= sizeof(uint64_t)) {
      uint64_t eight;
      std::memcpy(&eight, text.data() + at, sizeof(eight));
      if ((eight & 0x8080808080808080) == 0) {
        at += sizeof(eight);
        continue;
      }
    }
    const size_t length = FirstCharacterBytes(text.substr(at));
    if (length == 0) return at;
    at += length;
  }
  return at;
}

}  // namespace plumbline::csv
