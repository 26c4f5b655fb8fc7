// Which columns of a score table play which part.
#pragma once

#include <string>
#include <vector>

#include "plumbline/table/bins.h"
#include "plumbline/table/csv.h"
#include "plumbline/table/table.h"

namespace plumbline::face {

// What becomes of a comparison that failed (no score, a status other than
// success).
enum class FailurePolicy {
  // Never accepted (-inf): a genuine failure is a false non-match. As in
  // verification.
  kPositive,
  // Always accepted (+inf). As on a watch list, where a failure is looked at.
  kNegative,
  // Removed from counts and rates, and reported.
  kExclude,
};

// "positive", "negative", "exclude". Throws Error(kUsage) for other words.
FailurePolicy ParseFailurePolicy(const std::string& text);
const char* NameOf(FailurePolicy policy);

// What the caller chooses.
struct FaceInputColumns {
  // The form of the inputs, a name of profiles/profile.h.
  std::string profile = "generic";

  // Columns of a generic or BFW table; "": as the profile has it (BFW has no
  // score column of that kind: the caller chooses the model).
  std::string score;
  std::string reference_subject;
  std::string probe_subject;
  // 1/genuine/mated or 0/impostor/non-mated; not needed where subject ids tell.
  std::string label;
  // ok/success/0, anything else is a failed comparison; "": "status" if the
  // table has it.
  std::string status;

  // Attributes of subjects, in the score table (ref_<name>, probe_<name>) or in
  // the subject table. Empty: all of a subject table; "group" of a score table
  // with ref_group and probe_group.
  std::vector<std::string> by;
  int cross = 2;              // attributes in an intersection, at most
  std::vector<BinRule> bins;  // for numeric attributes

  // Scores are distances: the smaller, the more alike. Never guessed.
  bool distance = false;
  // Every comparison is of people who are in no other; needed where there are
  // no subject ids, refused where there are.
  bool assert_independent = false;
  FailurePolicy failures = FailurePolicy::kPositive;

  // Keep salted hashes of the ids, to see who is in two inputs.
  bool mark_ids = false;
  // A set to calibrate on may have impostor comparisons alone.
  bool needs_genuine = true;

  std::string subject_table;  // file; "": none
  std::string justification;  // file (guard.h); "": none

  CsvOptions csv;  // threads, missing marks
};

// One attribute's two columns.
struct AttributeRole {
  std::string name;  // as in `by`
  std::string reference;
  std::string probe;
};

// The columns of one table. Empty names: there is no such column.
struct ScoreRoles {
  std::string score;
  std::string reference;  // subject ids, or templates of a subject table
  std::string probe;
  std::string label;
  std::string status;
  std::vector<AttributeRole> attributes;
  // `reference` and `probe` are templates: the subject table says whose.
  bool templates = false;
  // Header lines of each source; empty: one each.
  std::vector<int> header_lines;

  bool has_subjects() const { return !reference.empty(); }
};

// The columns to read.
std::vector<ColumnRequest> RequestedColumns(const ScoreRoles& roles,
                                            const FaceInputColumns& columns);

// The rule for an attribute, or null.
const BinRule* FindBins(const FaceInputColumns& columns,
                        const std::string& attribute);

}  // namespace plumbline::face
