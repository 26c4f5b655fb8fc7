#include "plumbline/solve/cholesky.h"

#include <cmath>

namespace plumbline {
namespace {

constexpr double kZeroPivot = 1e-12;

// Row i of L from the rows above it; returns the pivot (before the root).
double FactorRow(std::span<const double> matrix, size_t size, size_t i,
                 std::vector<double>* factor) {
  double* row = factor->data() + i * size;
  double pivot = matrix[i * size + i];
  for (size_t j = 0; j < i; ++j) {
    const double* other = factor->data() + j * size;
    double sum = matrix[i * size + j];
    for (size_t k = 0; k < j; ++k) sum -= row[k] * other[k];
    row[j] = other[j] > 0 ? sum / other[j] : 0;
    pivot -= row[j] * row[j];
  }
  return pivot;
}

}  // namespace

Cholesky::Cholesky(std::span<const double> matrix, size_t size)
    : size_(size), factor_(size * size, 0) {
  for (size_t i = 0; i < size && ok_; ++i) {
    const double pivot = FactorRow(matrix, size, i, &factor_);
    ok_ = pivot > kZeroPivot * matrix[i * size + i];
    factor_[i * size + i] = ok_ ? std::sqrt(pivot) : 0;
  }
}

void Cholesky::Solve(std::span<double> b) const {
  for (size_t i = 0; i < size_; ++i) {
    const double* row = factor_.data() + i * size_;
    for (size_t k = 0; k < i; ++k) b[i] -= row[k] * b[k];
    b[i] /= row[i];
  }
  for (size_t i = size_; i-- > 0;) {
    b[i] /= factor_[i * size_ + i];
    const double* row = factor_.data() + i * size_;
    for (size_t k = 0; k < i; ++k) b[k] -= row[k] * b[i];
  }
}

std::vector<double> Cholesky::Inverse() const {
  std::vector<double> inverse(size_ * size_, 0);
  for (size_t i = 0; i < size_; ++i) {
    // The inverse is symmetric, so its rows serve as columns.
    const std::span<double> column(inverse.data() + i * size_, size_);
    column[i] = 1;
    Solve(column);
  }
  return inverse;
}

std::vector<double> SemidefiniteFactor(std::span<const double> matrix,
                                       size_t size) {
  std::vector<double> factor(size * size, 0);
  for (size_t i = 0; i < size; ++i) {
    const double pivot = FactorRow(matrix, size, i, &factor);
    const bool positive = pivot > kZeroPivot * matrix[i * size + i];
    factor[i * size + i] = positive ? std::sqrt(pivot) : 0;
  }
  return factor;
}

std::vector<size_t> IndependentColumns(std::span<const double> cross_products,
                                       size_t size, double tolerance) {
  std::vector<double> factor(size * size, 0);
  std::vector<size_t> independent;
  for (size_t i = 0; i < size; ++i) {
    const double pivot = FactorRow(cross_products, size, i, &factor);
    const bool positive = pivot > tolerance * cross_products[i * size + i];
    factor[i * size + i] = positive ? std::sqrt(pivot) : 0;
    if (positive) independent.push_back(i);
  }
  return independent;
}

}  // namespace plumbline
