// Adjusted p-values for a family of tests.
#pragma once

#include <span>
#include <vector>

namespace plumbline {

// Each function returns adjusted p-values in the order given, at most 1,
// monotone in p. NaN in, NaN out; NaNs do not count as tests.

// Family-wise error, any dependence. Holm 1979, Scand. J. Stat. 6:65-70.
std::vector<double> Holm(std::span<const double> p);

// False-discovery rate, independent or positively dependent tests. Benjamini
// and Hochberg 1995, JRSS-B 57:289-300.
std::vector<double> BenjaminiHochberg(std::span<const double> p);

// False-discovery rate, any dependence. Benjamini and Yekutieli 2001, Ann.
// Stat. 29:1165-1188.
std::vector<double> BenjaminiYekutieli(std::span<const double> p);

}  // namespace plumbline
