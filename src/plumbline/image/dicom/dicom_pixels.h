// The pixels of a DICOM file as numbers: as stored, and in the units of the
// modality.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "plumbline/image/decode.h"

namespace plumbline {

// One frame, row-major, top row first, channels interleaved.
struct DicomPixels {
  int width = 0;
  int height = 0;
  int channels = 1;
  int bytes_per_sample = 2;  // 1, 2 or 4
  int bits_stored = 16;      // of them, the low ones
  bool is_signed = false;    // then the high bits repeat the sign
  // "MONOCHROME2", "RGB", "YBR_FULL", ...: of the samples here. The colour
  // transform of JPEG 2000 is undone (YBR_RCT and YBR_ICT become RGB), and
  // YBR_FULL_422 is brought to full resolution (YBR_FULL).
  std::string photometric;
  // height * width * channels samples in the machine's order.
  std::vector<uint8_t> data;
  // What was odd about the file and what was done about it.
  std::vector<std::string> notes;

  size_t samples() const {
    return static_cast<size_t>(width) * height * channels;
  }
  int64_t Sample(size_t i) const;
};

// Frame options.frame of a DICOM file as it is stored. In any number of threads
// at once.
//
// Throws Error(kInvalidInput) that says what is wrong with the file,
// Error(kUsage) for a frame that it does not have.
DicomPixels ReadDicomPixels(std::string_view bytes, const std::string& name,
                            const DecodeOptions& options = {});

// One grey frame in modality units: what the modality LUT or the rescale slope
// and intercept make of the stored values. Hounsfield units for CT.
struct ModalityImage {
  int width = 0;
  int height = 0;
  std::vector<float> values;  // row-major, top row first
  // Of the file: "HU", "OD", "US", ...; "" where it does not say.
  std::string unit;
  std::vector<std::string> notes;
};

// The same, for grey frames only. Throws as ReadDicomPixels; Error(kUsage) for
// colours.
ModalityImage ReadModalityValues(std::string_view bytes,
                                 const std::string& name,
                                 const DecodeOptions& options = {});

// A frame as a picture: grey through modality LUT, window and presentation (0
// black, the largest value white; 16 bits where more than 8 are stored),
// colours as sRGB. What DecodeImage gives for a DICOM file.
DecodedImage DecodeDicom(std::string_view bytes, const std::string& name,
                         const DecodeOptions& options);

}  // namespace plumbline
