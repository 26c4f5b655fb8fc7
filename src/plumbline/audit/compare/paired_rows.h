// The rows of one target with the scores of both models, in the order of the
// table, and each model's order of them: sorted once for all groups.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "plumbline/audit/compare/compare_input.h"
#include "plumbline/audit/ranked_rows.h"

namespace plumbline {

struct PairedRows {
  // By model (kBaseline, kChallenger).
  std::array<std::vector<double>, 2> scores;
  std::array<std::vector<uint32_t>, 2> order;  // rows, highest score first
  std::array<double, 2> threshold{};           // flagged: score >= threshold
  std::vector<uint32_t> cell_label;            // cell << 1 | label
  bool clustered = false;
  SubjectRows subjects;  // if clustered: rows of each subject
  // Rows of each cell without (0) and with (1) the finding.
  std::vector<std::array<uint32_t, 2>> class_counts;

  int64_t size() const { return static_cast<int64_t>(cell_label.size()); }
  bool positive(int64_t row) const { return cell_label[row] & 1; }
  uint32_t cell(int64_t row) const { return cell_label[row] >> 1; }
  bool flagged(int model, int64_t row) const {
    return scores[model][row] >= threshold[model];
  }

  // Rows that vary together: those of a subject, or one row.
  int64_t units() const { return clustered ? subjects.subjects() : size(); }
  // Calls visit(row) for the rows of a unit.
  template <typename Visit>
  void ForEachRow(int64_t unit, const Visit& visit) const {
    if (!clustered) return visit(unit);
    for (uint32_t p = subjects.offsets[unit]; p < subjects.offsets[unit + 1];
         ++p) {
      visit(subjects.positions[p]);
    }
  }
};

// Rows of target `t` that are compared: not for tuning, with a label and both
// scores. `thresholds` are those of the two models.
PairedRows PairRows(const CompareInput& input, int t,
                    const std::array<double, 2>& thresholds);

}  // namespace plumbline
