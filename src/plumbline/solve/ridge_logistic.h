// Logistic regression for two classes with a ridge, so that there always is an
// answer.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace plumbline {

// Minimises - sum_i log P(y_i | x_i) + ridge / 2 * |b|^2 over b and an
// intercept that is not penalised. `x`: rows x columns, row-major, columns of
// about the same spread; `y`: 0 or 1. Returns columns + 1 coefficients, the
// intercept last. `ridge` > 0. Newton's method with step halving.
//
// Source: le Cessie and van Houwelingen 1992, Appl. Stat. 41:191-201.
std::vector<double> FitRidgeLogistic(std::span<const double> x,
                                     std::span<const uint8_t> y, size_t columns,
                                     double ridge);

// x' b + intercept.
double LogOdds(std::span<const double> row,
               std::span<const double> coefficients);

}  // namespace plumbline
