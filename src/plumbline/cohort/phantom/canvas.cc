#include "plumbline/cohort/phantom/canvas.h"

namespace plumbline {

void AddSmoothNoise(int cells, float amplitude, uint64_t seed, Plane* plane) {
  const int points = cells + 2;
  Grain grain(seed);
  std::vector<float> lattice(static_cast<size_t>(points) * points);
  for (float& value : lattice) value = amplitude * grain.Normal();
  const float scale =
      static_cast<float>(cells) / static_cast<float>(plane->side);
  // Of each column: the lattice point at its left and how far from it.
  std::vector<int> left(plane->side);
  std::vector<float> weight(plane->side);
  for (int x = 0; x < plane->side; ++x) {
    const float at = (static_cast<float>(x) + 0.5f) * scale;
    left[x] = static_cast<int>(at);
    const float t = at - static_cast<float>(left[x]);
    weight[x] = t * t * (3 - 2 * t);
  }
  std::vector<float> between(points);
  for (int y = 0; y < plane->side; ++y) {
    const float at = (static_cast<float>(y) + 0.5f) * scale;
    const int top = static_cast<int>(at);
    const float t = at - static_cast<float>(top);
    const float w = t * t * (3 - 2 * t);
    for (int i = 0; i < points; ++i) {
      const float above = lattice[static_cast<size_t>(top) * points + i];
      const float below = lattice[static_cast<size_t>(top + 1) * points + i];
      between[i] = above + w * (below - above);
    }
    float* row = plane->row(y);
    for (int x = 0; x < plane->side; ++x) {
      const float a = between[left[x]];
      row[x] += a + weight[x] * (between[left[x] + 1] - a);
    }
  }
}

void AddGrain(float amplitude, uint64_t seed, Plane* plane) {
  Grain grain(seed);
  for (float& value : plane->values) value += amplitude * grain.Normal();
}

void Blur(int times, Plane* plane) {
  const int side = plane->side;
  std::vector<float> before(side);
  for (int t = 0; t < times; ++t) {
    for (int y = 0; y < side; ++y) {
      float* row = plane->row(y);
      float last = row[0];
      for (int x = 0; x < side; ++x) {
        const float here = row[x];
        const float next = row[std::min(x + 1, side - 1)];
        row[x] = 0.25f * (last + next) + 0.5f * here;
        last = here;
      }
    }
    std::copy_n(plane->row(0), side, before.begin());
    for (int y = 0; y < side; ++y) {
      float* row = plane->row(y);
      const float* below = plane->row(std::min(y + 1, side - 1));
      for (int x = 0; x < side; ++x) {
        const float here = row[x];
        row[x] = 0.25f * (before[x] + below[x]) + 0.5f * here;
        before[x] = here;
      }
    }
  }
}

}  // namespace plumbline
