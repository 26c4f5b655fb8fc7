#include "plumbline/image/quality.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <vector>

namespace plumbline {
namespace {

constexpr QualityMeasure kMeasures[kQualityMeasures] = {
    {"brightness", "Brightness", "mean grey value, 0 black to 1 white"},
    {"contrast", "Contrast", "standard deviation of grey values"},
    {"black_share", "Black", "share of pixels that are black"},
    {"white_share", "White", "share of pixels that are white"},
    {"entropy", "Entropy", "spread of grey values over 64 classes, in bits"},
    {"sharpness", "Sharpness", "strength of edges over contrast"},
    {"noise", "Noise", "standard deviation of noise, by the Laplacian"},
    {"snr", "Signal to noise", "brightness over noise"},
    {"field", "Field", "share of the picture that black bars leave"},
    {"border", "Border", "brightness of the border over that of the middle"}};

// 8 bits of grey value are enough for every measure but noise, for which the 16
// are kept.
struct Grey {
  int width = 0, height = 0;
  std::vector<uint16_t> pixels;
  const uint16_t* Row(int y) const {
    return &pixels[static_cast<size_t>(y) * width];
  }
};

Grey ToPlane(const Image& image) {
  const Image grey = ToGrey(image);
  Grey plane{grey.width, grey.height, {}};
  plane.pixels.resize(grey.samples());
  if (grey.bytes_per_sample == 1) {
    for (size_t i = 0; i < plane.pixels.size(); ++i) {
      plane.pixels[i] = static_cast<uint16_t>(grey.data[i] * 257);
    }
  } else {
    std::copy_n(grey.samples16().begin(), plane.pixels.size(),
                plane.pixels.begin());
  }
  return plane;
}

void AddTones(const Grey& plane, QualityValues* values) {
  std::vector<uint32_t> counts(65536, 0);
  for (const uint16_t pixel : plane.pixels) ++counts[pixel];
  const auto pixels = static_cast<double>(plane.pixels.size());
  double sum = 0, squares = 0, black = 0, white = 0;
  std::array<double, 64> classes{};
  for (int level = 0; level < 65536; ++level) {
    if (counts[level] == 0) continue;
    const double value = level / 65535.0;
    const double share = counts[level] / pixels;
    sum += share * value;
    squares += share * value * value;
    if (level <= 257) black += share;
    if (level >= 254 * 257) white += share;
    classes[level / 1024] += share;
  }
  double entropy = 0;
  for (const double share : classes) {
    if (share > 0) entropy -= share * std::log2(share);
  }
  (*values)[0] = static_cast<float>(sum);
  (*values)[1] =
      static_cast<float>(std::sqrt(std::max(0.0, squares - sum * sum)));
  (*values)[2] = static_cast<float>(black);
  (*values)[3] = static_cast<float>(white);
  (*values)[4] = static_cast<float>(std::abs(entropy));
}

// Share of the area of the rectangle that holds all rows and columns with a
// pixel above 0.04.
double FieldOf(const Grey& plane) {
  constexpr uint16_t kDark = 2621;  // 0.04 of 65535
  int left = plane.width, right = -1, top = plane.height, bottom = -1;
  for (int y = 0; y < plane.height; ++y) {
    const uint16_t* row = plane.Row(y);
    int first = 0;
    while (first < plane.width && row[first] <= kDark) ++first;
    if (first == plane.width) continue;
    int last = plane.width - 1;
    while (row[last] <= kDark) --last;
    left = std::min(left, first);
    right = std::max(right, last);
    top = std::min(top, y);
    bottom = y;
  }
  if (right < 0) return 0;
  return static_cast<double>(right - left + 1) * (bottom - top + 1) /
         (static_cast<double>(plane.width) * plane.height);
}

double BorderOf(const Grey& plane) {
  const int bx = std::max(1, plane.width / 20);
  const int by = std::max(1, plane.height / 20);
  double border = 0, middle = 0;
  int64_t border_pixels = 0, middle_pixels = 0;
  for (int y = 0; y < plane.height; ++y) {
    const uint16_t* row = plane.Row(y);
    const bool edge_row = y < by || y >= plane.height - by;
    const bool middle_row = y >= plane.height / 3 && y < 2 * plane.height / 3;
    for (int x = 0; x < plane.width; ++x) {
      if (edge_row || x < bx || x >= plane.width - bx) {
        border += row[x];
        ++border_pixels;
      } else if (middle_row && x >= plane.width / 3 &&
                 x < 2 * plane.width / 3) {
        middle += row[x];
        ++middle_pixels;
      }
    }
  }
  if (middle <= 0) return std::numeric_limits<double>::quiet_NaN();
  return (border / static_cast<double>(border_pixels)) /
         (middle / static_cast<double>(middle_pixels));
}

// Root mean square of the 4-neighbour Laplacian, and the noise from the median
// of the absolute values of Immerkaer's mask, whose response to noise of
// standard deviation s is 6 s.
void AddDetails(const Grey& plane, QualityValues* values) {
  constexpr int kBins = 4096;
  // Absolute responses are at most 8 * 65535; 128 grey values of 16 bits to a
  // class near 0 would be too coarse, so that classes are 2 wide up to 8190.
  std::vector<uint32_t> counts(kBins + 1, 0);
  double squares = 0;
  for (int y = 1; y + 1 < plane.height; ++y) {
    const uint16_t* above = plane.Row(y - 1);
    const uint16_t* here = plane.Row(y);
    const uint16_t* below = plane.Row(y + 1);
    int64_t of_row = 0;
    for (int x = 1; x + 1 < plane.width; ++x) {
      const int cross = above[x] + below[x] + here[x - 1] + here[x + 1];
      const int corners =
          above[x - 1] + above[x + 1] + below[x - 1] + below[x + 1];
      const int64_t laplacian = cross - 4 * here[x];
      of_row += laplacian * laplacian / 16;
      const int mask = corners - 2 * cross + 4 * here[x];
      ++counts[std::min(kBins, std::abs(mask) / 32)];
    }
    squares += static_cast<double>(of_row);
  }
  const int64_t pixels =
      static_cast<int64_t>(plane.width - 2) * (plane.height - 2);
  const double rms =
      std::sqrt(squares * 16 / static_cast<double>(pixels)) / 65535;
  int64_t below = 0;
  int bin = 0;
  while (bin < kBins && 2 * (below + counts[bin]) < pixels) {
    below += counts[bin++];
  }
  // Within the class of the median, by proportion.
  const double part =
      counts[bin] == 0
          ? 0
          : (0.5 * static_cast<double>(pixels) - static_cast<double>(below)) /
                counts[bin];
  const double median = bin == 0 && part <= 0 ? 0 : 32 * (bin + part);
  constexpr double kMedianOfNormal = 0.6744897501960817;
  // Everything equal gives a median inside the first class of 0 to 31, which
  // is no noise at all.
  const double noise =
      counts[0] == pixels ? 0 : median / kMedianOfNormal / 6 / 65535;
  const double contrast = (*values)[1];
  (*values)[5] = contrast < 1e-4 ? std::numeric_limits<float>::quiet_NaN()
                                 : static_cast<float>(rms / contrast);
  (*values)[6] = static_cast<float>(noise);
  (*values)[7] = static_cast<float>(
      noise > 0 ? std::min(10000.0, (*values)[0] / noise) : 10000.0);
}

}  // namespace

std::span<const QualityMeasure, kQualityMeasures> AllQualityMeasures() {
  return kMeasures;
}

QualityValues MeasureQuality(const Image& image) {
  QualityValues values;
  values.fill(std::numeric_limits<float>::quiet_NaN());
  const Grey plane = ToPlane(image);
  AddTones(plane, &values);
  if (plane.width < 8 || plane.height < 8) return values;
  AddDetails(plane, &values);
  values[8] = static_cast<float>(FieldOf(plane));
  values[9] = static_cast<float>(BorderOf(plane));
  return values;
}

}  // namespace plumbline
