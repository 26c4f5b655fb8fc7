// JPEG by libjpeg-turbo.
#include <algorithm>
#include <csetjmp>
#include <cstdio>
#include <cstdlib>
#include <cstring>

// After <cstdio>, which it needs.
#include <jpeglib.h>

#include "plumbline/base/error.h"
#include "plumbline/image/codecs/codecs.h"
#include "plumbline/image/codecs/colour_profile.h"
#include "plumbline/image/codecs/exif.h"
#include "plumbline/image/orientation.h"

namespace plumbline {
namespace {

// The library reports errors by a function that must not return; a C++
// exception may not pass through its frames.
struct Failure {
  jpeg_error_mgr manager;
  std::jmp_buf back;
  char message[JMSG_LENGTH_MAX] = "";
};

void OnError(j_common_ptr info) {
  auto* failure = reinterpret_cast<Failure*>(info->err);
  info->err->format_message(info, failure->message);
  std::longjmp(failure->back, 1);
}

// Damage that the library would paint over: a truncated or corrupt stream.
void OnMessage(j_common_ptr info, int level) {
  if (level >= 0) return;
  auto* failure = reinterpret_cast<Failure*>(info->err);
  if (info->err->num_warnings++ == 0) {
    info->err->format_message(info, failure->message);
  }
}

// Everything that lives across a longjmp, so that no destructor is jumped over.
struct Reader {
  jpeg_decompress_struct info{};
  Failure failure;
  Image image;
  std::string profile;
  std::string exif;
  bool is_profile_damaged = false;
  int stored_width = 0;
  int stored_height = 0;
};

// Runs one step of the library; false: it failed, the message says why.
template <typename Step>
bool Run(Reader* reader, Step step) {
  if (setjmp(reader->failure.back) != 0) return false;
  step(&reader->info);
  return true;
}

void ReadMarkers(Reader* reader) {
  for (auto* marker = reader->info.marker_list; marker != nullptr;
       marker = marker->next) {
    const std::string_view data(reinterpret_cast<const char*>(marker->data),
                                marker->data_length);
    if (marker->marker == JPEG_APP0 + 1 && data.starts_with("Exif") &&
        reader->exif.empty()) {
      reader->exif = data;
    }
  }
}

// The largest reduction that leaves both sides long enough.
unsigned Reduction(const jpeg_decompress_struct& info, int least_side) {
  if (least_side <= 0) return 1;
  const unsigned side = std::min(info.image_width, info.image_height);
  for (const unsigned by : {8u, 4u, 2u}) {
    if (side / by >= static_cast<unsigned>(least_side)) return by;
  }
  return 1;
}

// Adobe's four inks, stored inverted, to red, green and blue.
void FromInks(const uint8_t* inks, uint8_t* colours, int width) {
  for (int x = 0; x < width; ++x) {
    for (int c = 0; c < 3; ++c) {
      colours[3 * x + c] =
          static_cast<uint8_t>(inks[4 * x + c] * inks[4 * x + 3] / 255);
    }
  }
}

void ReadRows(Reader* reader) {
  jpeg_decompress_struct& info = reader->info;
  const bool inks = info.out_color_space == JCS_CMYK;
  std::vector<uint8_t> row(inks ? 4 * static_cast<size_t>(info.output_width)
                                : 0);
  const size_t stride =
      static_cast<size_t>(reader->image.width) * reader->image.channels;
  const bool finished = Run(reader, [&](jpeg_decompress_struct* d) {
    while (d->output_scanline < d->output_height) {
      uint8_t* to = &reader->image.data[d->output_scanline * stride];
      JSAMPROW rows[1] = {inks ? row.data() : to};
      jpeg_read_scanlines(d, rows, 1);
      if (inks) FromInks(row.data(), to, reader->image.width);
    }
    jpeg_finish_decompress(d);
  });
  if (finished) return;
  // Leave `row` by the normal way before the caller throws.
  reader->failure.manager.num_warnings = -1;
}

[[noreturn]] void ThrowDamaged(const std::string& name, const char* why) {
  throw Error(ErrorCode::kInvalidInput, Location{.file = name},
              "the JPEG data are damaged ({}); copy the file again", why);
}

void Begin(Reader* reader, std::string_view bytes, const std::string& name,
           const DecodeOptions& options) {
  const bool opened = Run(reader, [&](jpeg_decompress_struct* info) {
    jpeg_create_decompress(info);
    jpeg_mem_src(info, reinterpret_cast<const unsigned char*>(bytes.data()),
                 bytes.size());
    jpeg_save_markers(info, JPEG_APP0 + 1, 0xFFFF);
    jpeg_save_markers(info, JPEG_APP0 + 2, 0xFFFF);
    jpeg_read_header(info, TRUE);
  });
  if (!opened) ThrowDamaged(name, reader->failure.message);
  RequireAllowedSize(reader->info.image_width, reader->info.image_height, name,
                     options);
  reader->stored_width = static_cast<int>(reader->info.image_width);
  reader->stored_height = static_cast<int>(reader->info.image_height);
  ReadMarkers(reader);
  JOCTET* profile = nullptr;
  unsigned profile_size = 0;
  const bool started = Run(reader, [&](jpeg_decompress_struct* info) {
    const long warnings = info->err->num_warnings;
    jpeg_read_icc_profile(info, &profile, &profile_size);
    // The picture itself can be whole.
    reader->is_profile_damaged = info->err->num_warnings != warnings;
    info->err->num_warnings = warnings;
    switch (info->jpeg_color_space) {
      case JCS_GRAYSCALE:
        info->out_color_space = JCS_GRAYSCALE;
        break;
      case JCS_CMYK:
      case JCS_YCCK:
        info->out_color_space = JCS_CMYK;
        break;
      default:
        info->out_color_space = JCS_RGB;
    }
    info->scale_num = 1;
    info->scale_denom = Reduction(*info, options.least_side);
    jpeg_start_decompress(info);
  });
  if (profile != nullptr) {
    reader->profile.assign(reinterpret_cast<const char*>(profile),
                           profile_size);
    std::free(profile);
  }
  if (!started) ThrowDamaged(name, reader->failure.message);
}

// Gives the library's memory back on every way out.
struct Destroy {
  Reader* reader;
  ~Destroy() { jpeg_destroy_decompress(&reader->info); }
};

}  // namespace

DecodedImage DecodeJpeg(std::string_view bytes, const std::string& name,
                        const DecodeOptions& options) {
  Reader reader;
  reader.info.err = jpeg_std_error(&reader.failure.manager);
  reader.failure.manager.error_exit = &OnError;
  reader.failure.manager.emit_message = &OnMessage;
  const Destroy destroy{&reader};
  Begin(&reader, bytes, name, options);
  const int channels = reader.info.out_color_space == JCS_GRAYSCALE ? 1 : 3;
  reader.image =
      MakeImage(static_cast<int>(reader.info.output_width),
                static_cast<int>(reader.info.output_height), channels, 1);
  ReadRows(&reader);
  if (reader.failure.manager.num_warnings != 0) {
    ThrowDamaged(name, reader.failure.message);
  }
  DecodedImage decoded;
  decoded.format = ImageFormat::kJpeg;
  decoded.stored_width = reader.stored_width;
  decoded.stored_height = reader.stored_height;
  if (reader.info.out_color_space == JCS_CMYK) {
    decoded.notes.emplace_back(
        "its four inks were turned into red, green and "
        "blue without a profile");
  } else {
    ConvertToSrgb(reader.profile, &reader.image, &decoded.notes);
    if (reader.is_profile_damaged) {
      decoded.notes.emplace_back(
          "its colour profile is damaged and was not used");
    }
  }
  ExifFacts exif;
  if (!reader.exif.empty()) exif = ReadExif(reader.exif);
  decoded.facts = std::move(exif.facts);
  decoded.image = Upright(std::move(reader.image), exif.orientation);
  return decoded;
}

}  // namespace plumbline
