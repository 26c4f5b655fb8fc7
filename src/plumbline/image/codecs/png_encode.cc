#include <spng.h>

#include <cstdlib>
#include <memory>

#include "plumbline/base/error.h"
#include "plumbline/image/codecs/codecs.h"

namespace plumbline {
namespace {

struct FreeContext {
  void operator()(spng_ctx* context) const { spng_ctx_free(context); }
};

void Require(int code, const char* what) {
  if (code == 0) return;
  throw Error(ErrorCode::kInternal, "cannot write a PNG: {} ({})", what,
              spng_strerror(code));
}

}  // namespace

std::string EncodePngWithCodecs(const Image& image, int effort) {
  const std::unique_ptr<spng_ctx, FreeContext> context(
      spng_ctx_new(SPNG_CTX_ENCODER));
  spng_ihdr header{};
  header.width = static_cast<uint32_t>(image.width);
  header.height = static_cast<uint32_t>(image.height);
  header.bit_depth = static_cast<uint8_t>(8 * image.bytes_per_sample);
  header.color_type = image.channels == 1 ? SPNG_COLOR_TYPE_GRAYSCALE
                                          : SPNG_COLOR_TYPE_TRUECOLOR;
  Require(spng_set_option(context.get(), SPNG_ENCODE_TO_BUFFER, 1), "buffer");
  Require(spng_set_option(context.get(), SPNG_IMG_COMPRESSION_LEVEL, effort),
          "compression");
  Require(spng_set_ihdr(context.get(), &header), "header");
  // Samples in the machine's order; the library turns them.
  Require(spng_encode_image(context.get(), image.data.data(), image.data.size(),
                            SPNG_FMT_PNG, SPNG_ENCODE_FINALIZE),
          "pixels");
  size_t size = 0;
  int error = 0;
  void* bytes = spng_get_png_buffer(context.get(), &size, &error);
  Require(error, "end");
  std::string png(static_cast<const char*>(bytes), size);
  std::free(bytes);
  return png;
}

}  // namespace plumbline
