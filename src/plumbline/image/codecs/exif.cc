#include "plumbline/image/codecs/exif.h"

#include <libexif/exif-data.h>

#include <algorithm>
#include <memory>
#include <string>

#include "plumbline/base/text.h"

namespace plumbline {
namespace {

struct Unref {
  void operator()(ExifData* data) const { exif_data_unref(data); }
};

ExifEntry* Find(ExifData* data, ExifIfd ifd, ExifTag tag) {
  return exif_content_get_entry(data->ifd[ifd], tag);
}

void AddText(ExifData* data, ExifIfd ifd, ExifTag tag, const char* name,
             std::vector<ImageFact>* facts) {
  ExifEntry* entry = Find(data, ifd, tag);
  if (entry == nullptr) return;
  char text[256] = "";
  exif_entry_get_value(entry, text, sizeof text);
  AddCameraFact(name, text, facts);
}

}  // namespace

void AddCameraFact(const char* name, std::string_view text,
                   std::vector<ImageFact>* facts) {
  std::string value(Trim(text.substr(0, 255)));
  // Cameras write what they like; a table has one line for each row.
  std::replace_if(
      value.begin(), value.end(),
      [](char c) { return static_cast<unsigned char>(c) < 32; }, ' ');
  const bool is_ascii = std::all_of(value.begin(), value.end(), [](char c) {
    return static_cast<unsigned char>(c) < 127;
  });
  if (!value.empty() && is_ascii) facts->emplace_back(name, value);
}

ExifFacts ReadExif(std::string_view bytes) {
  ExifFacts exif;
  std::string segment(bytes);
  if (!segment.starts_with("Exif")) {
    segment.insert(0, std::string("Exif\0\0", 6));
  }
  const std::unique_ptr<ExifData, Unref> data(exif_data_new_from_data(
      reinterpret_cast<const unsigned char*>(segment.data()),
      static_cast<unsigned int>(segment.size())));
  if (!data) return exif;
  ExifEntry* entry = Find(data.get(), EXIF_IFD_0, EXIF_TAG_ORIENTATION);
  if (entry != nullptr && entry->format == EXIF_FORMAT_SHORT &&
      entry->size >= 2) {
    exif.orientation =
        exif_get_short(entry->data, exif_data_get_byte_order(data.get()));
  }
  AddText(data.get(), EXIF_IFD_0, EXIF_TAG_MAKE, "manufacturer", &exif.facts);
  AddText(data.get(), EXIF_IFD_0, EXIF_TAG_MODEL, "model", &exif.facts);
  AddText(data.get(), EXIF_IFD_EXIF, EXIF_TAG_EXPOSURE_TIME, "exposure_time",
          &exif.facts);
  AddText(data.get(), EXIF_IFD_EXIF, EXIF_TAG_ISO_SPEED_RATINGS, "iso",
          &exif.facts);
  AddText(data.get(), EXIF_IFD_EXIF, EXIF_TAG_FNUMBER, "f_number", &exif.facts);
  if (exif.orientation >= 2 && exif.orientation <= 8) {
    exif.facts.emplace_back("orientation", std::to_string(exif.orientation));
  }
  return exif;
}

}  // namespace plumbline
