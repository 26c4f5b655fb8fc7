// plumbline.toml: options of the commands, in one table each.
//
//   [audit]
//   label = "disease"
//   by = ["sex", "age"]
//   bins = { age = [0, 40, 60, 80] }
//   gate = ["fnr gap by sex <= 0.05"]
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "plumbline/cli/option.h"

namespace plumbline {

// One key of a table, its values as they would be given on the command line.
struct FileSetting {
  std::vector<std::string> values;
  int line = 0;
};

// The tables that a file may have, by command.
using OptionTables = std::map<std::string, OptionGroups>;

// By command and option name ("tune_on" is found as "tune-on").
// Throws Error(kUsage) with file, line and the nearest name:
// `plumbline.toml, line 3: unknown key "lable" in [audit]; did you mean
// "label"?`
using SettingsTables =
    std::map<std::string, std::map<std::string, FileSetting>>;
SettingsTables ParseSettingsFile(std::string_view text, const std::string& file,
                                 const OptionTables& tables);

// The nearest plumbline.toml in `folder` or above it; "" if there is none.
std::string FindSettingsFile(const std::string& folder);

}  // namespace plumbline
