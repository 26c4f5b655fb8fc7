// How much the false-match rates of two cells of a grouping go together because
// they share people.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "plumbline/face/comparisons/comparisons.h"
#include "plumbline/face/statistics/rates.h"

namespace plumbline::face {

// Reference group, probe group.
struct CellPlace {
  int reference = 0;
  int probe = 0;
};

class CellCovariance {
 public:
  // Keeps references to the counts and groups. `accepted`: as for
  // EstimateFalseMatchRates.
  CellCovariance(const ImpostorCounts& counts, const SubjectGroups& groups,
                 std::span<const Hit> accepted);

  // Of the rates of two different cells, with r_i = h_i - theta m_i the false
  // matches of subject i in a cell beyond its comparisons there:
  //   Cov = sum_i r_i^a r_i^b / (M_a M_b).
  // Cells of one pair of groups in both directions share pairs of people, which
  // that counts twice: sum_{i<j} R_ij^a R_ij^b is taken off once. There the
  // products of comparisons over all pairs are taken as if every pair were
  // compared equally often in both directions. NaN for a cell without
  // comparisons.
  //
  // Source: as EstimateFalseMatchRates, for two rates.
  SharedCovariance Of(CellPlace a, CellPlace b) const;

 private:
  double Rate(CellPlace cell) const;
  double Residual(size_t subject, CellPlace cell) const;
  double SharedPairs(CellPlace a, CellPlace b) const;
  size_t At(CellPlace cell) const {
    return static_cast<size_t>(cell.reference) * size_ + cell.probe;
  }

  const ImpostorCounts& counts_;
  const SubjectGroups& groups_;
  size_t size_;
  std::vector<std::vector<uint32_t>> members_;  // of each group
  std::vector<int64_t> hits_;                   // G x G
  std::vector<uint32_t> hits_as_reference_;     // S x G
  std::vector<uint32_t> hits_as_probe_;
  // G x G, for cells (g, h): sums over pairs with hits of H_gh H_hg, and of
  // H_gh M_hg.
  std::vector<double> hit_products_;
  std::vector<double> hit_comparisons_;
};

}  // namespace plumbline::face
