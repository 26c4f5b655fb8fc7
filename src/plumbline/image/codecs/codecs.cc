#include "plumbline/image/codecs/codecs.h"

#include "plumbline/base/error.h"
#include "plumbline/image/dicom/dicom_pixels.h"

namespace plumbline {

DecodedImage DecodeWithCodecs(std::string_view bytes, const std::string& name,
                              const DecodeOptions& options) {
  switch (SniffFormat(bytes)) {
    case ImageFormat::kDicom:
      return DecodeDicom(bytes, name, options);
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
