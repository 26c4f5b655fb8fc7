// Which of many overlapping slices to list: those that no simpler and no
// stronger one explains.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "plumbline/audit/slices/slice_cells.h"
#include "plumbline/audit/slices/slice_counts.h"

namespace plumbline {

struct SelectOptions {
  double level = 0.05;  // of every test below
  int64_t most = 20;    // slices listed, at most 63
  int64_t family = 1;   // slices that were tested at the start
};

// A slice that passed the control of false discoveries.
struct SliceCandidate {
  uint32_t slice = 0;  // position in SliceIndex::slices
  double design_effect = 1;
  std::string name;  // decides between equals, so that codes do not
};

// Forward, then backward. At each step the candidate with the largest
// stratified score z is taken; strata are the combinations of the slices listed
// so far, so what those explain does not count again (Mantel and Haenszel
// 1959, J. Natl. Cancer Inst. 22:719-748, with continuity correction and the
// hypergeometric variance times the slice's design effect).
//  - A candidate that is not worse than the rest of one of its parents (one
//    condition less; same test within the parent) gives way to that parent, if
//    the parent is a candidate too. The level is divided by the parent's
//    children among the candidates, for the best of them was picked.
//  - The first is listed; each further one if its p-value within the strata is
//    at most level x (number listed with it) / family, the step of Benjamini
//    and Hochberg. The family is all slices tested, not the candidates alone:
//    those have passed a test that noise helped them to pass.
// In the end every listed slice is tested within strata of all the others, and
// leaves the list if they explain it.
//
// Returns positions in `candidates`, in the order of choice.
std::vector<size_t> SelectSlices(const SliceHalf& half, const SliceIndex& index,
                                 std::span<const SliceCandidate> candidates,
                                 const SelectOptions& options = {});

// One-sided p of each slice within strata of all the others, the test above: is
// it worse beyond what they explain? 0 for a slice that stands alone. With the
// design effects of this half.
std::vector<double> PBeyondOthers(const SliceHalf& half,
                                  const SliceIndex& index,
                                  std::span<const SliceCandidate> listed);

}  // namespace plumbline
