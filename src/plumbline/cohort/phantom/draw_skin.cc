// Phantoms that look like close-up photos of a pigmented lesion.
#include <array>
#include <numbers>

#include "plumbline/cohort/phantom/attribute_signal.h"
#include "plumbline/cohort/phantom/canvas.h"
#include "plumbline/cohort/phantom/draw_phantom.h"

namespace plumbline {
namespace {

using Colour = std::array<float, 3>;  // sRGB, 0 to 255

// CIE L*a*b* (D65) to sRGB, IEC 61966-2-1.
Colour FromLab(float l, float a, float b) {
  const float fy = (l + 16) / 116, fx = fy + a / 500, fz = fy - b / 200;
  const auto inverse = [](float t) {
    return t > 6.0f / 29 ? t * t * t : (t - 4.0f / 29) * 108.0f / 841;
  };
  const float x = 0.95047f * inverse(fx), y = inverse(fy),
              z = 1.08883f * inverse(fz);
  const auto encode = [](float linear) {
    const float v = std::clamp(linear, 0.0f, 1.0f);
    return 255 * (v <= 0.0031308f ? 12.92f * v
                                  : 1.055f * std::pow(v, 1 / 2.4f) - 0.055f);
  };
  return {encode(3.2406f * x - 1.5372f * y - 0.4986f * z),
          encode(-0.9689f * x + 1.8758f * y + 0.0415f * z),
          encode(0.0557f * x - 0.2040f * y + 1.0570f * z)};
}

struct Skin {
  Colour base, dark, brown, red;  // of skin, and of three parts of a lesion
  float ita;                      // degrees
};

// ITA = atan((L* - 50) / b*), Chardon, Cretois, Hourseau 1991.
Skin MakeSkin(const PhantomScene& scene) {
  RandomStream person(scene.options.seed, "phantom skin",
                      static_cast<uint64_t>(scene.row.subject));
  Skin skin;
  skin.ita = std::clamp(
      Between(&person, -45, 60) -
          (scene.subject.is_b ? static_cast<float>(scene.options.tone_shift)
                              : 0.0f),
      -70.0f, 75.0f);
  const float b = Between(&person, 15, 20);
  const float l = 50 + b * std::tan(skin.ita * std::numbers::pi_v<float> / 180);
  const float light = std::clamp(l, 26.0f, 78.0f);
  const float a = Between(&person, 8, 13);
  skin.base = FromLab(light, a, b);
  skin.brown = FromLab(0.62f * light, a + 4, b + 3);
  skin.dark = FromLab(0.36f * light, a - 2, b - 7);
  skin.red = FromLab(0.72f * light, a + 15, b + 2);
  return skin;
}

struct Lesion {
  float x, y, radius;
  std::array<float, 6> wave, phase;
  float edge;
  float variety;  // of colours, 0 to 1
  float eccentric;
};

Lesion MakeLesion(const PhantomScene& scene) {
  RandomStream person(scene.options.seed, "phantom lesion",
                      static_cast<uint64_t>(scene.row.subject));
  RandomStream photo(scene.options.seed, "phantom photo",
                     static_cast<uint64_t>(scene.original));
  const float ill =
      scene.subject.sick ? static_cast<float>(scene.options.disease) : 0.0f;
  Lesion lesion;
  lesion.radius = Between(&person, 0.28, 0.4) * (1 + 0.15f * ill) *
                  Between(&photo, 0.92, 1.08);
  const float turn = Between(&photo, 0, 2 * std::numbers::pi);
  for (size_t k = 0; k < lesion.wave.size(); ++k) {
    const float share = 1 / std::sqrt(static_cast<float>(k) + 1);
    lesion.wave[k] = (Between(&person, 0.01, 0.04) +
                      0.09f * ill * Between(&person, 0.4, 1)) *
                     share;
    lesion.phase[k] = Between(&person, 0, 2 * std::numbers::pi) +
                      turn * static_cast<float>(k + 2);
  }
  lesion.edge = 0.07f - 0.02f * std::min(ill, 1.0f);
  lesion.variety = 0.12f + 0.75f * std::min(ill, 1.2f);
  lesion.eccentric = 0.08f + 0.3f * ill;
  lesion.x = Between(&photo, -0.12, 0.12);
  lesion.y = Between(&photo, -0.12, 0.12);
  return lesion;
}

// Radii by angle, so that a pixel needs one look.
std::vector<float> RadiiOf(const Lesion& lesion) {
  constexpr int kAngles = 512;
  std::vector<float> radii(kAngles + 1);
  for (int i = 0; i <= kAngles; ++i) {
    const float angle =
        2 * std::numbers::pi_v<float> * static_cast<float>(i) / kAngles;
    float radius = 1;
    for (size_t k = 0; k < lesion.wave.size(); ++k) {
      radius += lesion.wave[k] *
                std::cos(static_cast<float>(k + 2) * angle + lesion.phase[k]);
    }
    radii[i] = lesion.radius * radius;
  }
  return radii;
}

class Painter {
 public:
  explicit Painter(const PhantomScene& scene)
      : scene_(scene),
        side_(scene.options.side),
        random_(scene.options.seed, "phantom paint",
                static_cast<uint64_t>(scene.original)),
        relief_(side_),
        patches_(side_),
        shade_(side_, 1) {}

