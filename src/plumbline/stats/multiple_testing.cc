#include "plumbline/stats/multiple_testing.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>

namespace plumbline {
namespace {

// Indices of the p-values that are not NaN, smallest p first.
std::vector<size_t> Order(std::span<const double> p) {
  std::vector<size_t> order;
  for (size_t i = 0; i < p.size(); ++i) {
    if (!std::isnan(p[i])) order.push_back(i);
  }
  std::stable_sort(order.begin(), order.end(),
                   [&](size_t a, size_t b) { return p[a] < p[b]; });
  return order;
}

std::vector<double> AllNan(size_t size) {
  return std::vector<double>(size, std::numeric_limits<double>::quiet_NaN());
}

// The step-up rule: p times `factor` m / rank, made monotone from the largest
// p downwards.
std::vector<double> StepUp(std::span<const double> p, double factor) {
  const std::vector<size_t> order = Order(p);
  const double tests = static_cast<double>(order.size());
  std::vector<double> adjusted = AllNan(p.size());
  double smallest_so_far = 1;
  for (size_t rank = order.size(); rank >= 1; --rank) {
    const size_t i = order[rank - 1];
    const double scaled = p[i] * factor * tests / static_cast<double>(rank);
    smallest_so_far = std::min(smallest_so_far, scaled);
    adjusted[i] = smallest_so_far;
  }
  return adjusted;
}

}  // namespace

std::vector<double> Holm(std::span<const double> p) {
  const std::vector<size_t> order = Order(p);
  std::vector<double> adjusted = AllNan(p.size());
  double largest_so_far = 0;
  for (size_t rank = 0; rank < order.size(); ++rank) {
    const double remaining = static_cast<double>(order.size() - rank);
    const double scaled = std::min(1.0, p[order[rank]] * remaining);
    largest_so_far = std::max(largest_so_far, scaled);
    adjusted[order[rank]] = largest_so_far;
  }
  return adjusted;
}

std::vector<double> BenjaminiHochberg(std::span<const double> p) {
  return StepUp(p, 1);
}

std::vector<double> BenjaminiYekutieli(std::span<const double> p) {
  double harmonic = 0;
  for (size_t rank = Order(p).size(); rank >= 1; --rank) {
    harmonic += 1 / static_cast<double>(rank);
  }
  return StepUp(p, harmonic);
}

}  // namespace plumbline
