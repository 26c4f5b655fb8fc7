#include "plumbline/image/decode.h"

#include "plumbline/base/error.h"
#include "plumbline/base/on_demand.h"

namespace plumbline {
namespace {

bool BeginsWith(std::string_view bytes, std::string_view start,
                size_t offset = 0) {
  return bytes.size() >= offset + start.size() &&
         bytes.substr(offset, start.size()) == start;
}

// ISO base media file: a box "ftyp" whose brands name HEVC or AV1 pictures.
bool IsHeic(std::string_view bytes) {
  if (!BeginsWith(bytes, "ftyp", 4)) return false;
  for (const char* brand : {"heic", "heix", "hevc", "hevx", "heim", "heis",
                            "mif1", "msf1", "avif"}) {
    if (BeginsWith(bytes, brand, 8)) return true;
  }
  return false;
}

// Without the 128 bytes in front, a file begins with an element of group 2 or
// 8, little or big endian, whose element number is small.
bool IsBareDicom(std::string_view bytes) {
  if (bytes.size() < 8) return false;
  const auto at = [&](int i) { return static_cast<uint8_t>(bytes[i]); };
  const bool little = (at(0) == 2 || at(0) == 8) && at(1) == 0 && at(3) == 0;
  const bool big = at(0) == 0 && at(1) == 8 && at(2) == 0;
  return little || big;
}

const ImageService& Service(const std::string& part,
                            const std::string& what_to_do) {
  return *static_cast<const ImageService*>(
      LoadOnDemand(part, what_to_do).service);
}

const ImageService& ImagesService() {
  return Service("images",
                 "run scripts/setup.sh and build plumbline again with "
                 "-DPLUMBLINE_CODECS=ON, or give a file that `plumbline pack` "
                 "made elsewhere, which needs no decoding");
}

}  // namespace

const char* NameOf(ImageFormat format) {
  switch (format) {
    case ImageFormat::kDicom:
      return "DICOM";
    case ImageFormat::kJpeg:
      return "JPEG";
    case ImageFormat::kPng:
      return "PNG";
    case ImageFormat::kTiff:
      return "TIFF";
    case ImageFormat::kHeic:
      return "HEIC";
    case ImageFormat::kUnknown:
      break;
  }
  return "unknown";
}

ImageFormat SniffFormat(std::string_view bytes) {
  using namespace std::string_view_literals;
  if (BeginsWith(bytes, "DICM", 128)) return ImageFormat::kDicom;
  if (BeginsWith(bytes, "\xff\xd8\xff")) return ImageFormat::kJpeg;
  if (BeginsWith(bytes, "\x89PNG\r\n\x1a\n")) return ImageFormat::kPng;
  if (BeginsWith(bytes, "II*\0"sv) || BeginsWith(bytes, "MM\0*"sv)) {
    return ImageFormat::kTiff;
  }
  if (IsHeic(bytes)) return ImageFormat::kHeic;
  if (IsBareDicom(bytes)) return ImageFormat::kDicom;
  return ImageFormat::kUnknown;
}

const std::vector<std::string>& AllImageFacts() {
  static const std::vector<std::string> kNames = {"manufacturer",
                                                  "model",
                                                  "modality",
                                                  "view",
                                                  "laterality",
                                                  "body_part",
                                                  "kvp",
                                                  "exposure",
                                                  "exposure_time",
                                                  "tube_current",
                                                  "exposure_index",
                                                  "spacing",
                                                  "slice_thickness",
                                                  "photometric",
                                                  "transfer_syntax",
                                                  "bits_stored",
                                                  "burned_in",
                                                  "year",
                                                  "header_sex",
                                                  "header_age",
                                                  "orientation",
                                                  "iso",
                                                  "f_number"};
  return kNames;
}

DecodedImage DecodeImage(std::string_view bytes, const std::string& name,
                         const DecodeOptions& options) {
  if (bytes.empty()) {
    throw Error(ErrorCode::kInvalidInput, Location{.file = name},
                "the file is empty");
  }
  switch (SniffFormat(bytes)) {
    case ImageFormat::kUnknown:
      throw Error(ErrorCode::kInvalidInput, Location{.file = name},
                  "is no image that can be read: expected DICOM, JPEG, PNG, "
                  "TIFF or HEIC");
    case ImageFormat::kHeic:
      return Service("heic", "install libheif-dev and build plumbline again")
          .decode(bytes, name, options);
    default:
      return ImagesService().decode(bytes, name, options);
  }
}

std::string EncodePng(const Image& image, int effort) {
  return ImagesService().encode_png(image, effort);
}

}  // namespace plumbline
