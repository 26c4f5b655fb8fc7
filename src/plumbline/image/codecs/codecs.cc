#include "plumbline/image/codecs/codecs.h"

#include "plumbline/base/error.h"

namespace plumbline {

void RequireAllowedSize(int64_t width, int64_t height, const std::string& name,
                        const DecodeOptions& options) {
  if (width < 1 || height < 1) {
    throw Error(ErrorCode::kInvalidInput, Location{.file = name},
                "declares {} x {} pixels", width, height);
  }
  if (width > options.max_pixels / height) {
    throw Error(ErrorCode::kInvalidInput, Location{.file = name},
                "declares {} x {} pixels, more than the limit of {}", width,
                height, options.max_pixels);
  }
}

DecodedImage DecodeWithCodecs(std::string_view bytes, const std::string& name,
                              const DecodeOptions& options) {
  switch (SniffFormat(bytes)) {
    case ImageFormat::kJpeg:
      return DecodeJpeg(bytes, name, options);
    case ImageFormat::kPng:
      return DecodePng(bytes, name, options);
    case ImageFormat::kTiff:
      return DecodeTiff(bytes, name, options);
    default:
      throw Error(ErrorCode::kInvalidInput, Location{.file = name},
                  "is no image that can be read");
  }
}

}  // namespace plumbline
