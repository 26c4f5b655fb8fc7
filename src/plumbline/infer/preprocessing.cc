#include "plumbline/infer/preprocessing.h"

#include <cmath>
#include <cstring>

#include "plumbline/base/error.h"
#include "plumbline/base/hash.h"
#include "plumbline/base/json.h"

namespace plumbline {
namespace {

// A picture with every brightness, edges and a gradient, of the wanted shape:
// the same on every machine because it is made of whole numbers.
Image ReferenceImage(int side, int channels) {
  Image image = MakeImage(side, side, channels, 1);
  uint8_t* out = image.data.data();
  for (int y = 0; y < side; ++y) {
    for (int x = 0; x < side; ++x) {
      for (int c = 0; c < channels; ++c) {
        *out++ = static_cast<uint8_t>(
            (x * 255 / side + (y / 8 + x / 8) % 2 * 64 + y * (c + 1)) % 256);
      }
    }
  }
  return image;
}

template <typename T>
void Convert(const T* from, int64_t pixels, int channels_from, int channels_to,
             const SampleMap& map, float* to) {
  for (int c = 0; c < channels_to; ++c) {
    const T* source = from + (channels_from == 1 ? 0 : c);
    const float scale = map.scale[c], shift = map.shift[c];
    float* out = to + c * pixels;
    for (int64_t i = 0; i < pixels; ++i) {
      out[i] = static_cast<float>(source[i * channels_from]) * scale + shift;
    }
  }
}

}  // namespace

HowPacked HowItWasPacked(const PackedCohort& packed) {
  const Json about = ParseJson(packed.about_json(), "a packed file");
  const Json how = about.value("preprocessing", Json::object());
  return {ParseResizeMode(how.value("resize", "fit")),
          how.value("window", "default")};
}

void RequireValid(const Preprocessing& preprocessing) {
  const auto require = [](bool good, const char* what) {
    if (!good) throw Error(ErrorCode::kUsage, "{}", what);
  };
  require(preprocessing.side >= 1 && preprocessing.side <= 16384,
          "side: must be from 1 to 16384 pixels");
  require(preprocessing.channels == 1 || preprocessing.channels == 3,
          "channels: must be 1 or 3");
  require(std::isfinite(preprocessing.low) &&
              std::isfinite(preprocessing.high) &&
              preprocessing.low != preprocessing.high,
          "range: must be two different numbers, such as [0, 1]");
  const auto channels = static_cast<size_t>(preprocessing.channels);
  for (const auto* list : {&preprocessing.mean, &preprocessing.deviation}) {
    require(list->empty() || list->size() == channels,
            "mean and deviation: must have one number for each channel");
  }
  for (const double d : preprocessing.deviation) {
    require(std::isfinite(d) && d > 0, "deviation: must be above 0");
  }
  for (const double m : preprocessing.mean) {
    require(std::isfinite(m), "mean: must be finite");
  }
}

SampleMap MapOf(const Preprocessing& preprocessing, int bytes_per_sample) {
  const double maximum = bytes_per_sample == 1 ? 255 : 65535;
  SampleMap map;
  for (int c = 0; c < preprocessing.channels; ++c) {
    const double mean = preprocessing.mean.empty() ? 0 : preprocessing.mean[c];
    const double deviation =
        preprocessing.deviation.empty() ? 1 : preprocessing.deviation[c];
    map.scale.push_back(static_cast<float>(
        (preprocessing.high - preprocessing.low) / maximum / deviation));
    map.shift.push_back(
        static_cast<float>((preprocessing.low - mean) / deviation));
  }
  return map;
}

void PrepareInput(const Image& image, const Preprocessing& preprocessing,
                  float* input) {
  if (image.channels == 3 && preprocessing.channels == 1) {
    return PrepareInput(ToGrey(image), preprocessing, input);
  }
  if (image.width != preprocessing.side || image.height != preprocessing.side) {
    return PrepareInput(Resize(image, preprocessing.side, preprocessing.resize),
                        preprocessing, input);
  }
  const SampleMap map = MapOf(preprocessing, image.bytes_per_sample);
  const int64_t pixels = int64_t{image.width} * image.height;
  if (image.bytes_per_sample == 1) {
    Convert(image.samples8().data(), pixels, image.channels,
            preprocessing.channels, map, input);
  } else {
    Convert(image.samples16().data(), pixels, image.channels,
            preprocessing.channels, map, input);
  }
}

std::vector<float> ReferenceInput(const Preprocessing& preprocessing) {
  std::vector<float> input(preprocessing.input_size());
  PrepareInput(ReferenceImage(preprocessing.side, preprocessing.channels),
               preprocessing, input.data());
  return input;
}

std::string ReferenceHash(const Preprocessing& preprocessing) {
  const std::vector<float> input = ReferenceInput(preprocessing);
  return Sha256({reinterpret_cast<const char*>(input.data()),
                 input.size() * sizeof(float)});
}

}  // namespace plumbline
