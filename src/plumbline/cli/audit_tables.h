// The tables of an audit's folder.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "plumbline/base/json.h"

namespace plumbline {

// groups and gaps as {file name, bytes}: CSV, or Parquet with the same columns,
// numbers as DOUBLE and everything else as VARCHAR, whatever the values are.
// Throws Error(kUnavailable) for Parquet without DuckDB's library.
std::vector<std::pair<std::string, std::string>> AuditTables(const Json& audit,
                                                             bool parquet);

}  // namespace plumbline
