// JPEG 2000 by OpenJPEG, from memory.
#include <openjpeg.h>

#include <algorithm>
#include <cstring>
#include <memory>

#include "plumbline/base/error.h"
#include "plumbline/image/dicom/frames.h"

namespace plumbline {
namespace {

struct Source {
  std::string_view bytes;
  size_t place = 0;
};

OPJ_SIZE_T Read(void* to, OPJ_SIZE_T size, void* user) {
  auto* source = static_cast<Source*>(user);
  const size_t left = source->bytes.size() - source->place;
  if (left == 0) return static_cast<OPJ_SIZE_T>(-1);
  const size_t count = std::min<size_t>(size, left);
  std::memcpy(to, source->bytes.data() + source->place, count);
  source->place += count;
  return count;
}

OPJ_OFF_T Skip(OPJ_OFF_T count, void* user) {
  auto* source = static_cast<Source*>(user);
  const auto left =
      static_cast<OPJ_OFF_T>(source->bytes.size() - source->place);
  if (count < 0 || left == 0) return -1;
  const OPJ_OFF_T step = std::min(count, left);
  source->place += static_cast<size_t>(step);
  return step;
}

OPJ_BOOL Seek(OPJ_OFF_T place, void* user) {
  auto* source = static_cast<Source*>(user);
  if (place < 0 || static_cast<size_t>(place) > source->bytes.size()) {
    return OPJ_FALSE;
  }
  source->place = static_cast<size_t>(place);
  return OPJ_TRUE;
}

void KeepFirst(const char* message, void* user) {
  auto* first = static_cast<std::string*>(user);
  if (!first->empty()) return;
  *first = message;
  while (!first->empty() && first->back() == '\n') first->pop_back();
}

void Ignore(const char*, void*) {}

struct Free {
  void operator()(opj_codec_t* codec) const { opj_destroy_codec(codec); }
  void operator()(opj_image_t* image) const { opj_image_destroy(image); }
};

struct FreeStream {
  void operator()(opj_stream_t* stream) const { opj_stream_destroy(stream); }
};

using Codec = std::unique_ptr<opj_codec_t, Free>;
using Stream = std::unique_ptr<opj_stream_t, FreeStream>;
using Picture = std::unique_ptr<opj_image_t, Free>;

[[noreturn]] void ThrowDamaged(const std::string& name,
                               const std::string& why) {
  throw Error(ErrorCode::kInvalidInput, Location{.file = name},
              "its JPEG 2000 data are damaged ({}); copy or export the file "
              "again",
              why.empty() ? "no reason given" : why);
}

Stream OpenStream(Source* source) {
  Stream stream(opj_stream_create(size_t{1} << 16, OPJ_TRUE));
  opj_stream_set_user_data(stream.get(), source, nullptr);
  opj_stream_set_user_data_length(stream.get(), source->bytes.size());
  opj_stream_set_read_function(stream.get(), &Read);
  opj_stream_set_skip_function(stream.get(), &Skip);
  opj_stream_set_seek_function(stream.get(), &Seek);
  return stream;
}

// Before a pixel is decoded.
void RequireShape(const opj_image_t& image, const PixelHeader& header,
                  const std::string& name) {
  const auto width = static_cast<int64_t>(image.x1) - image.x0;
  const auto height = static_cast<int64_t>(image.y1) - image.y0;
  if (width != header.width || height != header.height ||
      image.numcomps != static_cast<OPJ_UINT32>(header.channels)) {
    throw Error(ErrorCode::kInvalidInput, Location{.file = name},
                "its header declares {} x {} pixels of {} samples, its JPEG "
                "2000 data {} x {} of {}; correct the file's header",
                header.width, header.height, header.channels, width, height,
                image.numcomps);
  }
  for (OPJ_UINT32 c = 0; c < image.numcomps; ++c) {
    const opj_image_comp_t& component = image.comps[c];
    if (component.dx != 1 || component.dy != 1 || component.prec < 1 ||
        component.prec > 8U * header.bytes_per_sample()) {
      throw Error(ErrorCode::kInvalidInput, Location{.file = name},
                  "its JPEG 2000 data have {} bits in {} allocated, or "
                  "colours at a lower resolution; neither is read",
                  component.prec, header.bits_allocated);
    }
  }
}

// Samples wrap to the width of the stream, as the header says whether they are
// signed: streams often say otherwise.
template <typename T>
void Interleave(const opj_image_t& image, bool is_signed,
                std::vector<uint8_t>* out) {
  const size_t channels = image.numcomps;
  for (size_t c = 0; c < channels; ++c) {
    const opj_image_comp_t& component = image.comps[c];
    const size_t pixels = static_cast<size_t>(component.w) * component.h;
    const int spare = 32 - static_cast<int>(component.prec);
    for (size_t i = 0; i < pixels; ++i) {
      const uint32_t shifted = static_cast<uint32_t>(component.data[i])
                               << spare;
      const T sample =
          is_signed ? static_cast<T>(static_cast<int32_t>(shifted) >> spare)
                    : static_cast<T>(shifted >> spare);
      std::memcpy(&(*out)[(i * channels + c) * sizeof(T)], &sample, sizeof(T));
    }
  }
}

}  // namespace

std::vector<uint8_t> DecodeJpeg2000(const std::string& bytes,
                                    const PixelHeader& header,
                                    const std::string& name) {
  Source source{bytes};
  const bool is_boxed = bytes.size() >= 8 && bytes.substr(4, 4) == "jP  ";
  const Codec codec(
      opj_create_decompress(is_boxed ? OPJ_CODEC_JP2 : OPJ_CODEC_J2K));
  std::string message;
  opj_set_error_handler(codec.get(), &KeepFirst, &message);
  opj_set_warning_handler(codec.get(), &Ignore, nullptr);
  opj_set_info_handler(codec.get(), &Ignore, nullptr);
  opj_dparameters_t parameters;
  opj_set_default_decoder_parameters(&parameters);
  opj_setup_decoder(codec.get(), &parameters);
  // Missing bytes are an error, not a grey area.
  opj_decoder_set_strict_mode(codec.get(), OPJ_TRUE);
  const Stream stream = OpenStream(&source);
  opj_image_t* opened = nullptr;
  if (!opj_read_header(stream.get(), codec.get(), &opened)) {
    ThrowDamaged(name, message);
  }
  const Picture image(opened);
  RequireShape(*image, header, name);
  if (!opj_decode(codec.get(), stream.get(), image.get())) {
    ThrowDamaged(name, message);
  }
  for (OPJ_UINT32 c = 0; c < image->numcomps; ++c) {
    const opj_image_comp_t& component = image->comps[c];
    if (component.data == nullptr ||
        component.w != static_cast<OPJ_UINT32>(header.width) ||
        component.h != static_cast<OPJ_UINT32>(header.height)) {
      ThrowDamaged(name, message);
    }
  }
  std::vector<uint8_t> out(static_cast<size_t>(header.pixels()) *
                           header.channels * header.bytes_per_sample());
  switch (header.bytes_per_sample()) {
    case 1:
      Interleave<uint8_t>(*image, header.is_signed, &out);
      break;
    case 2:
      Interleave<uint16_t>(*image, header.is_signed, &out);
      break;
    default:
      Interleave<uint32_t>(*image, header.is_signed, &out);
  }
  return out;
}

}  // namespace plumbline
