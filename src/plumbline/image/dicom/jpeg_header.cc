#include "plumbline/image/dicom/jpeg_header.h"

#include <cstddef>
#include <cstdint>

namespace plumbline {
namespace {

// SOF0 to SOF15 but DHT, JPG and DAC; SOF55 is JPEG-LS.
bool IsFrameHeader(int marker) {
  return (marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 &&
          marker != 0xc8 && marker != 0xcc) ||
         marker == 0xf7;
}

void ReadFrame(std::string_view segment, JpegHeader* header) {
  const auto at = [&](size_t i) { return static_cast<uint8_t>(segment[i]); };
  if (segment.size() < 6) return;
  header->precision = at(0);
  header->height = at(1) << 8 | at(2);
  header->width = at(3) << 8 | at(4);
  header->components = at(5);
  if (segment.size() < 6 + 3 * static_cast<size_t>(header->components)) return;
  for (int i = 1; i < header->components; ++i) {
    header->is_subsampled |= at(7 + 3 * static_cast<size_t>(i)) != at(7);
  }
  header->found = true;
}

}  // namespace

JpegHeader ReadJpegHeader(std::string_view bytes) {
  JpegHeader header;
  const auto byte = [&](size_t i) { return static_cast<uint8_t>(bytes[i]); };
  size_t at = 2;
  while (at + 4 <= bytes.size() && byte(at) == 0xff) {
    const int marker = byte(at + 1);
    if (marker == 0xff) {  // fill bytes
      ++at;
      continue;
    }
    const size_t length = static_cast<size_t>(byte(at + 2)) << 8 | byte(at + 3);
    if (length < 2 || length > bytes.size() - at - 2) break;
    const std::string_view segment = bytes.substr(at + 4, length - 2);
    if (IsFrameHeader(marker)) ReadFrame(segment, &header);
    if (marker == 0xe0 && segment.starts_with("JFIF")) header.has_jfif = true;
    if (marker == 0xee && segment.starts_with("Adobe") && segment.size() > 11) {
      header.adobe_transform = static_cast<uint8_t>(segment[11]);
    }
    if (marker == 0xda) break;  // a scan
    at += 2 + length;
  }
  return header;
}

}  // namespace plumbline
