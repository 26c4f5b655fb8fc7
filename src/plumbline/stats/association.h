// How strongly two columns of words go together.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "plumbline/stats/interval.h"

namespace plumbline {

struct ContingencyTable {
  int rows = 0;
  int columns = 0;
  std::vector<int64_t> counts;  // rows x columns

  int64_t total() const;
};

// Pairs of codes; where either is -1 the pair is not counted.
ContingencyTable CountPairs(std::span<const int32_t> x, int x_levels,
                            std::span<const int32_t> y, int y_levels);

struct AssociationOptions {
  int permutations = 999;
  int replicates = 500;  // for the interval; 0: none
  double level = 0.95;
  uint64_t seed = 1;
  uint64_t stream = 0;  // tells apart calls with the same seed
};

// Rows and columns without counts are left out.
struct Association {
  int64_t n = 0;
  int rows = 0, columns = 0;  // with counts
  double chi_squared = 0;
  double degrees = 0;
  double p_chi_squared = 1;
  // Cramer's V = sqrt(phi^2 / min(r - 1, c - 1)), phi^2 = chi^2 / n.
  double cramers_v = 0;
  // Bergsma 2013, J. Korean Stat. Soc. 42:323-328: phi~^2 = max(0, phi^2 -
  // (r - 1)(c - 1) / (n - 1)), r~ = r - (r - 1)^2 / (n - 1), c~ alike,
  // V~ = sqrt(phi~^2 / min(r~ - 1, c~ - 1)).
  Interval corrected_v{};
  // In bits; plain, and with Miller and Madow's correction (Miller 1955)
  // + (m_x + m_y - m_xy - 1) / (2 n ln 2), m the numbers of cells with counts.
  double information = 0;
  double information_corrected = 0;
  // Theil's U: the share of the entropy of one that the other takes away.
  double u_of_rows = 0;     // columns tell rows
  double u_of_columns = 0;  // rows tell columns
  // Of a chi-squared as large when labels are permuted among the n.
  double p = 1;
};

// Every count must be of a row that is independent of the others: one row for
// each subject. The permutation distribution is drawn from tables with the same
// margins (multivariate hypergeometric), the interval of corrected_v from
// multinomial tables (percentiles). All 0 with p 1 if a side has one level;
// p = (1 + #) / (1 + permutations).
Association Associate(const ContingencyTable& table,
                      const AssociationOptions& options = {});

// I(X; Y | Z) in bits: the mean over strata of Z of the information within,
// weighted by their counts, with each stratum's Miller-Madow correction (not
// below 0 in all). Permutation within strata.
struct ConditionalAssociation {
  int64_t n = 0;
  int strata = 0;
  double information = 0;
  double information_corrected = 0;
  double p = 1;
};
ConditionalAssociation AssociateWithin(std::span<const ContingencyTable> strata,
                                       const AssociationOptions& options = {});

}  // namespace plumbline
