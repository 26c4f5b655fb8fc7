#include "plumbline/image/dicom/dicom_pixels.h"

#include <cmath>
#include <cstring>
#include <utility>

#include "plumbline/base/error.h"
#include "plumbline/image/codecs/colour_profile.h"
#include "plumbline/image/dicom/colour.h"
#include "plumbline/image/dicom/facts.h"
#include "plumbline/image/dicom/frames.h"
#include "plumbline/image/dicom/grey.h"
#include "plumbline/image/dicom/pixel_header.h"
#include "plumbline/image/dicom/sample_type.h"

namespace plumbline {
namespace {

template <typename T>
int64_t SampleAs(const std::vector<uint8_t>& data, size_t i) {
  T sample;
  std::memcpy(&sample, &data[i * sizeof(T)], sizeof(T));
  return sample;
}

bool IsGrey(const DicomPixels& pixels) {
  return pixels.photometric.starts_with("MONOCHROME");
}

DicomPixels ReadPixels(const DicomFile& file, const DecodeOptions& options) {
  std::vector<std::string> notes = file.container().notes;
  const PixelHeader header = ReadPixelHeader(file, options, &notes);
  DicomPixels pixels = ReadFrame(file, header, options.frame);
  notes.insert(notes.end(), pixels.notes.begin(), pixels.notes.end());
  pixels.notes = std::move(notes);
  return pixels;
}

// PS3.3, C.11.15.
std::string_view ProfileOf(const DicomFile& file) {
  return file.root().Bytes(DCM_ICCProfile);
}

}  // namespace

int64_t DicomPixels::Sample(size_t i) const {
  switch (bytes_per_sample) {
    case 1:
      return is_signed ? SampleAs<int8_t>(data, i) : data[i];
    case 2:
      return is_signed ? SampleAs<int16_t>(data, i)
                       : SampleAs<uint16_t>(data, i);
    default:
      return is_signed ? SampleAs<int32_t>(data, i)
                       : SampleAs<uint32_t>(data, i);
  }
}

DicomPixels ReadDicomPixels(std::string_view bytes, const std::string& name,
                            const DecodeOptions& options) {
  return ReadPixels(DicomFile(bytes, name, options.max_pixels), options);
}

ModalityImage ReadModalityValues(std::string_view bytes,
                                 const std::string& name,
                                 const DecodeOptions& options) {
  const DicomFile file(bytes, name, options.max_pixels);
  DicomPixels pixels = ReadPixels(file, options);
  if (!IsGrey(pixels)) {
    throw Error(ErrorCode::kUsage, Location{.file = name},
                "is {}: only grey pictures have values in modality units",
                pixels.photometric);
  }
  ModalityImage out;
  out.width = pixels.width;
  out.height = pixels.height;
  out.notes = std::move(pixels.notes);
  const ModalityTransform modality =
      ReadModality(file, options.frame, pixels.is_signed, &out.notes);
  out.unit = modality.unit;
  out.values.resize(pixels.samples());
  WithSamples(pixels, [&](const auto samples) {
    for (size_t i = 0; i < samples.size(); ++i) {
      out.values[i] = static_cast<float>(modality.At(samples[i]));
    }
  });
  return out;
}

DecodedImage DecodeDicom(std::string_view bytes, const std::string& name,
                         const DecodeOptions& options) {
  const DicomFile file(bytes, name, options.max_pixels);
  DicomPixels pixels = ReadPixels(file, options);
  DecodedImage decoded;
  decoded.format = ImageFormat::kDicom;
  decoded.stored_width = pixels.width;
  decoded.stored_height = pixels.height;
  decoded.notes = std::move(pixels.notes);
  if (IsGrey(pixels)) {
    decoded.image = ToGreyImage(file, pixels, options, &decoded.notes);
  } else {
    decoded.image = ToColourImage(file, pixels, &decoded.notes);
    const std::string_view profile = ProfileOf(file);
    if (!profile.empty()) {
      ConvertToSrgb(profile, &decoded.image, &decoded.notes);
    }
  }
  decoded.facts = DicomFacts(file, options.frame);
  return decoded;
}

}  // namespace plumbline
