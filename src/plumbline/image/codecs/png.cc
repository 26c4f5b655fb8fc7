// PNG by libspng.
#include <spng.h>

#include <algorithm>
#include <memory>

#include "plumbline/base/error.h"
#include "plumbline/image/codecs/codecs.h"
#include "plumbline/image/codecs/colour_profile.h"
#include "plumbline/image/codecs/exif.h"
#include "plumbline/image/orientation.h"

namespace plumbline {
namespace {

struct FreeContext {
  void operator()(spng_ctx* context) const { spng_ctx_free(context); }
};

// The samples without the last of each pixel's; whether any was not full.
template <typename T>
bool DropAlpha(const T* from, size_t pixels, int channels, T* to) {
  bool see_through = false;
  for (size_t i = 0; i < pixels; ++i) {
    for (int c = 0; c < channels; ++c) *to++ = *from++;
    see_through |= *from++ != static_cast<T>(~T{0});
  }
  return see_through;
}

// How the library should give the samples, and what that leaves to do.
struct Layout {
  int format = SPNG_FMT_PNG;
  int channels = 1;
  int bytes = 1;
  bool alpha = false;
};

Layout LayoutOf(const spng_ihdr& header) {
  const int bytes = header.bit_depth == 16 ? 2 : 1;
  switch (header.color_type) {
    case SPNG_COLOR_TYPE_GRAYSCALE:
      return {bytes == 2 ? SPNG_FMT_PNG : SPNG_FMT_G8, 1, bytes, false};
    case SPNG_COLOR_TYPE_GRAYSCALE_ALPHA:
      return {SPNG_FMT_PNG, 1, bytes, true};
    case SPNG_COLOR_TYPE_TRUECOLOR_ALPHA:
      return {SPNG_FMT_PNG, 3, bytes, true};
    case SPNG_COLOR_TYPE_INDEXED:
      return {SPNG_FMT_RGB8, 3, 1, false};
    default:
      return {bytes == 2 ? SPNG_FMT_PNG : SPNG_FMT_RGB8, 3, bytes, false};
  }
}

class PngReader {
 public:
  PngReader(std::string_view bytes, const std::string& name)
      : name_(name), context_(spng_ctx_new(0)) {
    // Profiles and comments: more is a bomb.
    Check(spng_set_chunk_limits(context_.get(), 8 << 20, 32 << 20));
    Check(spng_set_image_limits(context_.get(), 1u << 30, 1u << 30));
    Check(spng_set_png_buffer(context_.get(), bytes.data(), bytes.size()));
  }

  spng_ihdr Header() {
    spng_ihdr header{};
    Check(spng_get_ihdr(context_.get(), &header));
    return header;
  }

  void Decode(const Layout& layout, void* to, size_t size) {
    size_t needed = 0;
    Check(spng_decoded_image_size(context_.get(), layout.format, &needed));
    if (needed != size) {
      throw Error(ErrorCode::kInternal, "{}: a PNG of {} bytes, expected {}",
                  name_, needed, size);
    }
    Check(spng_decode_image(context_.get(), to, size, layout.format, 0));
    Check(spng_decode_chunks(context_.get()));
  }

  // Whether a palette has colours that are not opaque, or one colour stands for
  // nothing.
  bool HasTransparentColours() {
    spng_trns colours{};
    if (spng_get_trns(context_.get(), &colours) != 0) return false;
    const uint8_t* begin = colours.type3_alpha;
    const uint8_t* end = begin + colours.n_type3_entries;
    return colours.n_type3_entries == 0 ||
           std::any_of(begin, end, [](uint8_t alpha) { return alpha != 255; });
  }

  std::string Profile() {
    spng_iccp profile{};
    if (spng_get_iccp(context_.get(), &profile) != 0) return "";
    return {profile.profile, profile.profile_len};
  }

  std::string Exif() {
    spng_exif exif{};
    if (spng_get_exif(context_.get(), &exif) != 0) return "";
    return {exif.data, exif.length};
  }

 private:
  void Check(int result) {
    if (result == 0) return;
    throw Error(ErrorCode::kInvalidInput, Location{.file = name_},
                "the PNG data are damaged ({}); copy the file again",
                spng_strerror(result));
  }

  const std::string& name_;
  std::unique_ptr<spng_ctx, FreeContext> context_;
};

}  // namespace

DecodedImage DecodePng(std::string_view bytes, const std::string& name,
                       const DecodeOptions& options) {
  PngReader reader(bytes, name);
  const spng_ihdr header = reader.Header();
  RequireAllowedSize(header.width, header.height, name, options);
  const Layout layout = LayoutOf(header);
  DecodedImage decoded;
  decoded.format = ImageFormat::kPng;
  decoded.stored_width = static_cast<int>(header.width);
  decoded.stored_height = static_cast<int>(header.height);
  Image image = MakeImage(decoded.stored_width, decoded.stored_height,
                          layout.channels, layout.bytes);
  bool see_through = false;
  if (layout.alpha) {
    const size_t pixels = image.samples() / image.channels;
    std::vector<uint8_t> all(pixels * (layout.channels + 1) * layout.bytes);
    reader.Decode(layout, all.data(), all.size());
    see_through =
        layout.bytes == 1
            ? DropAlpha(all.data(), pixels, layout.channels, image.data.data())
            : DropAlpha(reinterpret_cast<const uint16_t*>(all.data()), pixels,
                        layout.channels, image.samples16().data());
  } else {
    reader.Decode(layout, image.data.data(), image.data.size());
    see_through = reader.HasTransparentColours();
  }
  if (see_through) {
    decoded.notes.emplace_back(
        "it is partly transparent; the colours below were taken");
  }
  ConvertToSrgb(reader.Profile(), &image, &decoded.notes);
  const std::string segment = reader.Exif();
  ExifFacts exif;
  if (!segment.empty()) exif = ReadExif(segment);
  decoded.facts = std::move(exif.facts);
  decoded.image = Upright(std::move(image), exif.orientation);
  return decoded;
}

}  // namespace plumbline
