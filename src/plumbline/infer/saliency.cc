#include "plumbline/infer/saliency.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <unordered_set>

#include "plumbline/image/resize.h"

namespace plumbline {
namespace {

// How much of the colour covers the picture where the map is 1.
constexpr float kStrongest = 0.6F;
constexpr int kSmallestShown = 256;

// Black body: red first, yellow at the strongest.
std::array<float, 3> ColourOf(float strength) {
  return {255, std::max(0.0F, 2 * strength - 1) * 255, 0};
}

}  // namespace

Image OverlayOf(const Image& picture, std::span<const float> map, int side) {
  const Image grey =
      Resize(ToUint8(ToGrey(picture)), side, ResizeMode::kStretch);
  Image overlay = MakeImage(side, side, 3, 1);
  for (int64_t i = 0; i < int64_t{side} * side; ++i) {
    const float strength = std::clamp(map[i], 0.0F, 1.0F);
    const std::array<float, 3> colour = ColourOf(strength);
    const float cover = kStrongest * strength;
    for (int c = 0; c < 3; ++c) {
      overlay.data[3 * i + c] = static_cast<uint8_t>(std::lround(
          (1 - cover) * static_cast<float>(grey.data[i]) + cover * colour[c]));
    }
  }
  return overlay;
}

std::vector<int64_t> HighestRows(const Predictions& predictions, int64_t output,
                                 int64_t most) {
  std::vector<int64_t> rows(predictions.rows);
  std::iota(rows.begin(), rows.end(), 0);
  std::erase_if(rows,
                [&](int64_t row) { return predictions.image_of_row[row] < 0; });
  std::stable_sort(rows.begin(), rows.end(), [&](int64_t a, int64_t b) {
    return predictions.Score(a, output) > predictions.Score(b, output);
  });
  std::unordered_set<int64_t> seen;
  std::vector<int64_t> highest;
  for (const int64_t row : rows) {
    if (static_cast<int64_t>(highest.size()) >= most) break;
    if (seen.insert(predictions.image_of_row[row]).second) {
      highest.push_back(row);
    }
  }
  return highest;
}

Image Explain(Scorer* scorer, const PackedCohort& packed, int64_t image,
              int64_t output) {
  const Preprocessing& preprocessing = scorer->card().preprocessing;
  const Image picture = packed.ImageAt(image);
  std::vector<float> input(preprocessing.input_size());
  PrepareInput(picture, preprocessing, input.data());
  const int side = preprocessing.side;
  const Image overlay =
      OverlayOf(picture, scorer->Saliency(input, 1, output), side);
  // Large enough to be looked at.
  const int times = (kSmallestShown + side - 1) / side;
  return times > 1 ? Resize(overlay, side * times, ResizeMode::kStretch)
                   : overlay;
}

}  // namespace plumbline
