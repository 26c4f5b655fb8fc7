// Any bytes are a picture of at most 2^18 pixels or an Error. What is decoded
// has the size it says.
#include <cstdlib>
#include <string_view>

#include "plumbline/base/error.h"
#include "plumbline/image/codecs/codecs.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  plumbline::DecodeOptions options;
  options.max_pixels = 1 << 18;
  options.least_side = size % 2 == 0 ? 0 : 16;
  try {
    const plumbline::DecodedImage decoded =
        plumbline::DecodeWithCodecs(bytes, "input", options);
    const plumbline::Image& image = decoded.image;
    if (image.data.size() !=
            image.samples() * static_cast<size_t>(image.bytes_per_sample) ||
        image.width < 1 || image.height < 1) {
      std::abort();
    }
  } catch (const plumbline::Error& error) {
    if (error.code() != plumbline::ErrorCode::kInvalidInput &&
        error.code() != plumbline::ErrorCode::kUsage) {
      std::abort();
    }
  }
  return 0;
}
