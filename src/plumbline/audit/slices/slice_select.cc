#include "plumbline/audit/slices/slice_select.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <utility>

#include "plumbline/base/interrupt.h"
#include "plumbline/stats/normal.h"

namespace plumbline {
namespace {

struct Sums {
  double rows = 0;
  double errors = 0;
};

class Selector {
 public:
  Selector(const SliceHalf& half, const SliceIndex& index,
           std::span<const SliceCandidate> candidates,
           const SelectOptions& options)
      : index_(index), candidates_(candidates), options_(options) {
    const size_t cells =
        index.slice_of_cell.empty() ? 0 : index.slice_of_cell[0].size();
    of_cell_.resize(cells);
    for (size_t i = 0; i < half.cell.size(); ++i) {
      of_cell_[half.cell[i]].rows += 1;
      of_cell_[half.cell[i]].errors += half.error[i];
    }
    CollectMembers();
    LinkParents();
    stratum_.assign(cells, 0);
  }

  std::vector<double> BeyondOthers() {
    std::vector<double> p;
    for (size_t tested = 0; tested < candidates_.size(); ++tested) {
      listed_.clear();
      for (size_t c = 0; c < candidates_.size(); ++c) {
        if (c != tested) listed_.push_back(c);
      }
      Stratify();
      SumStrata();
      p.push_back(listed_.empty() ? 0 : P(Z(tested, whole_)));
    }
    return p;
  }

  std::vector<size_t> Run() {
    std::vector<uint8_t> open(candidates_.size(), 1);
    while (static_cast<int64_t>(listed_.size()) < options_.most) {
      StopIfInterrupted();
      SumStrata();
      const int best = Strongest(open);
      if (best < 0 || !Passes(static_cast<size_t>(best))) break;
      const size_t chosen = Simplest(static_cast<size_t>(best), open);
      listed_.push_back(chosen);
      open[chosen] = 0;
      Stratify();
    }
    DropExplained();
    return listed_;
  }

 private:
  void CollectMembers() {
    std::map<uint32_t, size_t> candidate_of;
    for (size_t c = 0; c < candidates_.size(); ++c) {
      candidate_of[candidates_[c].slice] = c;
    }
    members_.resize(candidates_.size());
    for (const auto& slice_of_cell : index_.slice_of_cell) {
      for (uint32_t cell = 0; cell < slice_of_cell.size(); ++cell) {
        if (of_cell_[cell].rows == 0) continue;
        const auto found = candidate_of.find(slice_of_cell[cell]);
        if (found != candidate_of.end()) {
          members_[found->second].push_back(cell);
        }
      }
    }
    candidate_of_ = std::move(candidate_of);
  }

  void LinkParents() {
    parents_.resize(candidates_.size());
    children_.assign(candidates_.size(), 0);
    for (size_t c = 0; c < candidates_.size(); ++c) {
      const Slice& slice = index_.slices[candidates_[c].slice];
      const std::vector<int>& columns = index_.Columns(slice);
      if (columns.size() == 1) continue;
      for (size_t drop = 0; drop < columns.size(); ++drop) {
        std::vector<int> fewer = columns;
        fewer.erase(fewer.begin() + static_cast<std::ptrdiff_t>(drop));
        const int combination = index_.Find(fewer);
        const auto found =
            candidate_of_.find(index_.slice_of_cell[combination][slice.cell]);
        if (found == candidate_of_.end()) continue;
        parents_[c].push_back(found->second);
        ++children_[found->second];
      }
    }
  }

  // A stratum is a set of listed slices, one bit each.
  void Stratify() {
    std::vector<uint64_t> mask(of_cell_.size(), 0);
    for (size_t i = 0; i < listed_.size(); ++i) {
      for (const uint32_t cell : members_[listed_[i]]) {
        mask[cell] |= uint64_t{1} << i;
      }
    }
    std::map<uint64_t, uint32_t> number;
    for (size_t cell = 0; cell < mask.size(); ++cell) {
      const auto next = static_cast<uint32_t>(number.size());
      stratum_[cell] = number.try_emplace(mask[cell], next).first->second;
    }
    strata_ = number.size();
  }

  void SumStrata() {
    whole_.assign(strata_, {});
    for (size_t cell = 0; cell < of_cell_.size(); ++cell) {
      Add(of_cell_[cell], &whole_[stratum_[cell]]);
    }
  }

  static void Add(const Sums& from, Sums* to) {
    to->rows += from.rows;
    to->errors += from.errors;
  }

