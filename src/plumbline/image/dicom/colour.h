// Coloured DICOM frames to sRGB. Internal.
#pragma once

#include <string>
#include <vector>

#include "plumbline/image/dicom/dicom_file.h"
#include "plumbline/image/dicom/dicom_pixels.h"

namespace plumbline {

// RGB, YBR_FULL or PALETTE COLOR; 16 bits a sample where more than 8 are
// stored, else 8; palettes give 8. Throws Error(kInvalidInput) for a palette
// that is missing or of a kind that is not read.
Image ToColourImage(const DicomFile& file, const DicomPixels& pixels,
                    std::vector<std::string>* notes);

}  // namespace plumbline