  Image Paint() {
    AddSmoothNoise(5, 0.025f, random_.NextUint64(), &relief_);
    AddSmoothNoise(side_ / 5, 0.02f, random_.NextUint64(), &relief_);
    AddSmoothNoise(side_ / 2, 0.018f, random_.NextUint64(), &relief_);
    AddSmoothNoise(9, 0.5f, random_.NextUint64(), &patches_);
    AddSmoothNoise(24, 0.25f, random_.NextUint64(), &patches_);
    if (scene_.subject.is_south) Blur(std::max(1, side_ / 64), &relief_);
    AddGrain(scene_.subject.is_south ? 0.03f : 0.012f, random_.NextUint64(),
             &relief_);
    Light();
    Plane signal(side_);
    AddAttributeSignal(scene_.options,
                       scene_.subject.is_b
                           ? static_cast<float>(scene_.options.attribute)
                           : 0.0f,
                       static_cast<uint64_t>(scene_.original), &signal);
    Image image = MakeImage(side_, side_, 3, 1);
    Fill(signal, &image);
    Hairs(&image);
    return image;
  }

 private:
  // Uneven light; the device "south" looks through a round opening.
  void Light() {
    const float tilt_x = Between(&random_, -0.1, 0.1);
    const float tilt_y = Between(&random_, -0.1, 0.1);
    const bool is_south = scene_.subject.is_south;
    for (int y = 0; y < side_; ++y) {
      const float v = Unit(y);
      for (int x = 0; x < side_; ++x) {
        const float u = Unit(x);
        const float r = u * u + v * v;
        float shade = 1 + tilt_x * u + tilt_y * v - 0.07f * r;
        if (is_south)
          shade *= 0.04f + 0.96f * Soft(1.22f - std::sqrt(r), 0.04f);
        shade_.row(y)[x] = shade;
      }
    }
  }

  float Unit(int at) const {
    return (static_cast<float>(at) + 0.5f) * 2 / static_cast<float>(side_) - 1;
  }

  void Fill(const Plane& signal, Image* image) {
    const Skin skin = MakeSkin(scene_);
    const Lesion lesion = MakeLesion(scene_);
    const std::vector<float> radii = RadiiOf(lesion);
    const float most = 1.6f * lesion.radius;
    for (int y = 0; y < side_; ++y) {
      const float v = Unit(y) - lesion.y;
      for (int x = 0; x < side_; ++x) {
        const float u = Unit(x) - lesion.x;
        Colour colour = skin.base;
        if (std::abs(u) < most && std::abs(v) < most) {
          Tint(skin, lesion, radii, u, v, patches_.row(y)[x], &colour);
        }
        const float light = shade_.row(y)[x] * (1 + relief_.row(y)[x]);
        for (int c = 0; c < 3; ++c) {
          image->data[(static_cast<size_t>(y) * side_ + x) * 3 + c] =
              static_cast<uint8_t>(std::clamp(
                  colour[c] * light + signal.row(y)[x] + 0.5f, 0.0f, 255.0f));
        }
      }
    }
  }

  static void Tint(const Skin& skin, const Lesion& lesion,
                   const std::vector<float>& radii, float u, float v,
                   float patch, Colour* colour) {
    const float r = std::sqrt(u * u + v * v);
    const float turns = std::atan2(v, u) / (2 * std::numbers::pi_v<float>)+0.5f;
    const float edge = radii[static_cast<size_t>(
        turns * static_cast<float>(radii.size() - 1))];
    const float inside =
        Soft(edge - r, lesion.edge * std::max(0.2f, 1 + 0.6f * patch));
    if (inside == 0) return;
    // Darker towards a centre that lies aside in irregular lesions.
    const float aside = u - lesion.eccentric * edge;
    const float depth =
        std::sqrt(aside * aside + v * v) / std::max(edge, 0.05f);
    const float dark =
        std::clamp(0.55f - 0.45f * depth + lesion.variety * patch, 0.0f, 1.0f);
    const float red = std::clamp(lesion.variety * (-patch - 0.25f), 0.0f, 0.7f);
    for (int c = 0; c < 3; ++c) {
      float tone = skin.brown[c] + dark * (skin.dark[c] - skin.brown[c]);
      tone += red * (skin.red[c] - tone);
      (*colour)[c] += inside * (tone - (*colour)[c]);
    }
  }

  void Hairs(Image* image) {
    const auto hairs = static_cast<int>(random_.NextBelow(9));
    for (int h = 0; h < hairs; ++h) {
      float x = Between(&random_, 0, side_), y = Between(&random_, 0, side_);
      float angle = Between(&random_, 0, 2 * std::numbers::pi);
      const float bend =
          Between(&random_, -1.5, 1.5) / static_cast<float>(side_);
      const int length = static_cast<int>(Between(&random_, 0.3, 0.8) *
                                          static_cast<float>(side_));
      for (int i = 0; i < length; ++i) {
        x += std::cos(angle);
        y += std::sin(angle);
        angle += bend;
        Darken(static_cast<int>(x), static_cast<int>(y), image);
        if (side_ >= 192)
          Darken(static_cast<int>(x) + 1, static_cast<int>(y), image);
      }
    }
  }

  void Darken(int x, int y, Image* image) const {
    if (x < 0 || y < 0 || x >= side_ || y >= side_) return;
    for (int c = 0; c < 3; ++c) {
      uint8_t& value =
          image->data[(static_cast<size_t>(y) * side_ + x) * 3 + c];
      value = static_cast<uint8_t>(value * 0.45f);
    }
  }

  const PhantomScene& scene_;
  int side_;
  RandomStream random_;
  Plane relief_, patches_, shade_;
};

}  // namespace

Image DrawSkin(const PhantomScene& scene) { return Painter(scene).Paint(); }

}  // namespace plumbline
