#include "plumbline/image/orientation.h"

#include <cstring>
#include <utility>

namespace plumbline {

Image Upright(Image image, int orientation) {
  if (orientation < 2 || orientation > 8) return image;
  const bool swap = orientation >= 5;
  const bool from_right = orientation == 2 || orientation == 3 ||
                          orientation == 7 || orientation == 8;
  const bool from_bottom = orientation == 3 || orientation == 4 ||
                           orientation == 6 || orientation == 7;
  Image upright = image;
  if (swap) std::swap(upright.width, upright.height);
  const size_t pixel =
      static_cast<size_t>(image.channels) * image.bytes_per_sample;
  for (int y = 0; y < upright.height; ++y) {
    for (int x = 0; x < upright.width; ++x) {
      int from_x = swap ? y : x;
      int from_y = swap ? x : y;
      if (from_right) from_x = image.width - 1 - from_x;
      if (from_bottom) from_y = image.height - 1 - from_y;
      const size_t from = static_cast<size_t>(from_y) * image.width + from_x;
      const size_t to = static_cast<size_t>(y) * upright.width + x;
      std::memcpy(&upright.data[to * pixel], &image.data[from * pixel], pixel);
    }
  }
  return upright;
}

}  // namespace plumbline
