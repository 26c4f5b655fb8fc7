// Arguments to values, with messages that name the nearest option.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "plumbline/cli/option.h"
#include "plumbline/cli/settings_file.h"

namespace plumbline {

struct CommandLine {
  // By option name, in the order given; a flag has the value "true".
  std::map<std::string, std::vector<std::string>> values;
  std::vector<std::string> inputs;
  bool help = false;
};

// Throws Error(kUsage): `unknown option --lable; did you mean "--label"?`,
// `--label needs a value (COLUMN,...)`, `--seed is given twice`; for an option
// of another command in `tables`: `unknown option --date; it belongs to
// plumbline monitor`.
CommandLine ParseCommandLine(const OptionGroups& groups,
                             const std::vector<std::string>& arguments,
                             const OptionTables& tables = {});

}  // namespace plumbline
