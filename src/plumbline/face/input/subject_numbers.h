// From ids to numbers: who is compared in each row, and in which groups they
// are.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "plumbline/base/error.h"
#include "plumbline/face/input/score_columns.h"
#include "plumbline/face/input/subject_table.h"
#include "plumbline/table/groups.h"
#include "plumbline/table/table.h"

namespace plumbline::face {

// Subjects of each row, numbered by first appearance: those of the reference
// column, then those that are probes alone.
struct NumberedRows {
  int64_t subjects = 0;
  std::vector<uint32_t> reference;
  std::vector<uint32_t> probe;
  // With a subject table: the row of each subject in it.
  std::vector<int64_t> table_row;
};

// Where a row stands, also in files without a header.
Location RowPlace(const Table& table, const ScoreRoles& roles, int64_t row,
                  const std::string& column);

// The first row in which a column is missing; it has such rows.
int64_t FirstMissing(const CategoricalColumn& column);

// By the ids of the table. Throws Error(kInvalidInput) for a missing id, and
// one that is not in the subject table.
NumberedRows NumberById(const Table& table, const ScoreRoles& roles,
                        const std::optional<SubjectTable>& subjects);

// A salted hash of each subject's id, in ascending order. The salt is drawn
// once a process and forgotten with it.
std::vector<uint64_t> MarksOfIds(const Table& table, const ScoreRoles& roles,
                                 const std::optional<SubjectTable>& subjects,
                                 const NumberedRows& rows);

// Without ids: an impostor comparison has two subjects of its own, a genuine
// one has one. `genuine`: one a row.
NumberedRows NumberApart(const std::vector<uint8_t>& genuine);

// All groupings of the attributes, with the subjects as rows. Throws
// Error(kInvalidInput) where the rows of a subject disagree.
GroupIndex GroupSubjects(const Table& table, const ScoreRoles& roles,
                         const std::optional<SubjectTable>& subjects,
                         const FaceInputColumns& columns,
                         const NumberedRows& rows);

}  // namespace plumbline::face
