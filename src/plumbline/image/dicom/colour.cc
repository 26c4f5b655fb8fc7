#include "plumbline/image/dicom/colour.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>

#include "plumbline/base/error.h"
#include "plumbline/image/dicom/lookup_table.h"

namespace plumbline {
namespace {

void Put(double value, size_t i, Image* image) {
  const double white = image->bytes_per_sample == 2 ? 65535 : 255;
  const auto sample =
      static_cast<uint16_t>(std::lround(std::clamp(value, 0.0, 1.0) * white));
  if (image->bytes_per_sample == 1) {
    image->data[i] = static_cast<uint8_t>(sample);
  } else {
    std::memcpy(&image->data[2 * i], &sample, 2);
  }
}

Image FromRgb(const DicomPixels& pixels, Image image) {
  if (pixels.bits_stored == 8 && image.bytes_per_sample == 1) {
    image.data = pixels.data;
    return image;
  }
  const double most = std::exp2(pixels.bits_stored) - 1;
  for (size_t i = 0; i < pixels.samples(); ++i) {
    Put(static_cast<double>(pixels.Sample(i)) / most, i, &image);
  }
  return image;
}

// PS3.3, C.7.6.3.1.2: ITU-R BT.601 over the full range of the bits.
Image FromYbr(const DicomPixels& pixels, Image image) {
  const double most = std::exp2(pixels.bits_stored) - 1;
  const double middle = std::exp2(pixels.bits_stored - 1);
  for (size_t i = 0; i < pixels.samples(); i += 3) {
    const auto y = static_cast<double>(pixels.Sample(i));
    const double cb = static_cast<double>(pixels.Sample(i + 1)) - middle;
    const double cr = static_cast<double>(pixels.Sample(i + 2)) - middle;
    Put((y + 1.402 * cr) / most, i, &image);
    Put((y - 0.344136 * cb - 0.714136 * cr) / most, i + 1, &image);
    Put((y + 1.772 * cb) / most, i + 2, &image);
  }
  return image;
}

Image FromPalette(const DicomFile& file, const DicomPixels& pixels,
                  Image image) {
  const std::array<std::pair<DcmTagKey, DcmTagKey>, 3> tables = {
      {{DCM_RedPaletteColorLookupTableDescriptor,
        DCM_RedPaletteColorLookupTableData},
       {DCM_GreenPaletteColorLookupTableDescriptor,
        DCM_GreenPaletteColorLookupTableData},
       {DCM_BluePaletteColorLookupTableDescriptor,
        DCM_BluePaletteColorLookupTableData}}};
  for (size_t c = 0; c < tables.size(); ++c) {
    const auto& [descriptor, data] = tables[c];
    const auto table = file.root().Has(data)
                           ? ReadLookupTable(file.root(), descriptor, data,
                                             pixels.is_signed, file.name())
                           : std::nullopt;
    if (!table) {
      throw Error(ErrorCode::kInvalidInput, Location{.file = file.name()},
                  "is PALETTE COLOR and has no {} palette{}; export the file "
                  "again",
                  c == 0   ? "red"
                  : c == 1 ? "green"
                           : "blue",
                  file.root().Has(DCM_SegmentedRedPaletteColorLookupTableData)
                      ? " but a segmented one, which is not read"
                      : "");
    }
    // The eight bits that count: of tables of 16 bits the high byte.
    const int shift = std::max(0, table->bits - 8);
    for (size_t i = 0; i < pixels.samples(); ++i) {
      image.data[3 * i + c] =
          static_cast<uint8_t>(table->At(pixels.Sample(i)) >> shift);
    }
  }
  return image;
}

}  // namespace

Image ToColourImage(const DicomFile& file, const DicomPixels& pixels,
                    std::vector<std::string>* notes) {
  const bool palette = pixels.photometric == "PALETTE COLOR";
  if (pixels.is_signed && !palette) {
    throw Error(ErrorCode::kInvalidInput, Location{.file = file.name()},
                "has colours with a sign, which no colour space has; correct "
                "the file's header");
  }
  const int bytes = pixels.bits_stored > 8 && !palette ? 2 : 1;
  Image image = MakeImage(pixels.width, pixels.height, 3, bytes);
  if (palette) return FromPalette(file, pixels, std::move(image));
  if (pixels.photometric == "YBR_FULL") {
    return FromYbr(pixels, std::move(image));
  }
  if (pixels.photometric != "RGB") {
    notes->push_back("its colours are " + pixels.photometric +
                     " without JPEG 2000; taken as RGB");
  }
  return FromRgb(pixels, std::move(image));
}

}  // namespace plumbline
