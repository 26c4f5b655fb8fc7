#include "plumbline/image/dicom/jpeg_header.h"

#include <algorithm>
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
    if (marker == 0xf7) header.is_jpeg_ls = true;
    if (marker == 0xf8 && segment.starts_with('\1')) header.has_presets = true;
    if (marker == 0xe0 && segment.starts_with("JFIF")) header.has_jfif = true;
    if (marker == 0xee && segment.starts_with("Adobe") && segment.size() > 11) {
      header.adobe_transform = static_cast<uint8_t>(segment[11]);
    }
    if (marker == 0xda) {
      header.scan = at;
      break;
    }
    at += 2 + length;
  }
  return header;
}

std::string WithJpegLsPresets(std::string stream) {
  const JpegHeader header = ReadJpegHeader(stream);
  if (!header.is_jpeg_ls || header.has_presets || header.scan == 0 ||
      header.precision < 2 || header.precision > 7) {
    return stream;
  }
  // Behind marker, length, count and the components lies NEAR.
  const size_t near_at =
      header.scan + 5 + 2 * static_cast<size_t>(header.components);
  if (near_at >= stream.size()) return stream;
  const int near = static_cast<uint8_t>(stream[near_at]);
  const int most = (1 << header.precision) - 1;
  const int factor = 256 / (most + 1);
  const auto clamp = [&](int value, int least) {
    return value > most || value < least ? least : value;
  };
  const int t1 = clamp(std::max(2, 3 / factor + 3 * near), near + 1);
  const int t2 = clamp(std::max(3, 7 / factor + 5 * near), t1);
  const int t3 = clamp(std::max(4, 21 / factor + 7 * near), t2);
  std::string segment("\xff\xf8\0\x0d\1", 5);
  for (const int value : {most, t1, t2, t3, 64}) {
    segment += static_cast<char>(value >> 8);
    segment += static_cast<char>(value & 0xff);
  }
  return stream.insert(header.scan, segment);
}

}  // namespace plumbline
