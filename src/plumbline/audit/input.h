// What an audit reads: labels, scores, groups and subjects of the same rows.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "plumbline/table/bins.h"
#include "plumbline/table/csv.h"
#include "plumbline/table/groups.h"
#include "plumbline/table/table.h"

namespace plumbline {

inline constexpr int8_t kMissingLabel = -1;

// One finding to audit: its labels and the model's scores, one a row.
struct AuditTarget {
  std::string name;
  std::string label_column;
  std::string score_column;
  std::vector<int8_t> labels;   // 0, 1 or kMissingLabel
  std::vector<double> scores;   // probability in [0, 1]; NaN: missing
  bool hard_decisions = false;  // scores are decisions, 0 or 1
};

struct AuditInput {
  int64_t rows = 0;
  std::vector<AuditTarget> targets;
  GroupIndex groups;
  // Subject of each row, dense from 0; empty: every row is a subject of its
  // own.
  std::vector<uint32_t> subjects;
  int64_t subject_count = 0;
  std::string subject_column;
  // Rows on which thresholds are fitted and that are not audited; empty: none.
  std::vector<uint8_t> tuning_rows;
  // Columns whose levels make slices (slices/slice_search.h); empty: no search.
  std::vector<CategoricalColumn> slice_columns;

  // For the record; not needed by the computation.
  std::vector<TableSource> sources;
  std::map<std::string, std::vector<double>> bins;
  int64_t duplicate_rows = -1;  // -1: not counted
  std::string first_duplicate;  // "row 12 is a copy of row 3"
};

// Which columns of a table play which part.
struct AuditColumns {
  // Label and score columns, pairwise. A pattern with one '*' stands for every
  // matching column: "y_*" with "p_*" pairs y_Effusion with p_Effusion and
  // calls the target Effusion.
  std::vector<std::string> labels;
  std::vector<std::string> scores;
  std::vector<std::string> decisions;  // in place of scores: 0 or 1
  std::string subject;                 // "" : none
  std::vector<std::string> by;         // attributes
  std::vector<BinRule> bins;
  std::vector<std::string> slices;  // may share columns with `by`
  int cross = 2;       // largest number of attributes in an intersection
  bool logit = false;  // scores are log-odds
  std::string tune_on_column;  // with tune_on_value: the tuning rows
  std::string tune_on_value;
};

// The columns to read, with patterns resolved against the header.
// Throws Error(kInvalidInput) for a column that is not there (nearest names),
// Error(kUsage) for contradictory roles.
std::vector<ColumnRequest> RequestedColumns(
    const AuditColumns& columns, const std::vector<std::string>& header,
    const std::string& file);

// Builds and checks the input; takes the columns' memory out of the table.
// Throws Error(kInvalidInput) with file, row, column and value for a label
// outside {0, 1}, a score outside [0, 1] without `logit`, an attribute missing
// in every row.
AuditInput MakeAuditInput(Table table, const AuditColumns& columns);

}  // namespace plumbline
