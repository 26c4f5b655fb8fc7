// A cohort: a table whose columns have roles.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "plumbline/cohort/attribute_map.h"
#include "plumbline/cohort/roles.h"
#include "plumbline/table/csv.h"
#include "plumbline/table/table.h"

namespace plumbline {

// What a label column can say of a row.
inline constexpr int8_t kLabelNegative = 0;
inline constexpr int8_t kLabelPositive = 1;
inline constexpr int8_t kLabelUncertain = -1;
inline constexpr int8_t kLabelBlank = -2;
inline constexpr int8_t kLabelNotMentioned = -3;

struct CohortLabel {
  std::string name;
  std::vector<int8_t> values;  // of each row, one of the above
};

// A column of words or of numbers about how, where or when an image was made,
// or about who is on it.
struct CohortCovariate {
  std::string name;
  bool numeric = false;
  std::vector<double> numbers;      // numeric: NaN is missing
  std::vector<std::string> levels;  // words, sorted naturally
  std::vector<int32_t> codes;       // words: -1 is missing
};

// How many rows and subjects are left after a step, by the groups of each
// attribute.
struct FlowCount {
  std::string name;  // "table" for what was there at first
  std::string rule;
  int64_t rows = 0;
  int64_t subjects = 0;
  // By attribute, then level.
  std::vector<std::vector<int64_t>> subjects_by_level;
};

struct Cohort {
  CohortRoles roles;
  int64_t rows = 0;  // after the flow
  // Row of the table, 0-based, of each row of the cohort.
  std::vector<int64_t> table_rows;
  // Of each row, dense from 0 in the order of first appearance. Without a
  // subject column every row is a subject of its own.
  std::vector<uint32_t> subjects;
  int64_t subject_count = 0;
  bool has_subjects = false;
  std::vector<std::string> subject_names;  // empty without the column
  std::vector<CohortLabel> labels;
  std::vector<CohortAttribute> attributes;
  // Attributes excluded; site, device, time and view among them as they are
  // named in the roles.
  std::vector<CohortCovariate> covariates;
  CohortCovariate split, site, device, time, study, image, report;  // may be
                                                                    // empty
  std::vector<FlowCount> flow;  // the table first; one entry without steps
  // For the record.
  std::vector<TableSource> sources;
  int64_t duplicate_rows = -1;

  bool HasSplit() const { return !split.codes.empty(); }
  bool HasImages() const { return !image.codes.empty(); }
  // -1 if there is none.
  int AttributeIndex(const std::string& name) const;
};

// The paths of the images of its rows, each once, in the order of first
// appearance.
std::vector<std::string> ImagePaths(const Cohort& cohort);

// The columns to read, patterns of labels resolved.
//
// Throws Error(kInvalidInput) for a column that is not there (nearest names),
// Error(kUsage) where the roles contradict one another.
std::vector<ColumnRequest> CohortColumns(
    const CohortRoles& roles, const std::map<std::string, AttributeMap>& maps,
    const std::vector<std::string>& header, const std::string& file);

// Throws Error(kInvalidInput): a label that is none ("row 12, column
// \"Effusion\": \"1O\" is no label"), a blank subject, a value without a group,
// a flow that leaves nothing.
Cohort MakeCohort(const Table& table, const CohortRoles& roles,
                  const std::map<std::string, AttributeMap>& maps);

}  // namespace plumbline
