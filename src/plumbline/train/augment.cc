#include "plumbline/train/augment.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <vector>

#include "plumbline/base/error.h"
#include "plumbline/stats/target_clones.h"

namespace plumbline::train {
namespace {

// The affine map from a pixel of the new image to a place in the old one, both
// in pixels with centres at whole numbers.
struct Affine {
  float xx, xy, x0;
  float yx, yy, y0;
};

Affine InverseOf(const AugmentDraw& draw, int side) {
  const double cosine = std::cos(draw.radians) / draw.scale;
  const double sine = std::sin(draw.radians) / draw.scale;
  const double mirror = draw.flip ? -1 : 1;
  const double centre = (side - 1) / 2.0;
  Affine map{};
  map.xx = static_cast<float>(mirror * cosine);
  map.xy = static_cast<float>(sine);
  map.yx = static_cast<float>(-mirror * sine);
  map.yy = static_cast<float>(cosine);
  // The new centre shows the old one moved by the shift.
  map.x0 = static_cast<float>(centre - draw.shift_x * side - map.xx * centre -
                              map.xy * centre);
  map.y0 = static_cast<float>(centre - draw.shift_y * side - map.yx * centre -
                              map.yy * centre);
  return map;
}

// One channel as numbers in [0, 1], within a frame of one black pixel, so that
// every bilinear tap has somewhere to read.
template <typename T>
std::vector<float> Framed(std::span<const T> samples, int side, int channels,
                          int channel) {
  constexpr float kUnit = 1.0F / (sizeof(T) == 1 ? 255.0F : 65535.0F);
  const int width = side + 2;
  std::vector<float> framed(static_cast<size_t>(width) * width, 0.0F);
  const T* from = samples.data() + channel;
  for (int y = 0; y < side; ++y) {
    float* row = framed.data() + static_cast<size_t>(y + 1) * width + 1;
    for (int x = 0; x < side; ++x, from += channels) {
      row[x] = static_cast<float>(*from) * kUnit;
    }
  }
  return framed;
}

PLUMBLINE_TARGET_CLONES
void Warp(const float* framed, int side, const Affine& map, float* to) {
  const int width = side + 2;
  const auto last = static_cast<float>(side);
  for (int y = 0; y < side; ++y) {
    for (int x = 0; x < side; ++x) {
      const auto fx = static_cast<float>(x), fy = static_cast<float>(y);
      // Places beyond the frame read the frame.
      const float u =
          std::clamp(map.xx * fx + map.xy * fy + map.x0, -1.0F, last);
      const float v =
          std::clamp(map.yx * fx + map.yy * fy + map.y0, -1.0F, last);
      const int iu = std::min(static_cast<int>(u + 1.0F), side);
      const int iv = std::min(static_cast<int>(v + 1.0F), side);
      const float du = u + 1.0F - static_cast<float>(iu);
      const float dv = v + 1.0F - static_cast<float>(iv);
      const float* at = framed + iv * width + iu;
      const float top = at[0] + (at[1] - at[0]) * du;
      const float bottom = at[width] + (at[width + 1] - at[width]) * du;
      to[y * side + x] = top + (bottom - top) * dv;
    }
  }
}

double MeanOf(std::span<const float> values) {
  double sum = 0;
  for (const float value : values) sum += value;
  return sum / static_cast<double>(values.size());
}

void Erase(const AugmentDraw& draw, int side, float grey,
           std::span<float> pixels) {
  const auto place = [side](double share) {
    return std::clamp(static_cast<int>(std::lround(share * side)), 0, side);
  };
  for (int y = place(draw.box_y); y < place(draw.box_y + draw.box_height);
       ++y) {
    std::fill(pixels.begin() + y * side + place(draw.box_x),
              pixels.begin() + y * side + place(draw.box_x + draw.box_width),
              grey);
  }
}

struct Range {
  double value;
  double most;
  const char* name;
};

}  // namespace

bool DoesSomething(const Augmentation& a) {
  return a.flip > 0 || a.rotate > 0 || a.scale > 0 || a.shift > 0 ||
         a.brightness > 0 || a.contrast > 0 || a.noise > 0 || a.erase > 0;
}

void RequireValid(const Augmentation& a) {
  const Range ranges[] = {{a.flip, 1, "flip"},
                          {a.rotate, 180, "rotate"},
                          {a.scale, 0.9, "scale"},
                          {a.shift, 0.5, "shift"},
                          {a.brightness, 1, "brightness"},
                          {a.contrast, 1, "contrast"},
                          {a.noise, 1, "noise"},
                          {a.erase, 1, "erase"}};
  for (const Range& range : ranges) {
    if (range.value >= 0 && range.value <= range.most) continue;
    throw Error(ErrorCode::kUsage, "--augment {}={}: must be from 0 to {}",
                range.name, range.value, range.most);
  }
}

AugmentDraw DrawAugmentation(const Augmentation& augmentation,
                             RandomStream* random) {
  const auto either_way = [random](double range) {
    return range * (2 * random->NextUniform() - 1);
  };
  AugmentDraw draw;
  draw.flip = random->NextUniform() < augmentation.flip;
  draw.radians = either_way(augmentation.rotate) * std::numbers::pi / 180;
  draw.scale = 1 + either_way(augmentation.scale);
  draw.shift_x = either_way(augmentation.shift);
  draw.shift_y = either_way(augmentation.shift);
  draw.brightness = either_way(augmentation.brightness);
  draw.contrast = 1 + either_way(augmentation.contrast);
  draw.erase = random->NextUniform() < augmentation.erase;
  const double area = 0.02 + 0.18 * random->NextUniform();
  const double ratio =
      std::exp(std::log(3.0) * (2 * random->NextUniform() - 1));
  draw.box_width = std::min(1.0, std::sqrt(area * ratio));
  draw.box_height = std::min(1.0, std::sqrt(area / ratio));
  draw.box_x = random->NextUniform() * (1 - draw.box_width);
  draw.box_y = random->NextUniform() * (1 - draw.box_height);
  return draw;
}

void AugmentInto(const Image& image, const Augmentation& augmentation,
                 const AugmentDraw& draw, const Preprocessing& preprocessing,
                 RandomStream* random, float* input) {
  if (!DoesSomething(augmentation)) {
    return PrepareInput(image, preprocessing, input);
  }
  const int side = preprocessing.side;
  const size_t pixels = static_cast<size_t>(side) * side;
  const Affine map = InverseOf(draw, side);
  std::vector<float> warped(pixels * image.channels);
  for (int c = 0; c < image.channels; ++c) {
    const std::vector<float> framed =
        image.bytes_per_sample == 1
            ? Framed(image.samples8(), side, image.channels, c)
            : Framed(image.samples16(), side, image.channels, c);
    Warp(framed.data(), side, map, warped.data() + c * pixels);
  }
  const double mean = MeanOf(warped);
  const auto contrast = static_cast<float>(draw.contrast);
  const auto offset =
      static_cast<float>(mean - mean * draw.contrast + draw.brightness);
  for (float& value : warped) value = value * contrast + offset;
  if (augmentation.noise > 0) {
    for (float& value : warped) {
      value += static_cast<float>(augmentation.noise * random->NextNormal());
    }
  }
  for (int c = 0; draw.erase && c < image.channels; ++c) {
    Erase(draw, side, static_cast<float>(mean),
          {warped.data() + c * pixels, pixels});
  }
  const SampleMap samples = MapOf(preprocessing, 1);
  for (int c = 0; c < preprocessing.channels; ++c) {
    const float* from = warped.data() + (image.channels == 1 ? 0 : c * pixels);
    const float scale = samples.scale[c] * 255, shift = samples.shift[c];
    float* to = input + c * pixels;
    for (size_t i = 0; i < pixels; ++i) {
      to[i] = std::clamp(from[i], 0.0F, 1.0F) * scale + shift;
    }
  }
}

}  // namespace plumbline::train
