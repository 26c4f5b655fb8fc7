#include "plumbline/image/dicom/frames.h"

#include <algorithm>
#include <cstring>
#include <span>
#include <type_traits>

#include "plumbline/base/error.h"
#include "plumbline/image/dicom/jpeg_header.h"

namespace plumbline {
namespace {

constexpr std::string_view kRle = "1.2.840.10008.1.2.5";
constexpr std::string_view kDeflatedFrames = "1.2.840.10008.1.2.8.1";

bool IsJpeg2000(std::string_view uid) {
  return uid == "1.2.840.10008.1.2.4.90" || uid == "1.2.840.10008.1.2.4.91";
}

// The first bytes of a compressed picture: JPEG, JPEG-LS or JPEG 2000, bare or
// in a JP2 box.
bool BeginsPicture(std::string_view fragment) {
  return fragment.starts_with("\xff\xd8\xff") ||
         fragment.starts_with("\xff\x4f\xff\x51") ||
         (fragment.size() >= 8 && fragment.substr(4, 4) == "jP  ");
}

// The index of each frame's first fragment, or nothing if it cannot be told.
std::vector<size_t> FrameStarts(const DicomContainer& container, int frames) {
  const size_t count = container.fragments();
  std::vector<size_t> starts;
  if (frames == 1) return {0};
  if (count == static_cast<size_t>(frames)) {
    for (size_t i = 0; i < count; ++i) starts.push_back(i);
    return starts;
  }
  const std::string_view table = container.offset_table();
  if (table.size() == 4 * static_cast<size_t>(frames)) {
    size_t next = 0;
    for (size_t i = 0; i < count && next < table.size() / 4; ++i) {
      uint32_t offset = 0;
      for (size_t b = 4; b-- > 0;) {
        offset = offset << 8 | static_cast<uint8_t>(table[4 * next + b]);
      }
      if (container.FragmentOffset(i) != offset) continue;
      starts.push_back(i);
      ++next;
    }
    if (starts.size() == static_cast<size_t>(frames)) return starts;
    starts.clear();
  }
  for (size_t i = 0; i < count; ++i) {
    if (BeginsPicture(container.fragment(i))) starts.push_back(i);
  }
  if (starts.size() != static_cast<size_t>(frames)) starts.clear();
  return starts;
}

std::string Join(const std::vector<std::string_view>& parts) {
  std::string bytes;
  for (const std::string_view part : parts) bytes += part;
  return bytes;
}

[[noreturn]] void ThrowMissing(const std::string& name, uint64_t expected,
                               uint64_t found) {
  throw Error(ErrorCode::kInvalidInput, Location{.file = name},
              "its header declares a picture of {} bytes and its pixel data "
              "hold {}: {} are missing; copy or export the file again",
              expected, found, expected - found);
}

uint8_t Bit(std::string_view bytes, size_t i) {
  return static_cast<uint8_t>(bytes[i / 8]) >> (i % 8) & 1;
}

// Bit by bit, lowest first (PS3.5, 8.1.1).
std::vector<uint8_t> UnpackBits(std::string_view bytes, size_t first,
                                size_t count) {
  std::vector<uint8_t> samples(count);
  for (size_t i = 0; i < count; ++i) samples[i] = Bit(bytes, first + i);
  return samples;
}

void SwapBytes(size_t width, std::vector<uint8_t>* data) {
  for (size_t i = 0; i + width <= data->size(); i += width) {
    std::reverse(data->begin() + static_cast<std::ptrdiff_t>(i),
                 data->begin() + static_cast<std::ptrdiff_t>(i + width));
  }
}

// Bytes of words of 16 bits in big-endian order back to the order of bytes.
std::string UnswapWords(std::string_view bytes) {
  std::string out(bytes);
  for (size_t i = 0; i + 1 < out.size(); i += 2) std::swap(out[i], out[i + 1]);
  return out;
}

// Two luma samples share a pair of colour samples: Y Y Cb Cr (PS3.3,
// C.7.6.3.1.2).
std::vector<uint8_t> ExpandYbr422(std::string_view from, size_t pixels,
                                  size_t bytes) {
  std::vector<uint8_t> out(pixels * 3 * bytes);
  for (size_t i = 0; i < pixels; ++i) {
    const size_t group = i / 2 * 4 * bytes;
    const size_t places[3] = {group + i % 2 * bytes, group + 2 * bytes,
                              group + 3 * bytes};
    for (size_t c = 0; c < 3; ++c) {
      std::memcpy(&out[(3 * i + c) * bytes], &from[places[c]], bytes);
    }
  }
  return out;
}

std::vector<uint8_t> Interleave(std::string_view from, size_t pixels,
                                size_t channels, size_t bytes) {
  std::vector<uint8_t> out(pixels * channels * bytes);
  for (size_t c = 0; c < channels; ++c) {
    for (size_t i = 0; i < pixels; ++i) {
      std::memcpy(&out[(i * channels + c) * bytes],
                  &from[(c * pixels + i) * bytes], bytes);
    }
  }
  return out;
}

std::vector<uint8_t> ReadNative(const DicomFile& file,
                                const PixelHeader& header, int frame) {
  const DicomContainer& container = file.container();
  const auto pixels = static_cast<size_t>(header.pixels());
  const auto bytes = static_cast<size_t>(header.bytes_per_sample());
  const bool is_422 = header.photometric == "YBR_FULL_422";
  const size_t samples = is_422 ? (pixels + 1) / 2 * 4
                                : pixels * static_cast<size_t>(header.channels);
  const bool is_bits = header.bits_allocated == 1;
  // At most 2^28 * 3 * 4 bytes for a frame and 2^31 frames: fits 64 bits.
  const uint64_t frames = static_cast<uint64_t>(header.frames);
  const uint64_t expected =
      is_bits ? (frames * pixels + 7) / 8 : frames * samples * bytes;
  std::string_view data = container.native();
  if (data.size() < expected) {
    ThrowMissing(file.name(), expected, data.size());
  }
  // Samples of up to 8 bits in words: PS3.5, 7.3 and 8.1.
  std::string unswapped;
  const bool in_words = container.big_endian &&
                        std::string_view(container.pixel_vr) == "OW" &&
                        bytes == 1;
  if (in_words) {
    unswapped = UnswapWords(data);
    data = unswapped;
  }
  const auto index = static_cast<size_t>(frame);
  if (is_bits) return UnpackBits(data, index * pixels, pixels);
  data = data.substr(index * samples * bytes, samples * bytes);
  std::vector<uint8_t> out;
  if (is_422) {
    out = ExpandYbr422(data, pixels, bytes);
  } else if (header.planar) {
    out = Interleave(data, pixels, static_cast<size_t>(header.channels), bytes);
  } else {
    // As bytes, so that they are moved in one go.
    const auto* begin = reinterpret_cast<const uint8_t*>(data.data());
    out.assign(begin, begin + data.size());
  }
  if (container.big_endian && bytes > 1) SwapBytes(bytes, &out);
  return out;
}

std::vector<uint8_t> ReadRle(const std::string& bytes,
                             const PixelHeader& header,
                             const std::string& name) {
  const auto pixels = static_cast<size_t>(header.pixels());
  if (header.bits_allocated != 1) {
    return DecodeRle(bytes, pixels, header.channels, header.bytes_per_sample(),
                     name);
  }
  const std::vector<uint8_t> packed =
      DecodeRle(bytes, (pixels + 7) / 8, 1, 1, name);
  return UnpackBits(
      {reinterpret_cast<const char*>(packed.data()), packed.size()}, 0, pixels);
}

std::vector<uint8_t> ReadDeflatedFrame(const std::string& bytes,
                                       const PixelHeader& header,
                                       const std::string& name) {
  const auto pixels = static_cast<size_t>(header.pixels());
  const size_t size =
      header.bits_allocated == 1
          ? (pixels + 7) / 8
          : pixels * header.channels * header.bytes_per_sample();
  const std::string raw = InflateAtMost(bytes, size, name);
  if (raw.size() < size) ThrowMissing(name, size, raw.size());
  if (header.bits_allocated == 1) return UnpackBits(raw, 0, pixels);
  if (header.planar) {
    return Interleave(raw, pixels, header.channels, header.bytes_per_sample());
  }
  return {raw.begin(), raw.end()};
}

// Streams say what they hold; a header that says otherwise would make memory be
// taken for nothing.
void RequireJpegShape(const JpegHeader& jpeg, const PixelHeader& header,
                      const std::string& name, DicomPixels* pixels) {
  if (!jpeg.found) {
    throw Error(ErrorCode::kInvalidInput, Location{.file = name},
                "its compressed pixel data hold no JPEG picture; copy or "
                "export the file again");
  }
  if (jpeg.width != header.width || jpeg.height != header.height ||
      jpeg.components != header.channels ||
      jpeg.precision > 8 * header.bytes_per_sample()) {
    throw Error(ErrorCode::kInvalidInput, Location{.file = name},
                "its header declares {} x {} pixels of {} samples and {} bits, "
                "its JPEG data {} x {} of {} and {}; correct the file's header",
                header.width, header.height, header.channels,
                header.bits_allocated, jpeg.width, jpeg.height, jpeg.components,
                jpeg.precision);
  }
  if (header.photometric != "RGB") return;
  // Many programs write RGB above a stream that they made from YCbCr.
  const bool is_ybr =
      jpeg.adobe_transform == 1 ||
      (jpeg.adobe_transform < 0 && (jpeg.has_jfif || jpeg.is_subsampled));
  if (is_ybr) {
    pixels->photometric = "YBR_FULL";
    pixels->notes.emplace_back(
        "its header says RGB, but its JPEG data are YCbCr; taken as YCbCr");
  }
}

// Of JPEG and JPEG-LS streams with at most 8 bits a sample DCMTK gives bytes,
// of others words, whatever the header allocates.
std::vector<uint8_t> ReadJpeg(const DicomFile& file, const PixelHeader& header,
                              const std::string& stream, DicomPixels* pixels) {
  const JpegHeader jpeg = ReadJpegHeader(stream);
  RequireJpegShape(jpeg, header, file.name(), pixels);
  PixelHeader coded = header;
  coded.bits_allocated = jpeg.precision <= 8 ? 8 : 16;
  coded.bits_stored = std::min(coded.bits_allocated, header.bits_stored);
  std::vector<uint8_t> data =
      DecodeByDcmtk(file, coded, WithJpegLsPresets(stream));
  const auto from = static_cast<size_t>(coded.bytes_per_sample());
  const auto to = static_cast<size_t>(header.bytes_per_sample());
  if (from == to) return data;
  std::vector<uint8_t> wide(data.size() / from * to);
  for (size_t i = 0; i < data.size() / from; ++i) {
    std::copy_n(&data[i * from], from, &wide[i * to]);
  }
  return wide;
}

// Bits above those stored (overlays, or nothing) go; signs are spread.
void CleanHighBits(DicomPixels* pixels) {
  const int width = 8 * pixels->bytes_per_sample;
  const int spare = width - pixels->bits_stored;
  if (spare == 0) return;
  const auto clean = [&]<typename T>(T /*type*/) {
    using Unsigned = std::make_unsigned_t<T>;
    const std::span<T> samples(reinterpret_cast<T*>(pixels->data.data()),
                               pixels->samples());
    for (T& sample : samples) {
      const auto shifted =
          static_cast<Unsigned>(static_cast<Unsigned>(sample) << spare);
      sample = static_cast<T>(static_cast<T>(shifted) >> spare);
    }
  };
  const bool is_signed = pixels->is_signed;
  switch (pixels->bytes_per_sample) {
    case 1:
      is_signed ? clean(int8_t{}) : clean(uint8_t{});
      break;
    case 2:
      is_signed ? clean(int16_t{}) : clean(uint16_t{});
      break;
    default:
      is_signed ? clean(int32_t{}) : clean(uint32_t{});
  }
}

void ReadCompressed(const DicomFile& file, const PixelHeader& header, int frame,
                    DicomPixels* pixels) {
  const std::string& uid = file.container().transfer_syntax;
  const auto parts = FragmentsOfFrame(file, header, frame);
  if (file.container().is_end_missing) {
    pixels->notes.emplace_back(
        "the end mark of its pixel data is missing; all frames are there");
  }
  const std::string stream = Join(parts);
  if (IsJpeg2000(uid)) {
    pixels->data = DecodeJpeg2000(stream, header, file.name());
    if (header.photometric == "YBR_RCT" || header.photometric == "YBR_ICT") {
      pixels->photometric = "RGB";
    }
  } else if (uid == kRle) {
    pixels->data = ReadRle(stream, header, file.name());
  } else if (uid == kDeflatedFrames) {
    pixels->data = ReadDeflatedFrame(stream, header, file.name());
  } else {
    pixels->data = ReadJpeg(file, header, stream, pixels);
  }
  if (pixels->photometric == "YBR_FULL_422") pixels->photometric = "YBR_FULL";
}

}  // namespace

std::vector<std::string_view> FragmentsOfFrame(const DicomFile& file,
                                               const PixelHeader& header,
                                               int frame) {
  const DicomContainer& container = file.container();
  const size_t count = container.fragments();
  if (container.is_end_missing && count != static_cast<size_t>(header.frames)) {
    throw Error(ErrorCode::kInvalidInput, Location{.file = file.name()},
                "the compressed pixel data are cut off behind fragment {}; "
                "copy the file again",
                count);
  }
  const std::vector<size_t> starts = FrameStarts(container, header.frames);
  if (starts.empty() || count == 0) {
    throw Error(ErrorCode::kInvalidInput, Location{.file = file.name()},
                "declares {} frames, but its compressed pixel data have {} "
                "fragments and nothing says which belong to which frame; copy "
                "or export the file again",
                header.frames, count);
  }
  const auto index = static_cast<size_t>(frame);
  const size_t end = index + 1 < starts.size() ? starts[index + 1] : count;
  std::vector<std::string_view> parts;
  for (size_t i = starts[index]; i < end; ++i) {
    parts.push_back(container.fragment(i));
  }
  return parts;
}

DicomPixels ReadFrame(const DicomFile& file, const PixelHeader& header,
                      int frame) {
  DicomPixels pixels;
  pixels.width = header.width;
  pixels.height = header.height;
  pixels.channels = header.channels;
  pixels.bytes_per_sample = header.bytes_per_sample();
  pixels.bits_stored = header.bits_stored;
  pixels.is_signed = header.is_signed;
  pixels.photometric = header.photometric;
  if (file.container().encapsulated) {
    ReadCompressed(file, header, frame, &pixels);
  } else {
    pixels.data = ReadNative(file, header, frame);
    if (header.photometric == "YBR_FULL_422") pixels.photometric = "YBR_FULL";
  }
  CleanHighBits(&pixels);
  return pixels;
}

}  // namespace plumbline
