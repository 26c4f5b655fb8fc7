#include "plumbline/image/orientation.h"

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <utility>

namespace plumbline {
namespace {

// Where the pixel (x, y) of the new picture lies in the old one, in pixels.
struct Places {
  std::ptrdiff_t first, step_x, step_y;
};

// Square by square, so that the lines of both pictures stay in the cache while
// one is walked along its columns.
template <size_t kBytes>
void Gather(const uint8_t* from, const Places& places, int width, int height,
            uint8_t* to) {
  constexpr int kSquare = 16;
  for (int top = 0; top < height; top += kSquare) {
    for (int left = 0; left < width; left += kSquare) {
      const int right = std::min(left + kSquare, width);
      for (int y = top; y < std::min(top + kSquare, height); ++y) {
        const std::ptrdiff_t line = places.first + y * places.step_y;
        uint8_t* out = to + (static_cast<size_t>(y) * width + left) * kBytes;
        for (int x = left; x < right; ++x, out += kBytes) {
          const std::ptrdiff_t pixel = line + x * places.step_x;
          std::memcpy(out, from + pixel * std::ptrdiff_t{kBytes}, kBytes);
        }
      }
    }
  }
}

}  // namespace

Image Upright(Image image, int orientation) {
  if (orientation < 2 || orientation > 8) return image;
  const bool swap = orientation >= 5;
  const bool from_right = orientation == 2 || orientation == 3 ||
                          orientation == 7 || orientation == 8;
  const bool from_bottom = orientation == 3 || orientation == 4 ||
                           orientation == 6 || orientation == 7;
  // Along a row and a column of the old picture.
  const std::ptrdiff_t stride = image.width;
  const std::ptrdiff_t right = from_right ? -1 : 1;
  const std::ptrdiff_t down = from_bottom ? -stride : stride;
  const Places places{(from_right ? stride - 1 : 0) +
                          (from_bottom ? (image.height - 1) * stride : 0),
                      swap ? down : right, swap ? right : down};
  Image upright{
      image.width, image.height, image.channels, image.bytes_per_sample, {}};
  if (swap) std::swap(upright.width, upright.height);
  upright.data.resize(image.data.size());
  const auto gather = [&]<size_t kBytes>() {
    Gather<kBytes>(image.data.data(), places, upright.width, upright.height,
                   upright.data.data());
  };
  switch (image.channels * image.bytes_per_sample) {
    case 1:
      gather.template operator()<1>();
      break;
    case 2:
      gather.template operator()<2>();
      break;
    case 3:
      gather.template operator()<3>();
      break;
    default:
      gather.template operator()<6>();
  }
  return upright;
}

}  // namespace plumbline
