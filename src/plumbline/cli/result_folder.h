// The folder of -o.
#pragma once

#include <string>
#include <utility>
#include <vector>

namespace plumbline {

// Makes the folder and sees that it can be written to, so that a long audit
// does not fail at its end. Throws like MakeFolder and WriteFile.
void PrepareFolder(const std::string& folder);

// Throws Error(kUsage) if the folder holds a table, page or document (.csv,
// .parquet, .json, .html) that is none of `names`: beside a version to hand on,
// a file of an earlier private run would go out with it.
void RequireNothingElse(const std::string& folder,
                        const std::vector<std::string>& names);

// Writes all files or, when one cannot be written, none: they are written in a
// folder beside their places first. {name, bytes}.
void WriteFolder(const std::string& folder,
                 const std::vector<std::pair<std::string, std::string>>& files);

}  // namespace plumbline
