// The frame header of a JPEG or JPEG-LS stream.
#pragma once

#include <string_view>

namespace plumbline {

struct JpegHeader {
  bool found = false;  // a frame header was there
  int width = 0;
  int height = 0;
  int components = 0;
  int precision = 0;  // bits of a sample
  bool is_subsampled = false;
  bool has_jfif = false;
  // Of the Adobe marker: 0 none, 1 YCbCr, 2 YCCK; -1 without the marker.
  int adobe_transform = -1;
};

// Reads markers up to the first scan and never beyond the bytes.
// Source: ITU-T T.81, B.2.2; T.87, C.2.2.
JpegHeader ReadJpegHeader(std::string_view bytes);

}  // namespace plumbline
