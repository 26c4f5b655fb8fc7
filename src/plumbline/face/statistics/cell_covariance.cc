#include "plumbline/face/statistics/cell_covariance.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

namespace plumbline::face {

CellCovariance::CellCovariance(const ImpostorCounts& counts,
                               const SubjectGroups& groups,
                               std::span<const Hit> accepted)
    : counts_(counts),
      groups_(groups),
      size_(static_cast<size_t>(counts.groups)),
      members_(size_),
      hits_(size_ * size_),
      hits_as_reference_(counts.as_reference.size()),
      hits_as_probe_(counts.as_probe.size()),
      hit_products_(size_ * size_),
      hit_comparisons_(size_ * size_) {
  for (size_t i = 0; i < groups.of_subject.size(); ++i) {
    members_[groups.of_subject[i]].push_back(static_cast<uint32_t>(i));
  }
  // Hits of a pair in one direction side by side.
  std::vector<Hit> across;
  for (const Hit& hit : accepted) {
    const size_t g = groups.of_subject[hit.reference];
    const size_t h = groups.of_subject[hit.probe];
    ++hits_[g * size_ + h];
    ++hits_as_reference_[hit.reference * size_ + h];
    ++hits_as_probe_[hit.probe * size_ + g];
    if (g == h) continue;
    across.push_back(hit);
    hit_comparisons_[g * size_ + h] += hit.both - hit.forward;
  }
  const auto key = [](const Hit& hit) {
    return std::pair(hit.reference, hit.probe);
  };
  const auto before = [&key](const Hit& a, const Hit& b) {
    return key(a) < key(b);
  };
  std::sort(across.begin(), across.end(), before);
  // Each hit meets those of the pair's other direction.
  for (const Hit& hit : across) {
    Hit turned = hit;
    std::swap(turned.reference, turned.probe);
    const auto [first, last] =
        std::equal_range(across.begin(), across.end(), turned, before);
    const size_t g = groups.of_subject[hit.reference];
    const size_t h = groups.of_subject[hit.probe];
    hit_products_[g * size_ + h] += static_cast<double>(last - first);
  }
}

double CellCovariance::Rate(CellPlace cell) const {
  return static_cast<double>(hits_[At(cell)]) /
         static_cast<double>(counts_.comparisons[At(cell)]);
}

double CellCovariance::Residual(size_t subject, CellPlace cell) const {
  const int group = static_cast<int>(groups_.of_subject[subject]);
  double hits = 0;
  double comparisons = 0;
  if (group == cell.reference) {
    const size_t place = subject * size_ + cell.probe;
    hits += hits_as_reference_[place];
    comparisons += counts_.as_reference[place];
  }
  if (group == cell.probe) {
    const size_t place = subject * size_ + cell.reference;
    hits += hits_as_probe_[place];
    comparisons += counts_.as_probe[place];
  }
  return hits - Rate(cell) * comparisons;
}

double CellCovariance::SharedPairs(CellPlace a, CellPlace b) const {
  if (a.reference != b.probe || a.probe != b.reference) return 0;
  return hit_products_[At(a)] - Rate(b) * hit_comparisons_[At(a)] -
         Rate(a) * hit_comparisons_[At(b)] +
         Rate(a) * Rate(b) *
             std::sqrt(counts_.squares[At(a)] * counts_.squares[At(b)]);
}

SharedCovariance CellCovariance::Of(CellPlace a, CellPlace b) const {
  const auto m_a = static_cast<double>(counts_.comparisons[At(a)]);
  const auto m_b = static_cast<double>(counts_.comparisons[At(b)]);
  constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
  if (m_a == 0 || m_b == 0) return {.all = kNaN, .pairs = kNaN};
  double sum = 0;
  for (int g = 0; g < counts_.groups; ++g) {
    // Nobody else is in both cells.
    if ((g != a.reference && g != a.probe) ||
        (g != b.reference && g != b.probe)) {
      continue;
    }
    for (const uint32_t i : members_[g]) sum += Residual(i, a) * Residual(i, b);
  }
  const double pairs = SharedPairs(a, b);
  return {.all = (sum - pairs) / (m_a * m_b), .pairs = pairs / (m_a * m_b)};
}

}  // namespace plumbline::face
