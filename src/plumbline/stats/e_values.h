// Decisions from several e-values.
#pragma once

#include <span>
#include <vector>

namespace plumbline {

// Which hypotheses are rejected so that the false-discovery rate is at most
// alpha, whatever the dependence: the k largest e-values, for the largest k
// with e_(k) >= n / (k alpha). `log_e`: natural logarithms; NaNs are never
// rejected and do not count in n.
//
// Source: Wang and Ramdas 2022, JRSS-B 84:822-852 (e-BH).
std::vector<bool> EBenjaminiHochberg(std::span<const double> log_e,
                                     double alpha);

}  // namespace plumbline
