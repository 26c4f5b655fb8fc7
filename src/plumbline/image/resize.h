// Images of any size to one size.
#pragma once

#include <string>

#include "plumbline/image/image.h"

namespace plumbline {

enum class ResizeMode {
  kFit,      // whole picture, sides in proportion, black bars
  kCrop,     // fills the square, what stands out is cut off evenly
  kStretch,  // sides change their proportion
};

// "fit", "crop", "stretch". Throws Error(kUsage).
ResizeMode ParseResizeMode(const std::string& text);
const char* NameOf(ResizeMode mode);

// A square of `side` pixels, same channels and type. Each new pixel is the mean
// of the old ones below a triangle whose half-width is one new pixel (at least
// one old one), so that fine patterns do not turn into coarse ones; enlarging
// is bilinear. Pixel centres at half coordinates. The value of a pixel does not
// depend on threads or on the processor.
//
// Throws Error(kUsage) unless 1 <= side <= 16384.
Image Resize(const Image& image, int side, ResizeMode mode);

}  // namespace plumbline
