// Which columns of a header the options of an audit mean: patterns with a star,
// several models of one label, the classes of a multi-class model.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "plumbline/audit/input.h"

namespace plumbline {

// One target: where its label and its score stand.
struct TargetColumns {
  std::string name;  // of its own: "y", or "y by model_a" beside other models
  std::string finding;  // what is looked for: "y", the part under the star
  std::string label;
  std::string score;
};

// One multi-class model: a column of class names and one score a class.
struct MulticlassColumns {
  std::string label;
  std::string pattern;                     // "p_*"
  std::vector<std::string> classes;        // what the star stands for
  std::vector<std::string> score_columns;  // one a class
};

struct ResolvedColumns {
  std::vector<TargetColumns> targets;  // models of one finding side by side
  std::vector<MulticlassColumns> multiclass;
};

// Pairs labels with scores (or decisions) as AuditColumns says. One label with
// several scores: several models. One plain label with a pattern: a multi-class
// model, whose classes are the columns that match and that no other option
// names.
//
// Throws Error(kUsage) where the options contradict each other,
// Error(kInvalidInput) for columns that `file` lacks.
ResolvedColumns ResolveColumns(const AuditColumns& columns,
                               const std::vector<std::string>& header,
                               const std::string& file);

// Throws Error(kInvalidInput) with the nearest names unless `header` has it.
void RequireColumn(const std::string& name,
                   const std::vector<std::string>& header,
                   const std::string& file);

bool Contains(const std::vector<std::string>& names, const std::string& name);

// "y, score, sex", cut where it gets long.
std::string ListOf(const std::vector<std::string>& names, size_t most);

}  // namespace plumbline
