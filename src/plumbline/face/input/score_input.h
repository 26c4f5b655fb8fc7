// What an audit of scores reads: comparisons, the subjects of each, and the
// subjects' groups.
//
// Ids of subjects and templates become numbers in the order in which they first
// appear and are dropped: nothing of them is in the result.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "plumbline/face/comparisons/comparisons.h"
#include "plumbline/face/input/score_columns.h"
#include "plumbline/face/input/subject_table.h"
#include "plumbline/table/groups.h"
#include "plumbline/table/table.h"

namespace plumbline::face {

// Comparisons without a score, or of a status other than success.
struct FailedComparisons {
  int64_t impostor = 0;
  int64_t genuine = 0;
  // For each group of FaceInput::groups: the impostor comparisons whose two
  // subjects are both in it, and its subjects' genuine comparisons.
  std::vector<int64_t> impostor_of_group;
  std::vector<int64_t> genuine_of_group;
};

struct FaceInput {
  // Its rows are the subjects. Each subject's cell is its combination of all
  // attributes; there are the groupings of 0 to `cross` attributes. Without
  // attributes there is one group, everyone.
  GroupIndex groups;
  int64_t subjects = 0;
  // Similarities. Failed comparisons are -inf or +inf, or not there, as the
  // failure policy has it; no score is NaN.
  ImpostorScores impostor;
  GenuineScores genuine;
  FailedComparisons failed;  // counted under every policy
  // There were no subject ids: every comparison has subjects of its own.
  bool independent = false;
  // FaceInputColumns::mark_ids: one a subject, in ascending order; of use in
  // this process alone.
  std::vector<uint64_t> id_marks;
  std::string profile;
  // What was not used or is doubtful, in sentences for the report.
  std::vector<std::string> left_out;
  std::vector<std::string> warnings;

  // For the record; not needed by the computation.
  std::vector<TableSource> sources;
};

// The subjects of one grouping, as the engine takes them.
SubjectGroups GroupsOf(const FaceInput& input, int grouping);

// Adds a comparison of two subjects, who are in input->groups already. NaN: it
// failed, which is counted and follows the policy.
void AddComparison(uint32_t reference, uint32_t probe, double score,
                   FailurePolicy failures, FaceInput* input);

// How many people are in both, by their marks.
int64_t SubjectsInBoth(const FaceInput& a, const FaceInput& b);

// Reads the inputs by their profile, the subject table and the justification.
// Throws Error(kUsage) for choices that contradict one another or name what is
// not there, Error(kInvalidInput) for data that cannot be read or must not be
// used (guard.h), with file and row.
FaceInput ReadScores(const std::vector<std::string>& inputs,
                     const FaceInputColumns& columns);

// The pure part: the columns of `roles` (as RequestedColumns asks for them) and
// a subject table, where there is one, in; input out. `justified`: a signed
// reason for comparing few with many was given. Throws as ReadScores.
FaceInput MakeFaceInput(Table table, const ScoreRoles& roles,
                        const std::optional<SubjectTable>& subjects,
                        const FaceInputColumns& columns,
                        bool justified = false);

}  // namespace plumbline::face
