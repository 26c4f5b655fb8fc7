// One function for each format; each takes a whole file and is safe in any
// number of threads. All throw as DecodeImage does.
#pragma once

#include <string>
#include <string_view>

#include "plumbline/image/decode.h"

namespace plumbline {

DecodedImage DecodeJpeg(std::string_view bytes, const std::string& name,
                        const DecodeOptions& options);
DecodedImage DecodePng(std::string_view bytes, const std::string& name,
                       const DecodeOptions& options);
DecodedImage DecodeTiff(std::string_view bytes, const std::string& name,
                        const DecodeOptions& options);

// The one that the bytes need. What the part "images" offers.
DecodedImage DecodeWithCodecs(std::string_view bytes, const std::string& name,
                              const DecodeOptions& options);

// `effort`: 0 to 9.
std::string EncodePngWithCodecs(const Image& image, int effort);

// Throws Error(kInvalidInput) for sides below 1 or more pixels than allowed,
// before memory is taken.
void RequireAllowedSize(int64_t width, int64_t height, const std::string& name,
                        const DecodeOptions& options);

}  // namespace plumbline
