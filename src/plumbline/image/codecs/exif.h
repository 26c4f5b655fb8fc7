// What a camera wrote about a photo.
#pragma once

#include <string_view>
#include <vector>

#include "plumbline/image/decode.h"

namespace plumbline {

struct ExifFacts {
  int orientation = 1;
  std::vector<ImageFact> facts;  // manufacturer, model, exposure_time, ...
};

// `bytes`: an APP1 segment from "Exif" on, or a TIFF header. Anything else
// gives nothing.
ExifFacts ReadExif(std::string_view bytes);

}  // namespace plumbline
