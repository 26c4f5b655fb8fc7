// How the pixels of a DICOM file are laid out. Internal.
#pragma once

#include <string>
#include <vector>

#include "plumbline/image/decode.h"
#include "plumbline/image/dicom/dicom_file.h"

namespace plumbline {

struct PixelHeader {
  int width = 0;
  int height = 0;
  int channels = 1;
  int frames = 1;
  int bits_allocated = 16;  // 1, 8, 16 or 32
  int bits_stored = 16;     // the low bits of each sample
  bool is_signed = false;
  bool planar = false;  // first all of channel 1, then all of channel 2, ...
  std::string photometric;

  int bytes_per_sample() const {
    return bits_allocated <= 8 ? 1 : bits_allocated / 8;
  }
  int64_t pixels() const { return static_cast<int64_t>(width) * height; }
};

// Throws Error(kInvalidInput) for what no picture has, Error(kUsage) for a
// frame that the file does not have. Takes no memory.
PixelHeader ReadPixelHeader(const DicomFile& file, const DecodeOptions& options,
                            std::vector<std::string>* notes);

}  // namespace plumbline
