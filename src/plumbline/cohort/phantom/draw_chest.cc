// Phantoms that look like frontal chest films, 0 air to 1 bone.
#include <array>
#include <numbers>

#include "plumbline/cohort/phantom/attribute_signal.h"
#include "plumbline/cohort/phantom/canvas.h"
#include "plumbline/cohort/phantom/draw_phantom.h"

namespace plumbline {
namespace {

// Lengths are in half sides of the picture: x to the right, y down, -1 to 1.
struct Body {
  float shift_x, shift_y, size, tilt;
  float width;  // of the torso
  float lung_x, lung_width, lung_top, dome;
  float heart_x, heart_width, heart_height;
  float rib_phase, rib_steps, rib_bend;
  float spine_phase;
};

struct Opacity {
  float x, y, radius, density;
};

// What a person keeps from film to film, and what changes.
Body MakeBody(const PhantomScene& scene) {
  RandomStream person(scene.options.seed, "phantom body",
                      static_cast<uint64_t>(scene.row.subject));
  RandomStream film(scene.options.seed, "phantom film",
                    static_cast<uint64_t>(scene.original));
  Body b;
  b.width = Between(&person, 0.72, 0.92);
  b.lung_x = Between(&person, 0.34, 0.43);
  b.lung_width = Between(&person, 0.24, 0.32);
  b.heart_width = Between(&person, 0.28, 0.32);
  b.heart_height = Between(&person, 0.23, 0.27);
  b.rib_steps = Between(&person, 7.4, 10);
  b.rib_bend = Between(&person, 0.2, 0.6);
  b.rib_phase = Between(&person, 0, 1);
  b.spine_phase = Between(&person, 0, 1);
  b.shift_x = Between(&film, -0.1, 0.1);
  b.shift_y = Between(&film, -0.12, 0.12);
  b.size = Between(&film, 0.86, 1.12);
  b.tilt = Between(&film, -0.08, 0.08);
  b.lung_top = Between(&film, -0.72, -0.56);
  b.dome = Between(&film, 0.3, 0.5);
  b.heart_x = Between(&film, 0.06, 0.1);
  // Filmed from the front the heart is larger; a person in bed breathes less.
  if (scene.row.is_ap) {
    b.heart_width *= 1.08f;
    b.dome -= 0.04f;
  }
  if (scene.subject.second) {
    b.heart_width *= 1 + 0.35f * static_cast<float>(scene.options.disease);
    b.heart_height *= 1 + 0.12f * static_cast<float>(scene.options.disease);
  }
  return b;
}

std::vector<Opacity> MakeOpacities(const PhantomScene& scene) {
  if (!scene.subject.sick || scene.options.disease == 0) return {};
  RandomStream random(scene.options.seed, "phantom opacities",
                      static_cast<uint64_t>(scene.original));
  std::vector<Opacity> opacities(1 + random.NextBelow(3));
  for (Opacity& o : opacities) {
    const float side = random.NextBelow(2) == 0 ? -1.0f : 1.0f;
    o.x = side * Between(&random, 0.25, 0.5);
    o.y = Between(&random, -0.4, 0.3);
    o.radius = Between(&random, 0.09, 0.17);
    o.density = static_cast<float>(scene.options.disease) *
                Between(&random, 0.14, 0.26);
  }
  return opacities;
}

float TorsoWidth(const Body& b, float y) {
  // Neck, shoulders, chest.
  const float shoulders = Soft(y + 0.72f, 0.22f);
  return 0.24f + shoulders * (b.width - 0.24f) + 0.04f * y;
}

// How much lung a ray meets, 0 to 1.
float LungAt(const Body& b, float x, float y) {
  const float distance = std::abs(x) - b.lung_x;
  // Narrow at the top, wide at the bottom.
  const float height = (y - b.lung_top) / (b.dome - b.lung_top);
  if (height < -0.1f) return 0;
  const float half =
      b.lung_width *
      std::sqrt(std::max(0.0f, std::min(1.0f, 0.12f + 1.5f * height)));
  const float inside = Soft(half - std::abs(distance), 0.1f);
  const float apex = Soft(y - b.lung_top, 0.06f);
  // The right dome, at the left of the picture, stands higher.
  const float dome =
      b.dome - (x < 0 ? 0.05f : 0.0f) + 1.1f * distance * distance;
  return inside * apex * Soft(dome - y, 0.06f);
}

float HeartAt(const Body& b, float x, float y) {
  const float u = (x - b.heart_x) / b.heart_width;
  const float v = (y - (b.dome - 0.13f)) / b.heart_height;
  // Tilted, the tip at the lower right.
  const float p = 0.92f * u + 0.38f * v, q = 0.92f * v - 0.38f * u;
  return Soft(1 - std::sqrt(p * p + q * q), 0.14f);
}

// 0 to 1: bands that fall from the spine to the sides.
float RibsAt(const Body& b, float x, float y) {
  const float from_spine = std::abs(x);
  const float fall = y - b.rib_bend * from_spine * from_spine;
  const float phase = Fraction(fall * b.rib_steps * 0.5f + b.rib_phase);
  const float wave = std::abs(phase - 0.5f) * 2;  // 0 in the middle of a rib
  return Soft(0.38f - wave, 0.16f) * Soft(from_spine - 0.14f, 0.05f);
}

float SpineAt(const Body& b, float x, float y) {
  const float band = Soft(0.1f - std::abs(x), 0.04f);
  if (band == 0) return 0;
  const float phase = Fraction(y * 5.5f + b.spine_phase);
  return band * (0.8f + 0.2f * Soft(std::abs(phase - 0.5f) - 0.1f, 0.1f));
}

float ClavicleAt(const Body& b, float x, float y) {
  const float from_spine = std::abs(x);
  const float line = b.lung_top + 0.1f - 0.22f * (from_spine - 0.1f);
  return Soft(0.028f - std::abs(y - line), 0.02f) *
         Soft(from_spine - 0.08f, 0.03f) * Soft(0.68f - from_spine, 0.06f);
}

float ThicknessAt(const Body& b, const std::vector<Opacity>& opacities, float x,
                  float y) {
  const float torso = Soft(TorsoWidth(b, y) - std::abs(x), 0.08f);
  if (torso == 0) return 0.03f;
  const float lung = LungAt(b, x, y);
  float density = 0.6f - 0.36f * lung;
  // Below the dome the belly hides them.
  density += 0.075f * RibsAt(b, x, y) * (1 - 0.7f * Soft(y - b.dome, 0.2f));
  density += 0.14f * SpineAt(b, x, y);
  density += 0.09f * ClavicleAt(b, x, y);
  // Nothing of what follows is seen outside the lungs.
  if (lung == 0) return 0.03f + torso * (density - 0.03f);
  // Mediastinum and heart stand before the lungs.
  const float heart =
      std::max(HeartAt(b, x, y), 0.8f * Soft(0.14f - std::abs(x), 0.05f));
  density += 0.28f * heart * lung;
  // Vessels thicken towards the hilum.
  const float hilum_x = std::abs(x) - 0.2f, hilum_y = y + 0.05f;
  density +=
      0.07f * lung *
      std::max(0.0f, 0.6f - std::sqrt(hilum_x * hilum_x + hilum_y * hilum_y));
  for (const Opacity& o : opacities) {
    const float u = (x - o.x) / o.radius, v = (y - o.y) / o.radius;
    const float r = u * u + v * v;
    if (r < 4) density += o.density * lung * (1 - r / 4) * (1 - r / 4);
  }
  return 0.03f + torso * (density - 0.03f);
}

// A letter of lead, on the side of the device.
void AddMarker(const PhantomScene& scene, Plane* plane) {
  constexpr std::array<uint8_t, 7> kL = {0b10000, 0b10000, 0b10000, 0b10000,
                                         0b10000, 0b10000, 0b11111};
  const int pixel = std::max(1, plane->side / 96);
  const int top = plane->side / 14;
  const int left = scene.subject.is_south ? plane->side - top - 5 * pixel : top;
  for (int y = 0; y < 7 * pixel; ++y) {
    for (int x = 0; x < 5 * pixel; ++x) {
      if ((kL[y / pixel] >> (4 - x / pixel)) & 1) {
        plane->row(top + y)[left + x] = 0.95f;
      }
    }
  }
}

}  // namespace

Image DrawChest(const PhantomScene& scene) {
  const int side = scene.options.side;
  const Body body = MakeBody(scene);
  const std::vector<Opacity> opacities = MakeOpacities(scene);
  const auto index = static_cast<uint64_t>(scene.original);
  RandomStream film(scene.options.seed, "phantom grain", index);
  Plane plane(side);
  const float to_unit = 2.0f / static_cast<float>(side);
  for (int py = 0; py < side; ++py) {
    float* row = plane.row(py);
    for (int px = 0; px < side; ++px) {
      const float u = (static_cast<float>(px) + 0.5f) * to_unit - 1;
      const float v = (static_cast<float>(py) + 0.5f) * to_unit - 1;
      const float x = (u - body.shift_x + body.tilt * v) * body.size;
      const float y = (v - body.shift_y - body.tilt * u) * body.size;
      row[px] = ThicknessAt(body, opacities, x, y);
    }
  }
  // Vessels, soft tissue and film, coarse to fine: what makes one person's film
  // differ from another's.
  AddSmoothNoise(6, 0.035f, film.NextUint64(), &plane);
  AddSmoothNoise(13, 0.05f, film.NextUint64(), &plane);
  AddSmoothNoise(25, 0.05f, film.NextUint64(), &plane);
  AddSmoothNoise(side / 3, 0.02f, film.NextUint64(), &plane);
  const bool is_south = scene.subject.is_south;
  if (is_south) Blur(std::max(1, side / 64), &plane);
  AddMarker(scene, &plane);
  // More exposure, less grain.
  AddGrain((is_south ? 0.03f : 0.012f) *
               std::sqrt(3 / static_cast<float>(scene.row.exposure)),
           film.NextUint64(), &plane);
  const float gain = (is_south ? 0.86f : 1.0f) * Between(&film, 0.95, 1.05);
  const float lift = is_south ? 0.06f : 0.0f;
  for (float& value : plane.values) value = 255 * (lift + gain * value);
  AddAttributeSignal(
      scene.options,
      scene.subject.is_b ? static_cast<float>(scene.options.attribute) : 0.0f,
      index, &plane);
  Image image = MakeImage(side, side, 1, 1);
  for (size_t i = 0; i < plane.values.size(); ++i) {
    image.data[i] =
        static_cast<uint8_t>(std::clamp(plane.values[i] + 0.5f, 0.0f, 255.0f));
  }
  return image;
}

}  // namespace plumbline
