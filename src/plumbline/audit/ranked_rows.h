// The rows of one target in order of their scores: sorted once, used by every
// metric, group and replicate.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "plumbline/audit/input.h"

namespace plumbline {

// Rows that have a label, a score and a weight above 0, highest score first;
// equal scores keep the order of the table. 16 bytes a row, 24 with weights.
struct RankedRows {
  std::vector<double> scores;
  std::vector<uint32_t> cell_label;  // cell << 1 | label
  std::vector<uint32_t> subject;     // the row's number where rows stand alone
  // Sampling weights, divided by weight_unit; empty: all 1.
  std::vector<double> weights;
  // A power of two, so that dividing by it loses nothing; the largest weight is
  // then in [1, 2), and sums and squares stay in range.
  double weight_unit = 1;
  int64_t positives = 0;
  // Rows of each cell without (0) and with (1) the finding.
  std::vector<std::array<uint32_t, 2>> class_counts;

  int64_t size() const { return static_cast<int64_t>(scores.size()); }
  bool positive(int64_t i) const { return cell_label[i] & 1; }
  uint32_t cell(int64_t i) const { return cell_label[i] >> 1; }
  bool weighted() const { return !weights.empty(); }
  double weight(int64_t i) const { return weights.empty() ? 1 : weights[i]; }

  // One past the last row with the same score as row i.
  int64_t TieEnd(int64_t i) const {
    const double score = scores[i];
    while (++i < size() && scores[i] == score) {
    }
    return i;
  }

  // How many rows have score >= threshold.
  int64_t CountAtLeast(double threshold) const;
};

// `keep` is 1 for the rows to rank (tuning rows are left out); empty: all.
RankedRows RankRows(const AuditInput& input, const AuditTarget& target,
                    bool tuning_rows, int threads);

// Rows of each subject, as positions in RankedRows.
struct SubjectRows {
  std::vector<uint32_t> offsets;    // subjects + 1
  std::vector<uint32_t> positions;  // rows, by subject

  int64_t subjects() const { return static_cast<int64_t>(offsets.size()) - 1; }
};

SubjectRows GroupBySubject(const RankedRows& rows, int64_t subject_count);

}  // namespace plumbline
