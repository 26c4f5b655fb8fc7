// Covariates of a case mix: columns whose distribution may differ between
// groups, as strata (levels) and as numbers.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "plumbline/table/column.h"

namespace plumbline {

// Numbers are cut into this many bins of about equal counts unless edges are
// given: five remove nine tenths of the bias of a confounder that acts linearly
// (Cochran 1968, Biometrics 24:295-313).
inline constexpr int kQuantileBins = 5;

// A column whose values are all numbers is taken as a number if it has more
// different ones than this, else as words.
inline constexpr size_t kMostNumbersAsWords = 8;

struct Covariate {
  std::string name;
  const char* kind = "categorical";  // or bins, quantile_bins
  std::vector<std::string> levels;   // strata; "missing" last if there is any
  bool has_missing = false;
  // What a row holds: a level, or one of the distinct numbers.
  std::vector<uint32_t> code_of_row;
  std::vector<uint32_t> level_of_code;
  std::vector<double> value_of_code;  // of numbers, NaN: missing; else empty

  bool numeric() const { return !value_of_code.empty(); }
};

// Words, or numbers in quantile bins (see above). Bins are named by the
// smallest and the largest value in them ("23 to 41"). `row_counts`: 1 for rows
// from which quantiles are taken; empty: all.
Covariate CovariateOfColumn(const CategoricalColumn& column,
                            std::span<const uint8_t> row_counts);

// Numbers in the bins of BinColumn (table/bins.h).
Covariate CovariateInBins(const NumericColumn& column,
                          const std::vector<double>& edges);

// Rows that agree in every covariate share a pattern; patterns that agree in
// every level share a stratum. Only what occurs exists; both are numbered by
// first appearance.
struct CovariatePatterns {
  std::vector<uint32_t> pattern_of_row;
  size_t patterns = 0;
  size_t strata = 0;
  std::vector<uint32_t> stratum_of_pattern;
  std::vector<uint32_t> codes;   // patterns x covariates, row-major
  std::vector<uint32_t> levels;  // strata x covariates, row-major
};

CovariatePatterns FindPatterns(const std::vector<const Covariate*>& covariates);

// Strata that agree in the covariates of `subset` (bit i: covariate i),
// numbered by first appearance: one number a stratum.
std::vector<uint32_t> CoarserStrata(const CovariatePatterns& patterns,
                                    size_t covariates, uint32_t subset,
                                    size_t* count);

}  // namespace plumbline
