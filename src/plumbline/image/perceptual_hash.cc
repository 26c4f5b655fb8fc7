#include "plumbline/image/perceptual_hash.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <vector>

#include "plumbline/image/resize.h"

namespace plumbline {
namespace {

constexpr int kSide = 32;
constexpr int kMostFrequency = 10;
// Standard deviation of the 32 x 32 picture, in shares of full scale, under
// which nothing is on it.
constexpr double kLeastContrast = 0.004;

struct Frequency {
  int u, v;
};

// The 64 frequencies in the order of their bits.
const std::array<Frequency, 64>& Frequencies() {
  static const auto kAll = [] {
    std::array<Frequency, 64> all{};
    int count = 0;
    for (int sum = 1; sum <= kMostFrequency; ++sum) {
      for (int u = 0; u <= sum; ++u) {
        const int v = sum - u;
        if (u == 5 && v == 5) continue;
        all[count++] = {u, v};
      }
    }
    return all;
  }();
  return kAll;
}

// cos(pi * (x + 1/2) * u / 32)
const std::array<std::array<double, kSide>, kMostFrequency + 1>& Cosines() {
  static const auto kTable = [] {
    std::array<std::array<double, kSide>, kMostFrequency + 1> table{};
    for (int u = 0; u <= kMostFrequency; ++u) {
      for (int x = 0; x < kSide; ++x) {
        table[u][x] = std::cos(std::numbers::pi * (x + 0.5) * u / kSide);
      }
    }
    return table;
  }();
  return kTable;
}

// For each variant: where each bit comes from, and whether it is flipped.
struct BitMoves {
  std::array<uint8_t, 64> from{};
  uint64_t flips = 0;
};

const std::array<BitMoves, 8>& Moves() {
  static const auto kAll = [] {
    std::array<BitMoves, 8> all{};
    const auto& frequencies = Frequencies();
    for (int variant = 0; variant < 8; ++variant) {
      for (int bit = 0; bit < 64; ++bit) {
        Frequency f = frequencies[bit];
        const bool flip = (((variant & 1) != 0) && f.u % 2 == 1) !=
                          (((variant & 2) != 0) && f.v % 2 == 1);
        if (flip) all[variant].flips |= uint64_t{1} << bit;
        if ((variant & 4) != 0) std::swap(f.u, f.v);
        for (int other = 0; other < 64; ++other) {
          if (frequencies[other].u == f.u && frequencies[other].v == f.v) {
            all[variant].from[bit] = static_cast<uint8_t>(other);
          }
        }
      }
    }
    return all;
  }();
  return kAll;
}

Image CutMargin(const Image& image, double margin) {
  const int left = static_cast<int>(std::lround(image.width * margin));
  const int top = static_cast<int>(std::lround(image.height * margin));
  if (left == 0 && top == 0) return image;
  Image cut = MakeImage(std::max(1, image.width - 2 * left),
                        std::max(1, image.height - 2 * top), image.channels,
                        image.bytes_per_sample);
  const size_t pixel =
      static_cast<size_t>(image.channels) * image.bytes_per_sample;
  for (int y = 0; y < cut.height; ++y) {
    const size_t from =
        (static_cast<size_t>(y + top) * image.width + left) * pixel;
    std::copy_n(
        image.data.begin() + static_cast<ptrdiff_t>(from), cut.width * pixel,
        cut.data.begin() + static_cast<ptrdiff_t>(y * cut.width * pixel));
  }
  return cut;
}

}  // namespace

const char* VariantName(int variant) {
  static constexpr const char* kNames[kPictureVariants] = {
      "as it is",
      "mirrored left to right",
      "mirrored top to bottom",
      "turned by 180 degrees",
      "transposed",
      "turned by 90 degrees clockwise",
      "turned by 90 degrees counter-clockwise",
      "transposed over the other diagonal",
      "inverted",
      "mirrored left to right, inverted",
      "mirrored top to bottom, inverted",
      "turned by 180 degrees, inverted",
      "transposed, inverted",
      "turned by 90 degrees clockwise, inverted",
      "turned by 90 degrees counter-clockwise, inverted",
      "transposed over the other diagonal, inverted"};
  return kNames[variant & 15];
}

PerceptualHash HashPicture(const Image& image, double margin) {
  const Image small = Resize(ToUint16(ToGrey(CutMargin(image, margin))), kSide,
                             ResizeMode::kStretch);
  const auto pixels = small.samples16();
  double sum = 0, squares = 0;
  for (const uint16_t pixel : pixels) {
    const double value = pixel / 65535.0;
    sum += value;
    squares += value * value;
  }
  constexpr double kPixels = kSide * kSide;
  const double variance =
      std::max(0.0, squares / kPixels - (sum / kPixels) * (sum / kPixels));
  PerceptualHash hash;
  hash.has_structure = variance > kLeastContrast * kLeastContrast;
  // Columns first: along x for each frequency u.
  const auto& cosines = Cosines();
  std::array<std::array<double, kSide>, kMostFrequency + 1> along_x{};
  for (int u = 0; u <= kMostFrequency; ++u) {
    for (int y = 0; y < kSide; ++y) {
      double coefficient = 0;
      for (int x = 0; x < kSide; ++x) {
        coefficient += cosines[u][x] * pixels[y * kSide + x];
      }
      along_x[u][y] = coefficient;
    }
  }
  const auto& frequencies = Frequencies();
  for (int bit = 0; bit < 64; ++bit) {
    double coefficient = 0;
    for (int y = 0; y < kSide; ++y) {
      coefficient +=
          cosines[frequencies[bit].v][y] * along_x[frequencies[bit].u][y];
    }
    if (coefficient > 0) hash.bits |= uint64_t{1} << bit;
  }
  return hash;
}

uint64_t ChangeHash(uint64_t bits, int variant) {
  const BitMoves& moves = Moves()[variant & 7];
  uint64_t changed = bits;
  if ((variant & 4) != 0) {
    changed = 0;
    for (int bit = 0; bit < 64; ++bit) {
      changed |= ((bits >> moves.from[bit]) & 1) << bit;
    }
  }
  changed ^= moves.flips;
  return (variant & 8) != 0 ? ~changed : changed;
}

std::array<uint64_t, kPictureVariants> AllVariants(uint64_t bits) {
  std::array<uint64_t, kPictureVariants> all{};
  // One transposition serves half of them.
  const uint64_t transposed = ChangeHash(bits, 4);
  for (int variant = 0; variant < 8; ++variant) {
    const uint64_t base = (variant & 4) != 0 ? transposed : bits;
    all[variant] = base ^ Moves()[variant & 3].flips;
    all[variant + 8] = ~all[variant];
  }
  return all;
}

Image ChangePicture(const Image& image, int variant) {
  const bool transpose = (variant & 4) != 0;
  Image changed = MakeImage(transpose ? image.height : image.width,
                            transpose ? image.width : image.height,
                            image.channels, image.bytes_per_sample);
  const size_t pixel =
      static_cast<size_t>(image.channels) * image.bytes_per_sample;
  for (int y = 0; y < changed.height; ++y) {
    for (int x = 0; x < changed.width; ++x) {
      int from_x = (variant & 1) != 0 ? changed.width - 1 - x : x;
      int from_y = (variant & 2) != 0 ? changed.height - 1 - y : y;
      if (transpose) std::swap(from_x, from_y);
      const size_t from =
          (static_cast<size_t>(from_y) * image.width + from_x) * pixel;
      const size_t to = (static_cast<size_t>(y) * changed.width + x) * pixel;
      std::copy_n(image.data.begin() + static_cast<ptrdiff_t>(from), pixel,
                  changed.data.begin() + static_cast<ptrdiff_t>(to));
    }
  }
  if ((variant & 8) != 0) {
    for (uint8_t& byte : changed.data) byte = static_cast<uint8_t>(~byte);
  }
  return changed;
}

}  // namespace plumbline
