// Symmetric matrices: factors, linear systems, and which columns of a design
// say nothing new.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace plumbline {

// A = L L' of a symmetric positive definite matrix.
class Cholesky {
 public:
  // `matrix`: size x size, row-major; only the lower triangle is read.
  // A pivot below 1e-12 of its diagonal element counts as zero.
  Cholesky(std::span<const double> matrix, size_t size);

  // False: not positive definite; Solve and Inverse must not be called.
  bool ok() const { return ok_; }
  size_t size() const { return size_; }

  // x with A x = b, in place; b has size() elements.
  void Solve(std::span<double> b) const;
  // size x size, row-major.
  std::vector<double> Inverse() const;

 private:
  size_t size_;
  std::vector<double> factor_;  // L, row-major
  bool ok_ = true;
};

// L (row-major, lower) with L L' = A for a positive SEMIdefinite matrix:
// columns whose pivot is below 1e-12 of the diagonal are zero. For drawing from
// a normal distribution whose covariance may be singular.
std::vector<double> SemidefiniteFactor(std::span<const double> matrix,
                                       size_t size);

// The columns of a design that are no linear combination of earlier ones, from
// its matrix of cross products (size x size, row-major): those whose pivot in
// the factorisation exceeds `tolerance` of their own sum of squares.
std::vector<size_t> IndependentColumns(std::span<const double> cross_products,
                                       size_t size, double tolerance = 1e-9);

}  // namespace plumbline
