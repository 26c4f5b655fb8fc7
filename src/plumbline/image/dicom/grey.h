// Grey DICOM frames: from stored values to modality units to what a screen
// shows. Internal.
//
// Source: DICOM PS3.3, C.11.1 (modality LUT), C.11.2 (VOI LUT), C.11.6
// (presentation LUT); PS3.4, N.2.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "plumbline/image/dicom/dicom_file.h"
#include "plumbline/image/dicom/dicom_pixels.h"
#include "plumbline/image/dicom/lookup_table.h"

namespace plumbline {

// Stored value to modality units.
struct ModalityTransform {
  std::optional<LookupTable> table;  // instead of slope and intercept
  double slope = 1.0;
  double intercept = 0.0;
  std::string unit;

  double At(int64_t stored) const {
    return table ? table->At(stored)
                 : slope * static_cast<double>(stored) + intercept;
  }
};

ModalityTransform ReadModality(const DicomFile& file, int frame, bool is_signed,
                               std::vector<std::string>* notes);

enum class WindowShape : uint8_t { kLinear, kLinearExact, kSigmoid };

// Modality units to brightness, 0 (black) to 1 (white).
struct GreyWindow {
  std::optional<LookupTable> table;  // VOI LUT, instead of a window
  WindowShape shape = WindowShape::kLinearExact;
  double center = 0.5;
  double width = 1.0;

  double At(double value) const;
};

// A window that shows least as black and most as white.
GreyWindow WindowOfRange(double least, double most);

// The picture of a grey frame; appends to `notes`.
// Throws Error(kUsage) for a window that is none.
Image ToGreyImage(const DicomFile& file, const DicomPixels& pixels,
                  const DecodeOptions& options,
                  std::vector<std::string>* notes);

}  // namespace plumbline
