#include "plumbline/cohort/phantom/draw_phantom.h"

#include <algorithm>
#include <cmath>

namespace plumbline {
namespace {

// Value at (x, y) of the new picture is that at map(x, y) of the old one.
template <typename Map>
Image Moved(const Image& image, Map map) {
  Image moved = image;
  for (int y = 0; y < image.height; ++y) {
    for (int x = 0; x < image.width; ++x) {
      const auto [from_x, from_y] = map(x, y);
      for (int c = 0; c < image.channels; ++c) {
        moved.data[(static_cast<size_t>(y) * image.width + x) * image.channels +
                   c] =
            image.data[(static_cast<size_t>(from_y) * image.width + from_x) *
                           image.channels +
                       c];
      }
    }
  }
  return moved;
}

Image Brightened(Image image) {
  for (uint8_t& value : image.data) {
    value = static_cast<uint8_t>(
        std::clamp(std::lround(0.85 * value + 28), 0L, 255L));
  }
  return image;
}

// The middle 95 %, enlarged to the same size (bilinear).
Image Cropped(const Image& image) {
  constexpr float kCut = 0.025f;
  Image cropped = image;
  const int side = image.width;
  const auto at = [&](int x, int y, int c) {
    return static_cast<float>(
        image.data[(static_cast<size_t>(y) * side + x) * image.channels + c]);
  };
  const float scale = 1 - 2 * kCut;
  const float offset = kCut * static_cast<float>(side);
  for (int y = 0; y < side; ++y) {
    const float v = offset + (static_cast<float>(y) + 0.5f) * scale - 0.5f;
    const int top = static_cast<int>(v);
    const float b = v - static_cast<float>(top);
    for (int x = 0; x < side; ++x) {
      const float u = offset + (static_cast<float>(x) + 0.5f) * scale - 0.5f;
      const int left = static_cast<int>(u);
      const float a = u - static_cast<float>(left);
      for (int c = 0; c < image.channels; ++c) {
        const float above =
            at(left, top, c) * (1 - a) + at(left + 1, top, c) * a;
        const float below =
            at(left, top + 1, c) * (1 - a) + at(left + 1, top + 1, c) * a;
        cropped.data[(static_cast<size_t>(y) * side + x) * image.channels + c] =
            static_cast<uint8_t>(std::lround(above * (1 - b) + below * b));
      }
    }
  }
  return cropped;
}

Image Changed(Image image, CopyChange change) {
  const int last = image.width - 1;
  switch (change) {
    case CopyChange::kNone:
    case CopyChange::kExact:
      return image;
    case CopyChange::kMirrored:
      return Moved(image,
                   [last](int x, int y) { return std::pair(last - x, y); });
    case CopyChange::kTurned:
      return Moved(image,
                   [last](int x, int y) { return std::pair(y, last - x); });
    case CopyChange::kBrightened:
      return Brightened(std::move(image));
    case CopyChange::kCropped:
      return Cropped(image);
  }
  return image;
}

}  // namespace

Image DrawPhantom(const PhantomPlan& plan, int64_t row) {
  const PhantomRow& own = plan.rows[row];
  const int64_t original = own.copy_of < 0 ? row : own.copy_of;
  const PhantomScene scene{plan.options, plan.subject(original),
                           plan.rows[original], original};
  return Changed(plan.options.kind == PhantomKind::kChest ? DrawChest(scene)
                                                          : DrawSkin(scene),
                 own.change);
}

}  // namespace plumbline
