// The part "heic": HEIC by libheif.
#include <libheif/heif.h>

#include <algorithm>
#include <memory>

#include "plumbline/base/error.h"
#include "plumbline/base/on_demand.h"
#include "plumbline/image/codecs/codecs.h"
#include "plumbline/image/codecs/colour_profile.h"
#include "plumbline/image/codecs/exif.h"

namespace plumbline {
namespace {

struct Free {
  void operator()(heif_context* context) const { heif_context_free(context); }
  void operator()(heif_image_handle* handle) const {
    heif_image_handle_release(handle);
  }
  void operator()(heif_image* image) const { heif_image_release(image); }
};

template <typename T>
using Owned = std::unique_ptr<T, Free>;

void Check(const heif_error& error, const std::string& name) {
  if (error.code == heif_error_Ok) return;
  throw Error(ErrorCode::kInvalidInput, Location{.file = name},
              "the HEIC data cannot be read ({})", error.message);
}

std::vector<ImageFact> Facts(const heif_image_handle* handle) {
  heif_item_id id = 0;
  if (heif_image_handle_get_list_of_metadata_block_IDs(handle, "Exif", &id, 1) <
      1) {
    return {};
  }
  std::string block(heif_image_handle_get_metadata_size(handle, id), '\0');
  if (heif_image_handle_get_metadata(handle, id, block.data()).code !=
          heif_error_Ok ||
      block.size() < 4) {
    return {};
  }
  // The first four bytes say where the TIFF header lies.
  return ReadExif(std::string_view(block).substr(4)).facts;
}

DecodedImage Decode(std::string_view bytes, const std::string& name,
                    const DecodeOptions& options) {
  const Owned<heif_context> context(heif_context_alloc());
  heif_context_set_maximum_image_size_limit(context.get(), 1 << 16);
  Check(heif_context_read_from_memory_without_copy(context.get(), bytes.data(),
                                                   bytes.size(), nullptr),
        name);
  heif_image_handle* primary = nullptr;
  Check(heif_context_get_primary_image_handle(context.get(), &primary), name);
  const Owned<heif_image_handle> handle(primary);
  RequireAllowedSize(heif_image_handle_get_width(handle.get()),
                     heif_image_handle_get_height(handle.get()), name, options);
  heif_image* pixels = nullptr;
  Check(heif_decode_image(handle.get(), &pixels, heif_colorspace_RGB,
                          heif_chroma_interleaved_RGB, nullptr),
        name);
  const Owned<heif_image> owned(pixels);
  int stride = 0;
  const uint8_t* plane =
      heif_image_get_plane_readonly(pixels, heif_channel_interleaved, &stride);
  DecodedImage decoded;
  decoded.format = ImageFormat::kHeic;
  decoded.stored_width = heif_image_handle_get_ispe_width(handle.get());
  decoded.stored_height = heif_image_handle_get_ispe_height(handle.get());
  // libheif turns and mirrors by itself.
  decoded.image =
      MakeImage(heif_image_get_width(pixels, heif_channel_interleaved),
                heif_image_get_height(pixels, heif_channel_interleaved), 3, 1);
  const size_t row = 3 * static_cast<size_t>(decoded.image.width);
  for (int y = 0; y < decoded.image.height; ++y) {
    std::copy_n(plane + static_cast<size_t>(y) * stride, row,
                &decoded.image.data[y * row]);
  }
  std::string profile(
      heif_image_handle_get_raw_color_profile_size(handle.get()), '\0');
  if (!profile.empty() &&
      heif_image_handle_get_raw_color_profile(handle.get(), profile.data())
              .code == heif_error_Ok) {
    ConvertToSrgb(profile, &decoded.image, &decoded.notes);
  }
  decoded.facts = Facts(handle.get());
  return decoded;
}

constexpr ImageService kService = {&Decode};

int Run(int, const char* const*) {
  throw Error(ErrorCode::kInternal, "the part \"heic\" has no command");
}

}  // namespace
}  // namespace plumbline

extern "C" const plumbline::OnDemandPart plumbline_part = {
    plumbline::kOnDemandAbi, "heic", plumbline::Run, &plumbline::kService};
