#include "plumbline/base/error.h"
#include "plumbline/image/codecs/codecs.h"

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

}  // namespace plumbline
