#include "plumbline/stats/e_values.h"

#include <algorithm>
#include <cmath>
#include <functional>

namespace plumbline {

std::vector<bool> EBenjaminiHochberg(std::span<const double> log_e,
                                     double alpha) {
  std::vector<double> sorted;
  for (const double value : log_e) {
    if (!std::isnan(value)) sorted.push_back(value);
  }
  std::sort(sorted.begin(), sorted.end(), std::greater<>());
  const auto n = static_cast<double>(sorted.size());
  double least = INFINITY;
  for (size_t k = sorted.size(); k > 0; --k) {
    if (sorted[k - 1] >= std::log(n / (static_cast<double>(k) * alpha))) {
      least = sorted[k - 1];
      break;
    }
  }
  std::vector<bool> rejected;
  for (const double value : log_e) {
    // Nothing is rejected where `least` stayed infinite, unless an e-value is.
    rejected.push_back(value >= least);
  }
  return rejected;
}

}  // namespace plumbline
