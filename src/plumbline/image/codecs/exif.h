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

// Adds what a camera wrote, on one line; nothing if it is empty or not ASCII.
void AddCameraFact(const char* name, std::string_view text,
                   std::vector<ImageFact>* facts);

}  // namespace plumbline
