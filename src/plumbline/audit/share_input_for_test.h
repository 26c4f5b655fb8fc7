// Tables of known counts for the tests of the shared version.
#pragma once

#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "plumbline/audit/audit.h"
#include "plumbline/audit/input.h"
#include "plumbline/audit/options.h"
#include "plumbline/table/groups.h"

namespace plumbline {

// Rows of one level of attribute "a" by outcome at a threshold of 0.5.
struct ShareCell {
  std::string level;
  int true_positives = 0;
  int false_negatives = 0;
  int false_positives = 0;
  int true_negatives = 0;
};

// One target "y" by score "s", each row a subject of its own.
inline AuditInput ShareInput(const std::vector<ShareCell>& cells) {
  AuditInput input;
  AuditTarget target;
  target.name = target.label_column = "y";
  target.score_column = "s";
  CategoricalColumn column;
  column.name = "a";
  std::vector<uint32_t> codes;
  for (size_t level = 0; level < cells.size(); ++level) {
    column.levels.push_back(cells[level].level);
    column.first_row.push_back(static_cast<int64_t>(codes.size()));
    const ShareCell& cell = cells[level];
    const auto add = [&](int rows, int8_t label, double score) {
      for (int i = 0; i < rows; ++i) {
        codes.push_back(static_cast<uint32_t>(level));
        target.labels.push_back(label);
        // Not all the same, so that there is something to rank.
        target.scores.push_back(score + 0.001 * (i % 7));
      }
    };
    add(cell.true_positives, 1, 0.8);
    add(cell.false_negatives, 1, 0.3);
    add(cell.false_positives, 0, 0.7);
    add(cell.true_negatives, 0, 0.2);
  }
  input.rows = static_cast<int64_t>(codes.size());
  column.codes = CodeVector::Pack(codes, static_cast<uint32_t>(cells.size()));
  input.targets.push_back(std::move(target));
  std::vector<CategoricalColumn> columns;
  columns.push_back(std::move(column));
  input.groups = BuildGroups(std::move(columns), {false}, 1);
  return input;
}

// Closed forms only, one thread.
inline AuditOptions ShareAuditOptions() {
  AuditOptions options;
  options.replicates = 0;
  options.threads = 1;
  options.threshold = ParseThresholdRule("0.5");
  return options;
}

// The same with a second model, "y by other", that misses exactly two of the
// positives of the first cell.
inline AuditInput TwoModelInput(const std::vector<ShareCell>& cells) {
  AuditInput input = ShareInput(cells);
  input.targets.push_back(ShareInput(cells).targets[0]);
  for (size_t t = 0; t < 2; ++t) {
    AuditTarget& target = input.targets[t];
    target.finding = "y";
    target.score_column = t == 0 ? "s" : "other";
    target.name = "y by " + target.score_column;
  }
  int missed = 0;
  for (int64_t row = 0; row < input.groups.attributes[0].first_row[1]; ++row) {
    if (input.targets[1].labels[row] == 1) {
      input.targets[1].scores[row] = ++missed <= 2 ? 0.3 : 0.8;
    }
  }
  return input;
}

}  // namespace plumbline
