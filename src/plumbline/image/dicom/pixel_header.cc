#include "plumbline/image/dicom/pixel_header.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "plumbline/base/error.h"
#include "plumbline/image/codecs/codecs.h"

namespace plumbline {
namespace {

int Required(const DicomFile& file, const DcmTagKey& tag, const char* what) {
  const auto value = file.root().Integer(tag);
  if (!value || *value < 0 || *value > 65535) {
    throw Error(ErrorCode::kInvalidInput, Location{.file = file.name()},
                "gives no {}, without which its pixels cannot be read; export "
                "the file again",
                what);
  }
  return static_cast<int>(*value);
}

// 1 or 3 samples for each pixel, as the photometric interpretation has it.
void ReadPhotometric(const DicomFile& file, PixelHeader* header) {
  constexpr std::array<std::string_view, 3> kOne = {
      "MONOCHROME1", "MONOCHROME2", "PALETTE COLOR"};
  constexpr std::array<std::string_view, 5> kThree = {
      "RGB", "YBR_FULL", "YBR_FULL_422", "YBR_RCT", "YBR_ICT"};
  const auto is_one_of = [&](const auto& names) {
    return std::find(names.begin(), names.end(), header->photometric) !=
           names.end();
  };
  header->photometric = file.root().Text(DCM_PhotometricInterpretation);
  const bool one = is_one_of(kOne);
  if (!one && !is_one_of(kThree)) {
    throw Error(ErrorCode::kInvalidInput, Location{.file = file.name()},
                "has the photometric interpretation \"{}\", which is not read; "
                "expected MONOCHROME1, MONOCHROME2, PALETTE COLOR, RGB, "
                "YBR_FULL, YBR_FULL_422, YBR_RCT or YBR_ICT",
                header->photometric);
  }
  header->channels = one ? 1 : 3;
  const auto samples = file.root().Integer(DCM_SamplesPerPixel);
  if (samples.value_or(header->channels) != header->channels) {
    throw Error(ErrorCode::kInvalidInput, Location{.file = file.name()},
                "is {} but declares {} samples per pixel instead of {}; "
                "correct the file's header",
                header->photometric, *samples, header->channels);
  }
}

void ReadBits(const DicomFile& file, PixelHeader* header,
              std::vector<std::string>* notes) {
  header->bits_allocated = Required(file, DCM_BitsAllocated, "bits allocated");
  constexpr std::array<int, 4> kAllowed = {1, 8, 16, 32};
  if (std::find(kAllowed.begin(), kAllowed.end(), header->bits_allocated) ==
      kAllowed.end()) {
    throw Error(ErrorCode::kInvalidInput, Location{.file = file.name()},
                "allocates {} bits for a sample; 1, 8, 16 and 32 are read",
                header->bits_allocated);
  }
  header->bits_stored = static_cast<int>(
      file.root().Integer(DCM_BitsStored).value_or(header->bits_allocated));
  if (header->bits_stored < 1 || header->bits_stored > header->bits_allocated) {
    throw Error(ErrorCode::kInvalidInput, Location{.file = file.name()},
                "stores {} bits of a sample in {}; correct the file's header",
                header->bits_stored, header->bits_allocated);
  }
  const int64_t high =
      file.root().Integer(DCM_HighBit).value_or(header->bits_stored - 1);
  if (high != header->bits_stored - 1) {
    notes->push_back("its high bit is " + std::to_string(high) + " with " +
                     std::to_string(header->bits_stored) +
                     " bits stored; taken as " +
                     std::to_string(header->bits_stored - 1));
  }
  header->is_signed =
      file.root().Integer(DCM_PixelRepresentation).value_or(0) == 1 &&
      header->bits_allocated > 1;
  if (header->bits_allocated == 1 && header->channels != 1) {
    throw Error(ErrorCode::kInvalidInput, Location{.file = file.name()},
                "has {} samples of 1 bit per pixel; only grey pictures of 1 "
                "bit are read",
                header->channels);
  }
}

}  // namespace

PixelHeader ReadPixelHeader(const DicomFile& file, const DecodeOptions& options,
                            std::vector<std::string>* notes) {
  if (!file.container().has_pixels) {
    const bool is_float = file.root().Has(DCM_FloatPixelData) ||
                          file.root().Has(DCM_DoubleFloatPixelData);
    throw Error(ErrorCode::kInvalidInput, Location{.file = file.name()},
                "holds no pixel data{}",
                is_float ? " but floating-point ones, which are not read"
                         : ": it is a DICOM file without a picture");
  }
  PixelHeader header;
  header.height = Required(file, DCM_Rows, "number of rows");
  header.width = Required(file, DCM_Columns, "number of columns");
  RequireAllowedSize(header.width, header.height, file.name(), options);
  ReadPhotometric(file, &header);
  ReadBits(file, &header, notes);
  header.planar = header.channels > 1 &&
                  file.root().Integer(DCM_PlanarConfiguration).value_or(0) == 1;
  if (file.root().Has(DCM_NumberOfFrames)) {
    const auto frames = file.root().Integer(DCM_NumberOfFrames);
    if (!frames || *frames < 0 || *frames > 0x7fffffff) {
      throw Error(ErrorCode::kInvalidInput, Location{.file = file.name()},
                  "gives \"{}\" as its number of frames; correct the file's "
                  "header",
                  file.root().Text(DCM_NumberOfFrames));
    }
    // 0 is written by some cameras for a single picture.
    header.frames = std::max(1, static_cast<int>(*frames));
  }
  if (options.frame < 0 || options.frame >= header.frames) {
    throw Error(ErrorCode::kUsage, Location{.file = file.name()},
                "has no frame {}: it has {}, counted from 0", options.frame,
                header.frames);
  }
  return header;
}

}  // namespace plumbline
