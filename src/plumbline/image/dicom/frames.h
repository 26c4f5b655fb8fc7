// One frame of a DICOM file as its samples are stored. Internal.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "plumbline/image/dicom/dicom_file.h"
#include "plumbline/image/dicom/dicom_pixels.h"
#include "plumbline/image/dicom/pixel_header.h"

namespace plumbline {

// The bytes of compressed frame `frame`, put together from its fragments.
// Throws Error(kInvalidInput) where they cannot be told or are missing.
std::vector<std::string_view> FragmentsOfFrame(const DicomFile& file,
                                               const PixelHeader& header,
                                               int frame);

// Decodes. Appends to pixels->notes.
DicomPixels ReadFrame(const DicomFile& file, const PixelHeader& header,
                      int frame);

// JPEG and JPEG-LS by DCMTK: samples of header.bytes_per_sample() bytes,
// machine order, channels interleaved.
std::vector<uint8_t> DecodeByDcmtk(const DicomFile& file,
                                   const PixelHeader& header,
                                   const std::string& stream);

// RLE: `samples` of `channels` * `width` bytes each, little endian.
// Throws Error(kInvalidInput) if they are not all there.
std::vector<uint8_t> DecodeRle(std::string_view bytes, size_t samples,
                               size_t channels, size_t width,
                               const std::string& name);

// JPEG 2000 by OpenJPEG; the same layout. Samples are as wide as the header
// says and have their colour transform undone.
// Throws Error(kInvalidInput) if the stream has another shape than the header.
std::vector<uint8_t> DecodeJpeg2000(const std::string& bytes,
                                    const PixelHeader& header,
                                    const std::string& name);

}  // namespace plumbline
