#include "plumbline/cohort/phantom/attribute_signal.h"

#include <numbers>
#include <utility>

namespace plumbline {
namespace {

constexpr int kWaves = 3;

// Cycles across the picture.
std::pair<double, double> Range(SignalBand band, int side) {
  switch (band) {
    case SignalBand::kLow:
      return {2, 5};
    case SignalBand::kMiddle:
      return {10, 20};
    case SignalBand::kHigh:
      break;
  }
  return {side / 4.0, side * 3 / 8.0};
}

}  // namespace

float PlaceMask(SignalPlace place, float x, float y) {
  const float radius = std::sqrt(x * x + y * y);
  switch (place) {
    case SignalPlace::kWhole:
      return 1;
    case SignalPlace::kCentre:
      return Soft(0.5f - radius, 0.15f);
    case SignalPlace::kBorder:
      return Soft(std::max(std::abs(x), std::abs(y)) - 0.8f, 0.06f);
    case SignalPlace::kCorner:
      return Soft(0.4f - std::max(1 - x, y + 1), 0.05f);
  }
  return 0;
}

void AddAttributeSignal(const PhantomOptions& options, float amplitude,
                        uint64_t index, Plane* plane) {
  if (amplitude == 0) return;
  RandomStream random(options.seed, "phantom attribute", index);
  const auto [least, most] = Range(options.band, plane->side);
  const int side = plane->side;
  // Each wave as the real part of a product of two unit vectors, one for the
  // column and one for the row.
  struct Wave {
    std::vector<float> cos_x, sin_x, cos_y, sin_y;
  };
  std::vector<Wave> waves(kWaves);
  for (Wave& wave : waves) {
    const double cycles = Between(&random, least, most);
    const double angle = Between(&random, 0, std::numbers::pi);
    const double phase = Between(&random, 0, 2 * std::numbers::pi);
    const double step = 2 * std::numbers::pi * cycles / side;
    for (int i = 0; i < side; ++i) {
      const double along_x = step * std::cos(angle) * i + phase;
      const double along_y = step * std::sin(angle) * i;
      wave.cos_x.push_back(static_cast<float>(std::cos(along_x)));
      wave.sin_x.push_back(static_cast<float>(std::sin(along_x)));
      wave.cos_y.push_back(static_cast<float>(std::cos(along_y)));
      wave.sin_y.push_back(static_cast<float>(std::sin(along_y)));
    }
  }
  const float scale = amplitude * std::sqrt(2.0f / kWaves);
  const float to_unit = 2.0f / static_cast<float>(side);
  for (int y = 0; y < side; ++y) {
    float* row = plane->row(y);
    const float v = (static_cast<float>(y) + 0.5f) * to_unit - 1;
    for (int x = 0; x < side; ++x) {
      const float u = (static_cast<float>(x) + 0.5f) * to_unit - 1;
      const float mask = PlaceMask(options.place, u, v);
      if (mask == 0) continue;
      float sum = 0;
      for (const Wave& wave : waves) {
        sum += wave.cos_x[x] * wave.cos_y[y] - wave.sin_x[x] * wave.sin_y[y];
      }
      row[x] += scale * mask * sum;
    }
  }
}

}  // namespace plumbline
