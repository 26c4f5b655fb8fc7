// Binary PGM (P5) and PPM (P6) pictures of 8 bits, as NIST's driver reads them.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace plumbline::face {

struct Picture {
  int width = 0;  // 1 to 65,535
  int height = 0;
  int channels = 1;         // 1: grey, 3: RGB
  std::string_view pixels;  // width x height x channels, in the bytes given
};

// Throws Error(kInvalidInput), naming `file`, for anything else, with a hint
// how to convert it.
Picture ReadPnm(std::string_view bytes, const std::string& file);

}  // namespace plumbline::face
