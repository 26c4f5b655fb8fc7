// The frame header of a JPEG or JPEG-LS stream.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace plumbline {

struct JpegHeader {
  bool found = false;  // a frame header was there
  int width = 0;
  int height = 0;
  int components = 0;
  int precision = 0;  // bits of a sample
  bool is_jpeg_ls = false;
  bool has_presets = false;  // JPEG-LS: thresholds of its own
  size_t scan = 0;           // where the first scan's marker is; 0: none
  bool is_subsampled = false;
  bool has_jfif = false;
  // Of the Adobe marker: 0 none, 1 YCbCr, 2 YCCK; -1 without the marker.
  int adobe_transform = -1;
};

// Reads markers up to the first scan and never beyond the bytes.
// Source: ITU-T T.81, B.2.2; T.87, C.2.2.
JpegHeader ReadJpegHeader(std::string_view bytes);

// A JPEG-LS stream of fewer than 8 bits with its default thresholds written
// out; other streams as they are. DCMTK 3.6.7 computes other defaults than
// ITU-T T.87, C.2.4.1.1.1, has for such samples.
std::string WithJpegLsPresets(std::string stream);

}  // namespace plumbline
