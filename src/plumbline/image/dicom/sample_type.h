// A loop over samples of the type they have. Internal.
#pragma once

#include <cstdint>
#include <span>

#include "plumbline/image/dicom/dicom_pixels.h"

namespace plumbline {

// Calls `action` with the samples as a span of their type.
template <typename Action>
void WithSamples(const DicomPixels& pixels, const Action& action) {
  const auto as = [&]<typename T>(T /*type*/) {
    action(std::span<const T>(reinterpret_cast<const T*>(pixels.data.data()),
                              pixels.samples()));
  };
  switch (pixels.bytes_per_sample) {
    case 1:
      pixels.is_signed ? as(int8_t{}) : as(uint8_t{});
      break;
    case 2:
      pixels.is_signed ? as(int16_t{}) : as(uint16_t{});
      break;
    default:
      pixels.is_signed ? as(int32_t{}) : as(uint32_t{});
  }
}

}  // namespace plumbline
