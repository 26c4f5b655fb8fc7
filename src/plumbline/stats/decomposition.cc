#include "plumbline/stats/decomposition.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace plumbline {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

struct Shared {
  std::vector<size_t> strata;  // that both have
  double rows_a = 0, rows_b = 0;
  double all_a = 0, all_b = 0;
};

Shared FindShared(std::span<const StratumCounts> a,
                  std::span<const StratumCounts> b) {
  Shared shared;
  for (size_t k = 0; k < a.size(); ++k) {
    shared.all_a += a[k].rows;
    shared.all_b += b[k].rows;
    if (a[k].rows <= 0 || b[k].rows <= 0) continue;
    shared.strata.push_back(k);
    shared.rows_a += a[k].rows;
    shared.rows_b += b[k].rows;
  }
  return shared;
}

// x with A x = b by Gaussian elimination with pivots; false if A is singular.
bool SolveSmall(std::vector<double> a, std::vector<double>* b) {
  const size_t n = b->size();
  for (size_t i = 0; i < n; ++i) {
    size_t pivot = i;
    for (size_t r = i + 1; r < n; ++r) {
      if (std::abs(a[r * n + i]) > std::abs(a[pivot * n + i])) pivot = r;
    }
    if (std::abs(a[pivot * n + i]) < 1e-14) return false;
    if (pivot != i) {
      for (size_t c = 0; c < n; ++c) std::swap(a[pivot * n + c], a[i * n + c]);
      std::swap((*b)[pivot], (*b)[i]);
    }
    for (size_t r = i + 1; r < n; ++r) {
      const double factor = a[r * n + i] / a[i * n + i];
      for (size_t c = i; c < n; ++c) a[r * n + c] -= factor * a[i * n + c];
      (*b)[r] -= factor * (*b)[i];
    }
  }
  for (size_t i = n; i-- > 0;) {
    for (size_t c = i + 1; c < n; ++c) (*b)[i] -= a[i * n + c] * (*b)[c];
    (*b)[i] /= a[i * n + i];
  }
  return true;
}

}  // namespace

KitagawaResult Kitagawa(std::span<const StratumCounts> a,
                        std::span<const StratumCounts> b) {
  const Shared shared = FindShared(a, b);
  if (shared.strata.empty()) return {kNaN, kNaN, kNaN, kNaN, kNaN};
  KitagawaResult result;
  for (const size_t k : shared.strata) {
    const double w_a = a[k].rows / shared.rows_a;
    const double w_b = b[k].rows / shared.rows_b;
    const double r_a = a[k].positives / a[k].rows;
    const double r_b = b[k].positives / b[k].rows;
    result.difference += w_a * r_a - w_b * r_b;
    result.composition += (w_a - w_b) * (r_a + r_b) / 2;
    result.rate += (r_a - r_b) * (w_a + w_b) / 2;
  }
  result.left_out_a = 1 - shared.rows_a / shared.all_a;
  result.left_out_b = 1 - shared.rows_b / shared.all_b;
  return result;
}

StandardisedDifference Standardise(std::span<const StratumCounts> a,
                                   std::span<const StratumCounts> b) {
  const Shared shared = FindShared(a, b);
  if (shared.strata.empty()) return {kNaN, kNaN, 0, 0};
  StandardisedDifference result;
  for (const size_t k : shared.strata) {
    result.crude +=
        a[k].positives / shared.rows_a - b[k].positives / shared.rows_b;
  }
  for (const size_t k : shared.strata) {
    const double weight =
        (a[k].rows + b[k].rows) / (shared.rows_a + shared.rows_b);
    const double within =
        a[k].positives / a[k].rows - b[k].positives / b[k].rows;
    result.standardised += weight * within;
    if (within * result.crude > 0) ++result.same_sign;
    if (within * result.crude < 0) ++result.other_sign;
  }
  return result;
}

double BinarySmd(double p_a, double p_b) {
  const double spread = (p_a * (1 - p_a) + p_b * (1 - p_b)) / 2;
  if (spread <= 0) return p_a == p_b ? 0 : kNaN;
  return (p_a - p_b) / std::sqrt(spread);
}

double CategoricalSmd(std::span<const double> counts_a,
                      std::span<const double> counts_b) {
  std::vector<double> p, q;
  const double all_a = std::accumulate(counts_a.begin(), counts_a.end(), 0.0);
  const double all_b = std::accumulate(counts_b.begin(), counts_b.end(), 0.0);
  if (all_a <= 0 || all_b <= 0) return kNaN;
  for (size_t k = 0; k < counts_a.size(); ++k) {
    if (counts_a[k] + counts_b[k] <= 0) continue;
    p.push_back(counts_a[k] / all_a);
    q.push_back(counts_b[k] / all_b);
  }
  if (p.size() < 2) return 0;
  const size_t n = p.size() - 1;
  std::vector<double> covariance(n * n), difference(n);
  for (size_t i = 0; i < n; ++i) {
    difference[i] = p[i] - q[i];
    for (size_t j = 0; j < n; ++j) {
      covariance[i * n + j] = i == j
                                  ? (p[i] * (1 - p[i]) + q[i] * (1 - q[i])) / 2
                                  : -(p[i] * p[j] + q[i] * q[j]) / 2;
    }
  }
  std::vector<double> solved = difference;
  if (!SolveSmall(covariance, &solved)) return kNaN;
  return std::sqrt(
      std::max(0.0, std::inner_product(difference.begin(), difference.end(),
                                       solved.begin(), 0.0)));
}

double KullbackLeibler(std::span<const double> counts_q,
                       std::span<const double> shares_p) {
  const auto k = static_cast<double>(counts_q.size());
  const double all = std::accumulate(counts_q.begin(), counts_q.end(), 0.0);
  double sum = 0;
  for (size_t i = 0; i < counts_q.size(); ++i) {
    const double q = (counts_q[i] + 0.5) / (all + k / 2);
    const double p = (shares_p[i] * all + 0.5) / (all + k / 2);
    sum += q * std::log(q / p);
  }
  return sum;
}

double StabilityIndex(std::span<const double> counts_q,
                      std::span<const double> counts_p) {
  double all_q = 0, all_p = 0;
  const auto padded = [&](size_t i, double count) {
    const bool lacks = counts_q[i] <= 0 || counts_p[i] <= 0;
    return counts_q[i] + counts_p[i] > 0 && lacks ? count + 0.5 : count;
  };
  for (size_t i = 0; i < counts_q.size(); ++i) {
    all_q += padded(i, counts_q[i]);
    all_p += padded(i, counts_p[i]);
  }
  if (all_q <= 0 || all_p <= 0) return kNaN;
  double sum = 0;
  for (size_t i = 0; i < counts_q.size(); ++i) {
    const double q = padded(i, counts_q[i]) / all_q;
    const double p = padded(i, counts_p[i]) / all_p;
    if (q > 0 && p > 0) sum += (q - p) * std::log(q / p);
  }
  return sum;
}

double RoganGladen(double apparent, double sensitivity, double specificity) {
  const double youden = sensitivity + specificity - 1;
  if (!(youden > 0)) return kNaN;
  return std::clamp((apparent + specificity - 1) / youden, 0.0, 1.0);
}

}  // namespace plumbline
