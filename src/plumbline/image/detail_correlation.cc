#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

#include "plumbline/image/near_duplicates.h"
#include "plumbline/image/resize.h"

namespace plumbline {
namespace {

constexpr int kSide = 64;
constexpr int kRadius = 4;
constexpr int kTile = 16;
constexpr int kTiles = kSide / kTile;
constexpr int kLeastTiles = 4;
// Standard deviation of a tile, in 16-bit values, under which nothing is on it:
// half a grey level of 8 bits.
constexpr double kLeastContrast = 128;

// Versions with up to 2.5 % cut off each side stay above this.
constexpr double kNothingAlike = 0.2;

using Details = std::array<float, kSide * kSide>;

// Without `margin` (a share of the side) of each side.
Image CutMargin(const Image& image, double margin) {
  const int left = static_cast<int>(std::lround(image.width * margin));
  const int top = static_cast<int>(std::lround(image.height * margin));
  if (left == 0 && top == 0) return image;
  Image part = MakeImage(std::max(1, image.width - 2 * left),
                         std::max(1, image.height - 2 * top), 1, 2);
  for (int y = 0; y < part.height; ++y) {
    const size_t from = static_cast<size_t>(y + top) * image.width + left;
    std::copy_n(
        image.samples16().begin() + static_cast<ptrdiff_t>(from), part.width,
        part.samples16().begin() + static_cast<ptrdiff_t>(y) * part.width);
  }
  return part;
}

// Sums over a window of 2 * kRadius + 1 along a line of kSide values `step`
// apart, and how many values each window has (it ends at the border).
void SumAlong(const double* from, double* to, int step) {
  for (int i = 0; i < kSide; ++i) {
    const int first = std::max(0, i - kRadius);
    const int last = std::min(kSide - 1, i + kRadius);
    double sum = 0;
    for (int j = first; j <= last; ++j) sum += from[j * step];
    to[i * step] = sum / (last - first + 1);
  }
}

Details DetailsOf(const Image& image, double margin) {
  const Image small =
      Resize(CutMargin(image, margin), kSide, ResizeMode::kStretch);
  const auto pixels = small.samples16();
  std::vector<double> values(pixels.begin(), pixels.end());
  std::vector<double> rows(values.size()), around(values.size());
  for (int i = 0; i < kSide; ++i) {
    SumAlong(&values[static_cast<size_t>(i) * kSide],
             &rows[static_cast<size_t>(i) * kSide], 1);
  }
  for (int i = 0; i < kSide; ++i) SumAlong(&rows[i], &around[i], kSide);
  Details details{};
  for (size_t i = 0; i < details.size(); ++i) {
    details[i] = static_cast<float>(values[i] - around[i]);
  }
  return details;
}

using Tile = std::array<float, kTile * kTile>;

Tile TileOf(const Details& details, int tile) {
  Tile values{};
  for (int row = 0; row < kTile; ++row) {
    const int start =
        (tile / kTiles * kTile + row) * kSide + tile % kTiles * kTile;
    std::copy_n(&details[start], kTile, &values[row * kTile]);
  }
  return values;
}

// About the mean.
double SquaresOf(const Tile& x) {
  double sum = 0, squares = 0;
  for (const double a : x) {
    sum += a;
    squares += a * a;
  }
  return squares - sum * sum / static_cast<double>(x.size());
}

// 0 if one of them is flat.
double Correlation(const Tile& x, const Tile& y) {
  double sx = 0, sy = 0, sxx = 0, syy = 0, sxy = 0;
  for (size_t i = 0; i < x.size(); ++i) {
    const double a = x[i], b = y[i];
    sx += a;
    sy += b;
    sxx += a * a;
    syy += b * b;
    sxy += a * b;
  }
  const auto n = static_cast<double>(x.size());
  const double vx = sxx - sx * sx / n, vy = syy - sy * sy / n;
  return vx > 0 && vy > 0 ? (sxy - sx * sy / n) / std::sqrt(vx * vy) : 0;
}

// Large values brought nearer, x / (|x| + median |x|): one strong edge must not
// speak for a whole tile.
Tile Softened(const Tile& x) {
  Tile sizes;
  for (size_t i = 0; i < x.size(); ++i) sizes[i] = std::abs(x[i]);
  const auto middle = sizes.begin() + sizes.size() / 2;
  std::nth_element(sizes.begin(), middle, sizes.end());
  const float scale = std::max(*middle, 1e-6f);
  Tile soft;
  for (size_t i = 0; i < x.size(); ++i) {
    soft[i] = x[i] / (std::abs(x[i]) + scale);
  }
  return soft;
}

// Median correlation of the tiles that have structure in x or in y, the smaller
// of the plain and of the softened one; a tile that has it in only one of them
// counts as 0.
double TileMedian(const Details& x, const Details& y) {
  std::vector<double> plain, soft;
  for (int tile = 0; tile < kTiles * kTiles; ++tile) {
    const Tile a = TileOf(x, tile), b = TileOf(y, tile);
    constexpr double kLeast = kLeastContrast * kLeastContrast * kTile * kTile;
    const bool has_a = SquaresOf(a) >= kLeast, has_b = SquaresOf(b) >= kLeast;
    if (!has_a && !has_b) continue;
    const bool both = has_a && has_b;
    plain.push_back(both ? Correlation(a, b) : 0);
    soft.push_back(both ? Correlation(Softened(a), Softened(b)) : 0);
  }
  if (plain.size() < kLeastTiles) return -1;
  // The lower of the two middle ones.
  const auto median = [](std::vector<double>* tiles) {
    const auto middle =
        tiles->begin() + static_cast<ptrdiff_t>(tiles->size() - 1) / 2;
    std::nth_element(tiles->begin(), middle, tiles->end());
    return *middle;
  };
  return std::min(median(&plain), median(&soft));
}

}  // namespace

double DetailCorrelation(const Image& first, const Image& second,
                         const HashPair& pair) {
  const Image a = ToUint16(ToGrey(first));
  const Image b = ToUint16(ToGrey(ChangePicture(second, pair.variant)));
  const Details whole_a = DetailsOf(a, 0);
  const Details whole_b = DetailsOf(b, 0);
  double best = TileMedian(whole_a, whole_b);
  // Whole hashes are near: what could be cut off is little, and does not take
  // all likeness away. Nine of ten pairs of different films end here.
  if (pair.cropped == 0 && best < kNothingAlike) return best;
  for (const double margin : {0.0125, 0.025, 0.0375}) {
    if (pair.cropped != 2) {
      best = std::max(best, TileMedian(DetailsOf(a, margin), whole_b));
    }
    if (pair.cropped != 1) {
      best = std::max(best, TileMedian(whole_a, DetailsOf(b, margin)));
    }
  }
  return best;
}

}  // namespace plumbline
