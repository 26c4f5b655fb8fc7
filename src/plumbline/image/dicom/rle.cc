// RLE of DICOM: one PackBits segment for each byte of a sample. Done here,
// because DCMTK 3.6.7 fills what a cut-off segment lacks with zeros and says
// nothing, and does not read samples of 1 bit.
//
// Source: DICOM PS3.5, annex G.
#include <algorithm>

#include "plumbline/base/error.h"
#include "plumbline/image/dicom/frames.h"

namespace plumbline {
namespace {

uint32_t Little32(std::string_view bytes, size_t at) {
  uint32_t value = 0;
  for (size_t i = 4; i-- > 0;) {
    value = value << 8 | static_cast<uint8_t>(bytes[at + i]);
  }
  return value;
}

// Writes `count` bytes to out[0], out[step], ...; false: the segment has fewer.
bool Unpack(std::string_view segment, size_t count, size_t step, uint8_t* out) {
  size_t done = 0;
  size_t at = 0;
  while (done < count && at + 1 < segment.size()) {
    const size_t code = static_cast<uint8_t>(segment[at++]);
    if (code == 128) continue;
    // Below: that many and one bytes as they are; above: one byte repeated.
    const size_t length = code < 128 ? code + 1 : 257 - code;
    const size_t wanted = std::min(length, count - done);
    if (code > 128) {
      const auto value = static_cast<uint8_t>(segment[at++]);
      for (size_t i = 0; i < wanted; ++i) out[(done + i) * step] = value;
    } else {
      if (segment.size() - at < wanted) return false;
      for (size_t i = 0; i < wanted; ++i) {
        out[(done + i) * step] = static_cast<uint8_t>(segment[at + i]);
      }
      at += length;
    }
    done += wanted;
  }
  return done == count;
}

}  // namespace

std::vector<uint8_t> DecodeRle(std::string_view bytes, size_t samples,
                               size_t channels, size_t width,
                               const std::string& name) {
  constexpr size_t kHeader = 64;
  const size_t planes = channels * width;
  if (bytes.size() < kHeader || Little32(bytes, 0) != planes) {
    throw Error(ErrorCode::kInvalidInput, Location{.file = name},
                "its RLE data have {} segments instead of {}; copy or export "
                "the file again",
                bytes.size() < kHeader ? 0 : Little32(bytes, 0), planes);
  }
  // Two bytes give at most 128: nothing is taken memory for that cannot be.
  const bool is_possible = samples / 64 <= bytes.size();
  std::vector<uint8_t> out(is_possible ? samples * planes : 0);
  for (size_t plane = 0; plane < planes; ++plane) {
    const size_t begin = Little32(bytes, 4 + 4 * plane);
    const size_t end =
        plane + 1 < planes ? Little32(bytes, 8 + 4 * plane) : bytes.size();
    // Of a sample the most significant byte comes first.
    const size_t place = plane / width * width + width - 1 - plane % width;
    const bool is_inside =
        is_possible && kHeader <= begin && begin <= end && end <= bytes.size();
    if (!is_inside || !Unpack(bytes.substr(begin, end - begin), samples, planes,
                              &out[place])) {
      throw Error(ErrorCode::kInvalidInput, Location{.file = name},
                  "RLE segment {} of {} is cut off or damaged; copy or export "
                  "the file again",
                  plane + 1, planes);
    }
  }
  return out;
}

}  // namespace plumbline
