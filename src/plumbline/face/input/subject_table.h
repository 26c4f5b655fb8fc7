// A table of subjects: one row each, `subject,<attributes>`; or, for inputs
// that compare templates, one row for each template,
// `template,subject,<attributes>`.
//
// Attributes are as supplied or as the subjects state them; nothing is inferred
// from faces.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "plumbline/face/input/score_columns.h"
#include "plumbline/table/column.h"
#include "plumbline/table/table.h"

namespace plumbline::face {

struct SubjectTable {
  // Rows of the table; ids as written, until they have been numbered.
  CategoricalColumn subject;
  std::optional<CategoricalColumn> templates;
  // One of each attribute, numeric ones already binned.
  std::vector<CategoricalColumn> attributes;
  std::vector<bool> keep_order;  // the attribute's levels are bins
  Table table;  // without its values; for places in messages and sources
};

// Throws Error(kInvalidInput) for a table without the columns, a missing id, a
// subject (or template) with two rows, rows of one subject whose attributes
// differ, columns that look like names or addresses (guard.h).
SubjectTable ReadSubjectTable(const std::string& file,
                              const FaceInputColumns& columns, bool templates);

// The pure part. `attributes`: names of columns that were read.
SubjectTable MakeSubjectTable(Table table, const FaceInputColumns& columns,
                              const std::vector<std::string>& attributes,
                              bool templates);

// The attributes to use of a table with this header: `columns.by`, else all but
// the ids. Throws Error(kInvalidInput) for one that is not there.
std::vector<std::string> SubjectAttributes(
    const FaceInputColumns& columns, const std::vector<std::string>& header,
    const std::string& file);

}  // namespace plumbline::face
