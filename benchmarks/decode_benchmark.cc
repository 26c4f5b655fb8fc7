// Decoding of 1024 x 1024 pictures from memory: DecodeImage beside the library
// that it uses, called as its manual says. Items are pictures.
#include <benchmark/benchmark.h>
#include <spng.h>

#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

// After <cstdio>, which it needs.
#include <jpeglib.h>

#include "plumbline/cohort/phantom/draw_phantom.h"
#include "plumbline/image/decode.h"
#include "plumbline/image/dicom/test_dicom.h"
#include "plumbline/image/orientation.h"

#include "dcmtk/config/osconfig.h"
#include "dcmtk/dcmdata/dcistrmb.h"
#include "dcmtk/dcmdata/dctk.h"
#include "dcmtk/dcmimgle/dcmimage.h"

namespace plumbline {
namespace {

constexpr int kSide = 1024;

// Four phantoms of half the side.
Image Picture(PhantomKind kind) {
  PhantomOptions options;
  options.kind = kind;
  options.side = kSide / 2;
  options.subjects = 40;
  const PhantomPlan plan = MakePhantomPlan(options);
  Image picture =
      MakeImage(kSide, kSide, kind == PhantomKind::kSkin ? 3 : 1, 1);
  const size_t row = size_t{kSide} / 2 * picture.channels;
  for (int part = 0; part < 4; ++part) {
    const Image tile = DrawPhantom(plan, part);
    for (int y = 0; y < kSide / 2; ++y) {
      const size_t to = (part / 2 * kSide / 2 + y) * 2 * row + part % 2 * row;
      std::copy_n(&tile.data[y * row], row, &picture.data[to]);
    }
  }
  return picture;
}

const Image& Grey() {
  static const Image picture = Picture(PhantomKind::kChest);
  return picture;
}

const Image& Colour() {
  static const Image picture = Picture(PhantomKind::kSkin);
  return picture;
}

// 16 bits whose lower half is not that of a multiplication.
Image Grey16() {
  Image wide = ToUint16(Grey());
  uint32_t state = 1;
  for (uint16_t& sample : wide.samples16()) {
    state = state * 1664525u + 1013904223u;
    sample = static_cast<uint16_t>((sample & 0xff00) | (state >> 24 & 0x3f));
  }
  return wide;
}

std::string EncodeJpeg(const Image& image) {
  jpeg_compress_struct info{};
  jpeg_error_mgr errors;
  info.err = jpeg_std_error(&errors);
  jpeg_create_compress(&info);
  unsigned char* bytes = nullptr;
  unsigned long size = 0;
  jpeg_mem_dest(&info, &bytes, &size);
  info.image_width = static_cast<JDIMENSION>(image.width);
  info.image_height = static_cast<JDIMENSION>(image.height);
  info.input_components = image.channels;
  info.in_color_space = image.channels == 1 ? JCS_GRAYSCALE : JCS_RGB;
  jpeg_set_defaults(&info);
  jpeg_set_quality(&info, 90, TRUE);
  jpeg_start_compress(&info, TRUE);
  const size_t stride = static_cast<size_t>(image.width) * image.channels;
  while (info.next_scanline < info.image_height) {
    auto* row = const_cast<JSAMPLE*>(&image.data[info.next_scanline * stride]);
    jpeg_write_scanlines(&info, &row, 1);
  }
  jpeg_finish_compress(&info);
  jpeg_destroy_compress(&info);
  std::string jpeg(reinterpret_cast<char*>(bytes), size);
  std::free(bytes);
  return jpeg;
}

std::string EncodeDicom() {
  std::vector<int> samples;
  const Image picture = Grey16();
  for (const uint16_t sample : picture.samples16()) {
    samples.push_back(sample >> 4);
  }
  TestDicom file(kSide, kSide, samples);
  file.Bits(16, 12);
  file.Set(0x00280103, "US", Words16({0}));
  return file.Bytes();
}

const std::string& JpegGrey() {
  static const std::string bytes = EncodeJpeg(Grey());
  return bytes;
}
const std::string& JpegColour() {
  static const std::string bytes = EncodeJpeg(Colour());
  return bytes;
}
const std::string& PngColour() {
  static const std::string bytes = EncodePng(Colour());
  return bytes;
}
const std::string& PngGrey16() {
  static const std::string bytes = EncodePng(Grey16());
  return bytes;
}
const std::string& Dicom() {
  static const std::string bytes = EncodeDicom();
  return bytes;
}

using File = const std::string& (*)();

void Ours(benchmark::State& state, File file) {
  const std::string& bytes = file();
  DecodeImage(bytes, "a");  // loads the part
  for (auto _ : state) {
    benchmark::DoNotOptimize(DecodeImage(bytes, "a"));
  }
  state.SetItemsProcessed(state.iterations());
}

void BareJpeg(benchmark::State& state, File file) {
  const std::string& bytes = file();
  for (auto _ : state) {
    jpeg_decompress_struct info{};
    jpeg_error_mgr errors;
    info.err = jpeg_std_error(&errors);
    jpeg_create_decompress(&info);
    jpeg_mem_src(&info, reinterpret_cast<const unsigned char*>(bytes.data()),
                 bytes.size());
    jpeg_read_header(&info, TRUE);
    jpeg_start_decompress(&info);
    const size_t stride =
        static_cast<size_t>(info.output_width) * info.output_components;
    std::vector<uint8_t> pixels(stride * info.output_height);
    while (info.output_scanline < info.output_height) {
      JSAMPROW row = &pixels[info.output_scanline * stride];
      jpeg_read_scanlines(&info, &row, 1);
    }
    jpeg_finish_decompress(&info);
    jpeg_destroy_decompress(&info);
    benchmark::DoNotOptimize(pixels.data());
  }
  state.SetItemsProcessed(state.iterations());
}

void BarePng(benchmark::State& state, File file, int format) {
  const std::string& bytes = file();
  for (auto _ : state) {
    spng_ctx* context = spng_ctx_new(0);
    spng_set_png_buffer(context, bytes.data(), bytes.size());
    size_t size = 0;
    spng_decoded_image_size(context, format, &size);
    std::vector<uint8_t> pixels(size);
    spng_decode_image(context, pixels.data(), size, format, 0);
    spng_ctx_free(context);
    benchmark::DoNotOptimize(pixels.data());
  }
  state.SetItemsProcessed(state.iterations());
}

void Parse(const std::string& bytes, DcmFileFormat* file) {
  DcmInputBufferStream stream;
  stream.setBuffer(bytes.data(), static_cast<offile_off_t>(bytes.size()));
  stream.setEos();
  file->transferInit();
  file->read(stream);
  file->transferEnd();
}

// The stored samples alone: not yet a picture.
void BareDcmtkSamples(benchmark::State& state) {
  const std::string& bytes = Dicom();
  for (auto _ : state) {
    DcmFileFormat file;
    Parse(bytes, &file);
    const Uint16* samples = nullptr;
    unsigned long count = 0;
    file.getDataset()->findAndGetUint16Array(DCM_PixelData, samples, &count);
    std::vector<uint16_t> pixels(samples, samples + count);
    benchmark::DoNotOptimize(pixels.data());
  }
  state.SetItemsProcessed(state.iterations());
}

// The picture, as DCMTK draws it: all values from black to white.
void BareDcmtkPicture(benchmark::State& state) {
  const std::string& bytes = Dicom();
  for (auto _ : state) {
    DcmFileFormat file;
    Parse(bytes, &file);
    DicomImage image(&file, file.getDataset()->getOriginalXfer());
    image.setMinMaxWindow();
    std::vector<uint16_t> pixels(size_t{kSide} * kSide);
    image.getOutputData(pixels.data(), pixels.size() * 2, 16);
    benchmark::DoNotOptimize(pixels.data());
  }
  state.SetItemsProcessed(state.iterations());
}

// A photo that the camera stored lying on its side.
void UprightColour(benchmark::State& state) {
  const Image& picture = Colour();
  for (auto _ : state) benchmark::DoNotOptimize(Upright(picture, 6));
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(UprightColour)->Unit(benchmark::kMicrosecond);

#define PLUMBLINE_PAIR(what, file, bare, ...)  \
  BENCHMARK_CAPTURE(bare, what, ##__VA_ARGS__) \
      ->Unit(benchmark::kMicrosecond)          \
      ->ThreadRange(1, 2)                      \
      ->UseRealTime();                         \
  BENCHMARK_CAPTURE(Ours, what, file)          \
      ->Unit(benchmark::kMicrosecond)          \
      ->ThreadRange(1, 2)                      \
      ->UseRealTime()

PLUMBLINE_PAIR(jpeg_grey, &JpegGrey, BareJpeg, &JpegGrey);
PLUMBLINE_PAIR(jpeg_colour, &JpegColour, BareJpeg, &JpegColour);
PLUMBLINE_PAIR(png_colour, &PngColour, BarePng, &PngColour, SPNG_FMT_RGB8);
PLUMBLINE_PAIR(png_grey16, &PngGrey16, BarePng, &PngGrey16, SPNG_FMT_PNG);
BENCHMARK(BareDcmtkSamples)->Unit(benchmark::kMicrosecond)->UseRealTime();
BENCHMARK(BareDcmtkPicture)
    ->Unit(benchmark::kMicrosecond)
    ->ThreadRange(1, 2)
    ->UseRealTime();
BENCHMARK_CAPTURE(Ours, dicom, &Dicom)
    ->Unit(benchmark::kMicrosecond)
    ->ThreadRange(1, 2)
    ->UseRealTime();

}  // namespace
}  // namespace plumbline
