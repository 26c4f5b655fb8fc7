// TIFF by libtiff, from memory.
#include <tiffio.h>

#include <algorithm>
#include <cstdarg>
#include <cstdio>
#include <cstring>
#include <memory>

#include "plumbline/base/error.h"
#include "plumbline/image/codecs/codecs.h"
#include "plumbline/image/codecs/colour_profile.h"
#include "plumbline/image/codecs/exif.h"
#include "plumbline/image/orientation.h"

namespace plumbline {
namespace {

struct Source {
  std::string_view bytes;
  toff_t place = 0;
};

tmsize_t Read(thandle_t handle, void* to, tmsize_t size) {
  auto* source = static_cast<Source*>(handle);
  if (source->place >= source->bytes.size()) return 0;
  const size_t count = std::min<size_t>(static_cast<size_t>(size),
                                        source->bytes.size() - source->place);
  std::memcpy(to, source->bytes.data() + source->place, count);
  source->place += count;
  return static_cast<tmsize_t>(count);
}

tmsize_t Write(thandle_t, void*, tmsize_t) { return 0; }

toff_t Seek(thandle_t handle, toff_t offset, int from) {
  auto* source = static_cast<Source*>(handle);
  if (from == SEEK_SET) source->place = offset;
  if (from == SEEK_CUR) source->place += offset;
  if (from == SEEK_END) source->place = source->bytes.size() + offset;
  return source->place;
}

int Close(thandle_t) { return 0; }

toff_t Size(thandle_t handle) {
  return static_cast<Source*>(handle)->bytes.size();
}

// The first message of the library in this thread.
thread_local std::string first_message;

void OnMessage(const char* /*module*/, const char* format, va_list arguments) {
  if (!first_message.empty()) return;
  char text[300];
  std::vsnprintf(text, sizeof text, format, arguments);
  first_message = text;
}

void Ignore(const char*, const char*, va_list) {}

// For the whole process, once.
void SetHandlers() {
  static const bool done = [] {
    TIFFSetErrorHandler(&OnMessage);
    TIFFSetWarningHandler(&Ignore);
    return true;
  }();
  static_cast<void>(done);
}

struct CloseTiff {
  void operator()(TIFF* tiff) const { TIFFClose(tiff); }
};

[[noreturn]] void ThrowDamaged(const std::string& name) {
  throw Error(ErrorCode::kInvalidInput, Location{.file = name},
              "the TIFF data are damaged ({}); copy the file again",
              first_message.empty() ? "no reason given" : first_message);
}

struct TiffHeader {
  uint32_t width = 0, height = 0;
  uint16_t bits = 1, samples = 1, photometric = PHOTOMETRIC_MINISBLACK;
  uint16_t planar = PLANARCONFIG_CONTIG, sample_format = SAMPLEFORMAT_UINT;
  uint16_t orientation = 1;
};

TiffHeader ReadHeader(TIFF* tiff, const std::string& name) {
  TiffHeader h;
  if (TIFFGetField(tiff, TIFFTAG_IMAGEWIDTH, &h.width) != 1 ||
      TIFFGetField(tiff, TIFFTAG_IMAGELENGTH, &h.height) != 1) {
    ThrowDamaged(name);
  }
  TIFFGetFieldDefaulted(tiff, TIFFTAG_BITSPERSAMPLE, &h.bits);
  TIFFGetFieldDefaulted(tiff, TIFFTAG_SAMPLESPERPIXEL, &h.samples);
  TIFFGetField(tiff, TIFFTAG_PHOTOMETRIC, &h.photometric);
  TIFFGetFieldDefaulted(tiff, TIFFTAG_PLANARCONFIG, &h.planar);
  TIFFGetFieldDefaulted(tiff, TIFFTAG_SAMPLEFORMAT, &h.sample_format);
  TIFFGetFieldDefaulted(tiff, TIFFTAG_ORIENTATION, &h.orientation);
  return h;
}

// Samples that can be taken as they are: grey and colours of 8 or 16 bits.
bool IsDirect(const TiffHeader& h) {
  const bool grey =
      h.samples == 1 && (h.photometric == PHOTOMETRIC_MINISBLACK ||
                         h.photometric == PHOTOMETRIC_MINISWHITE);
  const bool colour = h.samples == 3 && h.photometric == PHOTOMETRIC_RGB &&
                      h.planar == PLANARCONFIG_CONTIG;
  return (grey || colour) && (h.bits == 8 || h.bits == 16);
}

void ReadTiles(TIFF* tiff, Image* image, const std::string& name) {
  uint32_t tile_width = 0, tile_height = 0;
  TIFFGetField(tiff, TIFFTAG_TILEWIDTH, &tile_width);
  TIFFGetField(tiff, TIFFTAG_TILELENGTH, &tile_height);
  const tmsize_t size = TIFFTileSize(tiff);
  const size_t pixel =
      static_cast<size_t>(image->channels) * image->bytes_per_sample;
  // Tiles may be larger than the picture, but not without limit.
  if (tile_width == 0 || tile_height == 0 || size <= 0 ||
      static_cast<int64_t>(tile_width) * tile_height > kMaxPixels ||
      static_cast<size_t>(size) < pixel * tile_width * tile_height) {
    ThrowDamaged(name);
  }
  std::vector<uint8_t> tile(size);
  const auto width = static_cast<uint32_t>(image->width);
  const auto height = static_cast<uint32_t>(image->height);
  for (uint32_t y = 0; y < height; y += tile_height) {
    for (uint32_t x = 0; x < width; x += tile_width) {
      if (TIFFReadTile(tiff, tile.data(), x, y, 0, 0) < 0) ThrowDamaged(name);
      const size_t columns = std::min(tile_width, width - x);
      for (uint32_t r = 0; r < std::min(tile_height, height - y); ++r) {
        std::memcpy(
            &image->data[((y + r) * static_cast<size_t>(width) + x) * pixel],
            &tile[static_cast<size_t>(r) * tile_width * pixel],
            columns * pixel);
      }
    }
  }
}

void ReadRows(TIFF* tiff, Image* image, const std::string& name) {
  const size_t stride = static_cast<size_t>(image->width) * image->channels *
                        image->bytes_per_sample;
  if (TIFFScanlineSize(tiff) != static_cast<tmsize_t>(stride)) {
    ThrowDamaged(name);
  }
  for (int y = 0; y < image->height; ++y) {
    if (TIFFReadScanline(tiff, &image->data[y * stride],
                         static_cast<uint32_t>(y), 0) < 0) {
      ThrowDamaged(name);
    }
  }
}

Image ReadDirect(TIFF* tiff, const TiffHeader& h, const std::string& name) {
  Image image = MakeImage(static_cast<int>(h.width), static_cast<int>(h.height),
                          h.samples, h.bits / 8);
  if (TIFFIsTiled(tiff)) {
    ReadTiles(tiff, &image, name);
  } else {
    ReadRows(tiff, &image, name);
  }
  if (h.photometric == PHOTOMETRIC_MINISWHITE) {
    for (uint8_t& byte : image.data) byte = static_cast<uint8_t>(~byte);
  }
  return image;
}

// Everything else that libtiff can turn into 8-bit colours itself.
Image ReadAsColours(TIFF* tiff, const TiffHeader& h, const std::string& name) {
  char why_not[1024] = "";
  if (TIFFRGBAImageOK(tiff, why_not) == 0) {
    throw Error(ErrorCode::kInvalidInput, Location{.file = name},
                "this kind of TIFF cannot be read ({}); save it as 8- or "
                "16-bit grey or RGB",
                why_not);
  }
  const size_t pixels = static_cast<size_t>(h.width) * h.height;
  std::vector<uint32_t> packed(pixels);
  // As stored: libtiff mirrors pictures that lie on their side, but does not
  // turn them.
  const bool is_known = h.orientation >= 1 && h.orientation <= 8;
  if (TIFFReadRGBAImageOriented(tiff, h.width, h.height, packed.data(),
                                is_known ? h.orientation : ORIENTATION_TOPLEFT,
                                1) == 0) {
    ThrowDamaged(name);
  }
  Image image =
      MakeImage(static_cast<int>(h.width), static_cast<int>(h.height), 3, 1);
  for (size_t i = 0; i < pixels; ++i) {
    image.data[3 * i] = TIFFGetR(packed[i]);
    image.data[3 * i + 1] = TIFFGetG(packed[i]);
    image.data[3 * i + 2] = TIFFGetB(packed[i]);
  }
  const bool was_grey = h.photometric == PHOTOMETRIC_MINISBLACK ||
                        h.photometric == PHOTOMETRIC_MINISWHITE;
  return was_grey ? ToGrey(image) : image;
}

void AddFacts(TIFF* tiff, const TiffHeader& h, std::vector<ImageFact>* facts) {
  const char* text = nullptr;
  if (TIFFGetField(tiff, TIFFTAG_MAKE, &text) == 1) {
    AddCameraFact("manufacturer", text, facts);
  }
  if (TIFFGetField(tiff, TIFFTAG_MODEL, &text) == 1) {
    AddCameraFact("model", text, facts);
  }
  if (h.orientation >= 2 && h.orientation <= 8) {
    facts->emplace_back("orientation", std::to_string(h.orientation));
  }
}

}  // namespace

DecodedImage DecodeTiff(std::string_view bytes, const std::string& name,
                        const DecodeOptions& options) {
  SetHandlers();
  first_message.clear();
  Source source{bytes};
  const std::unique_ptr<TIFF, CloseTiff> tiff(
      TIFFClientOpen(name.c_str(), "rm", &source, &Read, &Write, &Seek, &Close,
                     &Size, nullptr, nullptr));
  if (!tiff) ThrowDamaged(name);
  const TiffHeader header = ReadHeader(tiff.get(), name);
  RequireAllowedSize(header.width, header.height, name, options);
  if (header.sample_format != SAMPLEFORMAT_UINT) {
    throw Error(ErrorCode::kInvalidInput, Location{.file = name},
                "its samples are no unsigned whole numbers; save it as 8- or "
                "16-bit grey or RGB");
  }
  DecodedImage decoded;
  decoded.format = ImageFormat::kTiff;
  decoded.stored_width = static_cast<int>(header.width);
  decoded.stored_height = static_cast<int>(header.height);
  const bool is_direct = IsDirect(header);
  decoded.image = Upright(is_direct ? ReadDirect(tiff.get(), header, name)
                                    : ReadAsColours(tiff.get(), header, name),
                          header.orientation);
  if (!is_direct && header.bits > 8) {
    decoded.notes.emplace_back("its samples of " + std::to_string(header.bits) +
                               " bits were reduced to 8");
  }
  AddFacts(tiff.get(), header, &decoded.facts);
  if (TIFFNumberOfDirectories(tiff.get()) > 1) {
    decoded.notes.emplace_back("it holds several pictures; the first was read");
  }
  uint32_t size = 0;
  void* profile = nullptr;
  TIFFSetDirectory(tiff.get(), 0);
  if (TIFFGetField(tiff.get(), TIFFTAG_ICCPROFILE, &size, &profile) == 1) {
    ConvertToSrgb({static_cast<const char*>(profile), size}, &decoded.image,
                  &decoded.notes);
  }
  return decoded;
}

}  // namespace plumbline
