// Any bytes are a DICOM picture of at most 2^18 pixels or an Error. What is
// decoded has the size it says, is the same when it is decoded again, and the
// stored pixels, the modality values and the picture agree in size.
#include <cstdlib>
#include <string>
#include <string_view>

#include "plumbline/base/error.h"
#include "plumbline/image/dicom/ct_series.h"
#include "plumbline/image/dicom/dicom_pixels.h"

namespace {

using plumbline::DecodeOptions;
using plumbline::Error;

void Require(bool holds) {
  if (!holds) std::abort();
}

void RequireExpected(const Error& error) {
  Require(error.code() == plumbline::ErrorCode::kInvalidInput ||
          error.code() == plumbline::ErrorCode::kUsage);
}

void DecodeAll(std::string_view bytes, const DecodeOptions& options) {
  const plumbline::DicomPixels pixels =
      plumbline::ReadDicomPixels(bytes, "input", options);
  Require(pixels.data.size() ==
          pixels.samples() * static_cast<size_t>(pixels.bytes_per_sample));
  if (pixels.photometric.starts_with("MONOCHROME")) {
    Require(
        plumbline::ReadModalityValues(bytes, "input", options).values.size() ==
        pixels.samples());
  }
  const plumbline::DecodedImage decoded =
      plumbline::DecodeDicom(bytes, "input", options);
  const plumbline::Image& image = decoded.image;
  Require(image.width == pixels.width && image.height == pixels.height);
  Require(image.data.size() ==
          image.samples() * static_cast<size_t>(image.bytes_per_sample));
  Require(plumbline::DecodeDicom(bytes, "input", options).image.data ==
          image.data);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  DecodeOptions options;
  options.max_pixels = 1 << 18;
  // The last byte chooses: it lies behind the pixels or is one of them.
  const uint8_t choice = size == 0 ? 0 : data[size - 1];
  const char* const kWindows[] = {"default", "minmax", "none", "40,400"};
  options.window = kWindows[choice % 4];
  options.frame = choice / 4 % 3 == 2 ? 1 : 0;
  try {
    DecodeAll(bytes, options);
  } catch (const Error& error) {
    RequireExpected(error);
  }
  const plumbline::NamedBytes files[] = {{"input", bytes}};
  const plumbline::CtStudy study = plumbline::GroupCtSlices(files);
  for (const plumbline::CtSeries& series : study.series) {
    try {
      plumbline::ReadCtVolume(series, files, options);
    } catch (const Error& error) {
      RequireExpected(error);
    }
  }
  return 0;
}
