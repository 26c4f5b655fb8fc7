// A walk over the headers of DICOM elements.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "plumbline/image/dicom/container.h"

namespace plumbline {

// Over container->body(), whose elements are encoded as the container says, up
// to the pixel data; fills in the elements and everything about pixels. Throws
// Error(kInvalidInput) where an element reaches beyond the end or sequences are
// nested too deeply.
void WalkElements(const std::string& name, DicomContainer* container);

// The place behind the uncompressed pixel data of which `start` is the
// beginning; 0 where the pixel data do not begin in it or are of undefined
// length.
size_t EndOfPixels(std::string_view start, const DicomContainer& container);

}  // namespace plumbline