  // Continuity-corrected z of the candidate's errors against those of the
  // other rows of `whole`, stratum by stratum. No variance: -infinity.
  double Z(size_t candidate, const std::vector<Sums>& whole) const {
    std::vector<Sums> part(whole.size());
    for (const uint32_t cell : members_[candidate]) {
      Add(of_cell_[cell], &part[stratum_[cell]]);
    }
    double excess = 0;
    double variance = 0;
    for (size_t s = 0; s < whole.size(); ++s) {
      const auto [rows, errors] = part[s];
      const double all = whole[s].rows;
      if (rows == 0 || all < 2) continue;
      const double share = whole[s].errors / all;
      excess += errors - share * rows;
      variance += share * (1 - share) * rows * (all - rows) / (all - 1);
    }
    if (!(variance > 0)) return -INFINITY;
    return (excess - 0.5) /
           std::sqrt(variance * candidates_[candidate].design_effect);
  }

  static double P(double z) { return NormalCdf(-z); }

  bool Passes(size_t candidate) const {
    if (listed_.empty()) return true;
    return P(Z(candidate, whole_)) * static_cast<double>(options_.family) <=
           options_.level * static_cast<double>(listed_.size() + 1);
  }

  // Fewer conditions, then the name, decide between equals.
  bool Before(size_t a, size_t b) const {
    const size_t columns_a =
        index_.Columns(index_.slices[candidates_[a].slice]).size();
    const size_t columns_b =
        index_.Columns(index_.slices[candidates_[b].slice]).size();
    if (columns_a != columns_b) return columns_a < columns_b;
    return candidates_[a].name < candidates_[b].name;
  }

  int Strongest(const std::vector<uint8_t>& open) const {
    int best = -1;
    double best_z = -INFINITY;
    for (size_t c = 0; c < candidates_.size(); ++c) {
      if (!open[c]) continue;
      const double z = Z(c, whole_);
      if (z > best_z || (best >= 0 && z == best_z && Before(c, best))) {
        best = static_cast<int>(c);
        best_z = z;
      }
    }
    return best;
  }

  // The candidate, or the parent that it gives way to, and so on.
  size_t Simplest(size_t candidate, const std::vector<uint8_t>& open) const {
    int instead = -1;
    double instead_z = -INFINITY;
    for (const size_t parent : parents_[candidate]) {
      if (!open[parent] || !Passes(parent)) continue;
      std::vector<Sums> whole(strata_);
      for (const uint32_t cell : members_[parent]) {
        Add(of_cell_[cell], &whole[stratum_[cell]]);
      }
      if (P(Z(candidate, whole)) * children_[parent] <= options_.level) {
        continue;
      }
      const double z = Z(parent, whole_);
      if (z > instead_z) {
        instead = static_cast<int>(parent);
        instead_z = z;
      }
    }
    if (instead < 0) return candidate;
    return Simplest(static_cast<size_t>(instead), open);
  }

  // Latest first: what came early had less beside it.
  void DropExplained() {
    for (size_t i = listed_.size(); i-- > 0 && listed_.size() > 1;) {
      const std::vector<size_t> all = listed_;
      const size_t tested = listed_[i];
      listed_.erase(listed_.begin() + static_cast<std::ptrdiff_t>(i));
      Stratify();
      SumStrata();
      if (P(Z(tested, whole_)) <= options_.level) listed_ = all;
    }
  }

  const SliceIndex& index_;
  std::span<const SliceCandidate> candidates_;
  const SelectOptions options_;
  std::vector<Sums> of_cell_;
  std::map<uint32_t, size_t> candidate_of_;     // by slice
  std::vector<std::vector<uint32_t>> members_;  // cells of each candidate
  std::vector<std::vector<size_t>> parents_;
  std::vector<int> children_;
  std::vector<size_t> listed_;
  std::vector<uint32_t> stratum_;  // of a cell
  size_t strata_ = 1;
  std::vector<Sums> whole_;  // by stratum
};

}  // namespace

std::vector<size_t> SelectSlices(const SliceHalf& half, const SliceIndex& index,
                                 std::span<const SliceCandidate> candidates,
                                 const SelectOptions& options) {
  return Selector(half, index, candidates, options).Run();
}

std::vector<double> PBeyondOthers(const SliceHalf& half,
                                  const SliceIndex& index,
                                  std::span<const SliceCandidate> listed) {
  return Selector(half, index, listed, {}).BeyondOthers();
}

}  // namespace plumbline
