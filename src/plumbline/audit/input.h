// What an audit reads: labels, scores, groups and subjects of the same rows.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "plumbline/audit/case_mix/covariates.h"
#include "plumbline/audit/labels.h"
#include "plumbline/audit/multiclass_model.h"
#include "plumbline/table/bins.h"
#include "plumbline/table/csv.h"
#include "plumbline/table/groups.h"
#include "plumbline/table/table.h"

namespace plumbline {

// One finding to audit: its labels and the model's scores, one a row.
struct AuditTarget {
  std::string name;     // of its own: with the score where models share a label
  std::string finding;  // the name without the score; "": the same as `name`
  std::string label_column;
  std::string score_column;
  std::vector<int8_t> labels;   // 0, 1 or kMissingLabel
  std::vector<double> scores;   // probability in [0, 1]; NaN: missing
  bool hard_decisions = false;  // scores are decisions, 0 or 1
};

// What is looked for, whichever model looks: "y" of "y by model_a".
inline const std::string& FindingOf(const AuditTarget& target) {
  return target.finding.empty() ? target.name : target.finding;
}

// True if a user's word means this target: its name, what it looks for (then
// every model of it) or, beside other models, its score's column.
inline bool IsCalled(const AuditTarget& target, const std::string& word) {
  return word == target.name || word == FindingOf(target) ||
         (!target.finding.empty() && word == target.score_column);
}

struct AuditInput {
  int64_t rows = 0;
  std::vector<AuditTarget> targets;
  // Each has its classes, one against the rest, among the targets.
  std::vector<MulticlassModel> multiclass;
  GroupIndex groups;
  // Subject of each row, dense from 0; empty: every row is a subject of its
  // own.
  std::vector<uint32_t> subjects;
  int64_t subject_count = 0;
  std::string subject_column;
  // Sampling weight of each row, finite and not negative: how many images of
  // the population the row stands for, up to one common factor. Empty: all 1. A
  // row with weight 0 takes part in nothing.
  std::vector<double> weights;
  std::string weight_column;
  // Columns whose distribution is to be the same in all groups (--adjust);
  // empty: none.
  std::vector<Covariate> covariates;
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

// Whether a row is audited where it has a label and a score: it is no tuning
// row, and has no weight of 0.
inline bool IsAudited(const AuditInput& input, int64_t row) {
  return (input.tuning_rows.empty() || input.tuning_rows[row] == 0) &&
         (input.weights.empty() || input.weights[row] > 0);
}

// Which columns of a table play which part.
struct AuditColumns {
  // Label and score columns, pairwise. A pattern with one '*' stands for every
  // matching column: "y_*" with "p_*" pairs y_Effusion with p_Effusion and
  // calls the target Effusion. One label with several scores is audited for
  // each of them; a label named several times takes the scores in order. One
  // plain label with a pattern of scores holds names of classes, which are what
  // the '*' stands for; decisions may be names of classes too.
  std::vector<std::string> labels;
  std::vector<std::string> scores;
  std::vector<std::string> decisions;  // in place of scores: 0 or 1
  std::string subject;                 // "" : none
  std::string weight;                  // sampling weights; "": all 1
  std::vector<std::string> by;         // attributes
  std::vector<std::string> adjust;     // covariates; may be attributes too
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
// in every row, a weight that is missing, negative or infinite, weights that
// are all 0.
AuditInput MakeAuditInput(Table table, const AuditColumns& columns);

}  // namespace plumbline
