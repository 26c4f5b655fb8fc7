#include "plumbline/audit/compare/paired_rows.h"

#include <algorithm>
#include <cmath>

#include "plumbline/stats/sort_order.h"

namespace plumbline {
namespace {

SubjectRows RowsBySubject(const std::vector<uint32_t>& subject, int64_t count) {
  SubjectRows rows;
  rows.offsets.assign(count + 1, 0);
  for (const uint32_t s : subject) ++rows.offsets[s + 1];
  for (int64_t s = 0; s < count; ++s) rows.offsets[s + 1] += rows.offsets[s];
  std::vector<uint32_t> next(rows.offsets.begin(), rows.offsets.end() - 1);
  rows.positions.resize(subject.size());
  for (size_t i = 0; i < subject.size(); ++i) {
    rows.positions[next[subject[i]]++] = static_cast<uint32_t>(i);
  }
  return rows;
}

}  // namespace

PairedRows PairRows(const CompareInput& input, int t,
                    const std::array<double, 2>& thresholds) {
  const AuditInput& table = input.rows;
  const AuditTarget& a = input.target(t, kBaseline);
  const AuditTarget& b = input.target(t, kChallenger);
  PairedRows rows;
  rows.threshold = thresholds;
  rows.class_counts.resize(table.groups.cells);
  std::vector<uint32_t> subject;
  for (int64_t row = 0; row < table.rows; ++row) {
    if ((!table.tuning_rows.empty() && table.tuning_rows[row]) ||
        a.labels[row] == kMissingLabel || std::isnan(a.scores[row]) ||
        std::isnan(b.scores[row])) {
      continue;
    }
    const uint32_t label = a.labels[row] == 1;
    const uint32_t cell = table.groups.cell_of_row[row];
    rows.scores[kBaseline].push_back(a.scores[row]);
    rows.scores[kChallenger].push_back(b.scores[row]);
    rows.cell_label.push_back(cell << 1 | label);
    ++rows.class_counts[cell][label];
    if (!table.subjects.empty()) subject.push_back(table.subjects[row]);
  }
  for (int model : {kBaseline, kChallenger}) {
    rows.order[model] = SortOrder(rows.scores[model], "scores");
    std::reverse(rows.order[model].begin(), rows.order[model].end());
  }
  rows.clustered = !table.subjects.empty();
  if (rows.clustered) {
    rows.subjects = RowsBySubject(subject, table.subject_count);
  }
  return rows;
}

}  // namespace plumbline
