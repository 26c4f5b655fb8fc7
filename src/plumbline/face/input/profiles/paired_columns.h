// Tables that name a column after the side that it describes: ref_sex and
// probe_sex.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "plumbline/face/input/score_columns.h"

namespace plumbline::face {

struct PairedNames {
  std::string_view reference;  // prefixes
  std::string_view probe;
  std::string_view subject;  // what follows a prefix in the columns of ids
};

// The parts of a table of such columns. Ids are optional: a table without them
// needs `label`. Throws as Profile::roles.
ScoreRoles PairedRoles(const PairedNames& names,
                       const FaceInputColumns& columns,
                       const std::vector<std::string>& header,
                       const std::string& file);

// For every profile.
bool HasColumn(const std::vector<std::string>& header, std::string_view name);
// `name`, or throws Error(kInvalidInput) if the table does not have it.
std::string NeedColumn(const std::string& name,
                       const std::vector<std::string>& header,
                       const std::string& file);
// The column that the user named, which must be there, else the default where
// the table has it, else "".
std::string ChosenColumn(const std::string& chosen, std::string_view otherwise,
                         const std::vector<std::string>& header,
                         const std::string& file);
// The score table has the attributes, and a subject table is given too.
[[noreturn]] void ThrowGroupsTwice(const std::string& file,
                                   const std::string& column,
                                   const std::string& subject_table);

}  // namespace plumbline::face
