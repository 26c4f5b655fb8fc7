// What a comparison of two models reads: the scores of both on the same rows.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "plumbline/audit/input.h"
#include "plumbline/table/csv.h"
#include "plumbline/table/table.h"

namespace plumbline {

// The first model is the baseline, the second challenges it.
inline constexpr int kBaseline = 0;
inline constexpr int kChallenger = 1;

struct CompareInput {
  // Rows, labels, groups and subjects. Target t of the baseline is
  // rows.targets[2 * t], of the challenger rows.targets[2 * t + 1]; both have
  // the same name and labels. A row that is not compared has no score (NaN) in
  // either.
  AuditInput rows;
  std::array<std::string, 2> names;  // of the models

  // What was left out on request (CompareColumns::common_rows).
  int64_t only_in_baseline = 0;
  int64_t only_in_challenger = 0;
  int64_t differing = 0;  // rows whose label, attribute or subject differs
  // Rows with a label for which one of the models has no score, by target.
  std::vector<int64_t> one_score;
  // Rows of the baseline's table left out for any of these, by group, for any
  // target; a row counts once.
  std::vector<int64_t> left_out_of_group;

  int targets() const { return static_cast<int>(rows.targets.size() / 2); }
  const AuditTarget& target(int t, int model) const {
    return rows.targets[2 * t + model];
  }
};

// Which columns play which part.
struct CompareColumns {
  AuditColumns common;                         // `scores` are the baseline's
  std::vector<std::string> challenger_scores;  // one for each label
  // Two tables: the columns that together say which row is which.
  std::vector<std::string> row_id;
  // Compare on the rows that both models have, instead of refusing others.
  bool common_rows = false;
};

enum class CompareTable { kBoth, kBaseline, kChallenger };

// The columns to read from the table of both models, or from one of the two
// tables. From the challenger's, attributes and subjects are read only where
// it has them.
//
// Throws as RequestedColumns (audit/input.h); Error(kUsage) if both models have
// the same score column in one table.
std::vector<ColumnRequest> RequestedColumns(
    const CompareColumns& columns, CompareTable which,
    const std::vector<std::string>& header, const std::string& file);

// Both models in one table.
//
// Throws as MakeAuditInput; Error(kInvalidInput) with the number and the first
// of the rows for which one model has a score and the other none, unless
// `common_rows` is set.
CompareInput MakeCompareInput(Table table, const CompareColumns& columns);

// Each model in a table of its own, joined on `row_id`. The order of the rows
// is the baseline's; its table gives groups, subjects and tuning rows.
//
// Throws as above, and Error(kInvalidInput) for a row without an id, for an id
// that one table has twice, and, unless `common_rows` is set, with number and
// first row for rows that only one table has and for rows whose label,
// attribute or subject differs.
CompareInput MakeCompareInput(Table baseline, Table challenger,
                              const CompareColumns& columns);

}  // namespace plumbline
