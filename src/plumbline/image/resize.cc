#include "plumbline/image/resize.h"

#include <algorithm>
#include <cmath>
#include <span>
#include <vector>

#include "plumbline/base/error.h"
#include "plumbline/base/text.h"
#include "plumbline/stats/target_clones.h"

namespace plumbline {
namespace {

// Which old pixels a new one is made of.
struct Taps {
  int first = 0;
  std::vector<float> weights;
};

// New pixels [0, to) from the interval [begin, begin + length) of `from` old
// ones.
std::vector<Taps> TapsOf(int from, double begin, double length, int to) {
  const double scale = length / to;
  const double radius = std::max(scale, 1.0);
  std::vector<Taps> taps(to);
  for (int i = 0; i < to; ++i) {
    const double centre = begin + (i + 0.5) * scale;
    const int first =
        std::max(0, static_cast<int>(std::floor(centre - radius)));
    const int last =
        std::min(from, static_cast<int>(std::ceil(centre + radius)));
    taps[i].first = first;
    double sum = 0;
    std::vector<double> weights;
    for (int j = first; j < last; ++j) {
      const double w = std::max(0.0, 1 - std::abs(j + 0.5 - centre) / radius);
      weights.push_back(w);
      sum += w;
    }
    for (const double w : weights) {
      taps[i].weights.push_back(static_cast<float>(w / sum));
    }
  }
  return taps;
}

template <typename T>
inline void AddRow(const T* row, float weight, int count, float* sums) {
  for (int i = 0; i < count; ++i) {
    sums[i] += weight * static_cast<float>(row[i]);
  }
}

PLUMBLINE_TARGET_CLONES
void AddRow8(const uint8_t* row, float weight, int count, float* sums) {
  AddRow(row, weight, count, sums);
}

PLUMBLINE_TARGET_CLONES
void AddRow16(const uint16_t* row, float weight, int count, float* sums) {
  AddRow(row, weight, count, sums);
}

// Where the picture lies in the new square, and which part of the old one it
// shows.
struct Placement {
  int left = 0, top = 0, width = 0, height = 0;
  double from_x = 0, from_y = 0, from_width = 0, from_height = 0;
};

Placement Place(const Image& image, int side, ResizeMode mode) {
  Placement p{0, 0, side, side, 0, 0, 1.0 * image.width, 1.0 * image.height};
  const double longer = std::max(image.width, image.height);
  const double shorter = std::min(image.width, image.height);
  if (mode == ResizeMode::kFit) {
    const auto scaled = [&](int old) {
      return std::max(1, static_cast<int>(std::lround(old * side / longer)));
    };
    p.width = scaled(image.width);
    p.height = scaled(image.height);
    p.left = (side - p.width) / 2;
    p.top = (side - p.height) / 2;
  } else if (mode == ResizeMode::kCrop) {
    p.from_x = (image.width - shorter) / 2;
    p.from_y = (image.height - shorter) / 2;
    p.from_width = p.from_height = shorter;
  }
  return p;
}

template <typename T>
void ResizeInto(const Image& image, std::span<const T> from,
                const Placement& place, Image* square, std::span<T> to) {
  const int channels = image.channels;
  const int row_samples = image.width * channels;
  const auto columns =
      TapsOf(image.width, place.from_x, place.from_width, place.width);
  const auto rows =
      TapsOf(image.height, place.from_y, place.from_height, place.height);
  std::vector<float> sums(row_samples);
  for (int y = 0; y < place.height; ++y) {
    std::fill(sums.begin(), sums.end(), 0.0f);
    for (size_t k = 0; k < rows[y].weights.size(); ++k) {
      const T* row =
          &from[(rows[y].first + k) * static_cast<size_t>(row_samples)];
      if constexpr (sizeof(T) == 1) {
        AddRow8(row, rows[y].weights[k], row_samples, sums.data());
      } else {
        AddRow16(row, rows[y].weights[k], row_samples, sums.data());
      }
    }
    T* out =
        &to[(static_cast<size_t>(place.top + y) * square->width + place.left) *
            channels];
    for (int x = 0; x < place.width; ++x) {
      const Taps& taps = columns[x];
      for (int c = 0; c < channels; ++c) {
        float sum = 0;
        const float* sample =
            &sums[static_cast<size_t>(taps.first) * channels + c];
        for (const float weight : taps.weights) {
          sum += weight * *sample;
          sample += channels;
        }
        *out++ = static_cast<T>(sum + 0.5f);
      }
    }
  }
}

}  // namespace

ResizeMode ParseResizeMode(const std::string& text) {
  const std::vector<std::string> names = {"fit", "crop", "stretch"};
  for (size_t i = 0; i < names.size(); ++i) {
    if (text == names[i]) return static_cast<ResizeMode>(i);
  }
  throw Error(ErrorCode::kUsage, "\"{}\" is no way to resize: expected {}{}",
              text, JoinWords(names, "or"), DidYouMean(text, names));
}

const char* NameOf(ResizeMode mode) {
  switch (mode) {
    case ResizeMode::kFit:
      return "fit";
    case ResizeMode::kCrop:
      return "crop";
    case ResizeMode::kStretch:
      return "stretch";
  }
  return "";
}

Image Resize(const Image& image, int side, ResizeMode mode) {
  if (side < 1 || side > 16384) {
    throw Error(ErrorCode::kUsage,
                "cannot resize to {} pixels: expected 1 to 16384", side);
  }
  if (image.width == side && image.height == side) return image;
  Image square = MakeImage(side, side, image.channels, image.bytes_per_sample);
  const Placement place = Place(image, side, mode);
  if (image.bytes_per_sample == 1) {
    ResizeInto(image, image.samples8(), place, &square, square.samples8());
  } else {
    ResizeInto(image, image.samples16(), place, &square, square.samples16());
  }
  return square;
}

}  // namespace plumbline
