// Colours as the file's ICC profile means them, to sRGB.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "plumbline/image/image.h"

namespace plumbline {

// Converts an image of three channels in place (relative colorimetric intent,
// black-point compensation). A profile that is none, or is of another colour
// space, is left aside with a note. Grey images are left alone: their samples
// are measurements.
//
// Source: ICC.1:2022; Little CMS 2.
void ConvertToSrgb(std::string_view profile, Image* image,
                   std::vector<std::string>* notes);

}  // namespace plumbline
