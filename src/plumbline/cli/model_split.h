// Which part of a split each row of a cohort is in.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "plumbline/base/json.h"
#include "plumbline/cohort/cohort.h"

namespace plumbline {

struct RowParts {
  std::string source;              // "run/split.csv", "the column \"part\""
  std::vector<std::string> parts;  // names, by first appearance
  std::vector<int32_t> of_row;     // of each row of the cohort; -1: none
};

// Of the file subject,split that lies beside a model; it may name images
// instead of people for a cohort without them. Whom it does not name has no
// part. Nothing, with a warning, if the cohort does not say who is on a row.
//
// Throws Error(kInvalidInput) for a file with other columns, or with a person
// in two parts.
std::optional<RowParts> ReadModelParts(const std::string& split_file,
                                       const Cohort& cohort);

// Of the cohort's own split column; nothing if it has none.
std::optional<RowParts> PartsOfCohort(const Cohort& cohort);

// Rows of people that the model was trained or tuned on. `training`: of the
// model's card, which names these parts ("seen_parts"); else every part but
// "test" counts.
int64_t RowsSeen(const RowParts& parts, const Json& training,
                 const std::vector<int64_t>& rows);

// The rows of one part. Throws Error(kUsage) for one that is none.
std::vector<int64_t> RowsOfPart(const RowParts& parts, const std::string& part);

}  // namespace plumbline
