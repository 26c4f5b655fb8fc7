// Rates of groups in which nearly nobody, or nearly everybody, has the outcome.
#pragma once

#include <span>
#include <vector>

#include "plumbline/audit/case_mix/case_mix.h"
#include "plumbline/audit/case_mix/influence.h"
#include "plumbline/audit/case_mix/mix_prepared.h"

namespace plumbline {

// A group's rate with fewer effective outcomes than this, or fewer of the
// opposite, has a variance of its own that says too little: none at all where
// nobody has the outcome.
inline constexpr double kFewOutcomes = 5;

// What the variance of the rate of each compared group lacks. With n effective
// subjects (1 / sum over subjects of their squared share in the group's weight)
// and rate m, and where n m or n (1 - m) is below kFewOutcomes, the variance is
// at least q (1 - q) / n with q = (n m + 2) / (n + 4); 0 elsewhere.
//
// `weight`: normalised, patterns x compared; `outcome`: 0 or 1, one a row.
//
// Source: Agresti and Caffo 2000, Am. Stat. 54:280-288 (two more of either
// outcome); effective numbers: Korn and Graubard 1998, Surv. Methodol.
// 24:193-201.
std::vector<double> FewOutcomesVariance(
    const MixRows& rows, const MixGroups& groups, const Prepared& prepared,
    MixDenominator denominator, const MixInfluence& influence,
    std::span<const double> weight, const double* outcome);

}  // namespace plumbline
