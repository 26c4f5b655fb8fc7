#include "plumbline/face/library/pnm.h"

#include "plumbline/base/error.h"

namespace plumbline::face {
namespace {

bool IsSpace(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

// A number of the head, with the space or comments before it.
int ReadNumber(std::string_view bytes, size_t* at, const std::string& file) {
  while (*at < bytes.size() && (IsSpace(bytes[*at]) || bytes[*at] == '#')) {
    if (bytes[*at] == '#') {
      while (*at < bytes.size() && bytes[*at] != '\n') ++*at;
    } else {
      ++*at;
    }
  }
  int value = 0;
  const size_t begin = *at;
  while (*at < bytes.size() && bytes[*at] >= '0' && bytes[*at] <= '9') {
    value = value * 10 + (bytes[(*at)++] - '0');
    if (value > 65'535) break;
  }
  if (*at == begin || value < 1 || value > 65'535) {
    throw Error(ErrorCode::kInvalidInput,
                "{}: its head has no number from 1 to 65,535 where width, "
                "height and largest value stand",
                file);
  }
  return value;
}

}  // namespace

Picture ReadPnm(std::string_view bytes, const std::string& file) {
  if (!bytes.starts_with("P5") && !bytes.starts_with("P6")) {
    throw Error(ErrorCode::kInvalidInput,
                "{}: is not a binary PGM or PPM picture; convert it, for "
                "example with `magick FILE face.ppm`",
                file);
  }
  Picture picture;
  picture.channels = bytes[1] == '6' ? 3 : 1;
  size_t at = 2;
  picture.width = ReadNumber(bytes, &at, file);
  picture.height = ReadNumber(bytes, &at, file);
  const int largest = ReadNumber(bytes, &at, file);
  if (largest != 255) {
    throw Error(ErrorCode::kInvalidInput,
                "{}: its largest value is {}; the interface has 8 bits, 255",
                file, largest);
  }
  ++at;  // one space
  const uint64_t wanted = uint64_t{static_cast<uint32_t>(picture.width)} *
                          static_cast<uint32_t>(picture.height) *
                          static_cast<uint32_t>(picture.channels);
  const uint64_t there = at > bytes.size() ? 0 : bytes.size() - at;
  if (there < wanted) {
    throw Error(ErrorCode::kInvalidInput,
                "{}: ends early: {} bytes of pixels, {} expected", file, there,
                wanted);
  }
  picture.pixels = bytes.substr(at, wanted);
  return picture;
}

}  // namespace plumbline::face
