// What a command's options are called and how they are given.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace plumbline {

enum class OptionKind {
  kFlag,      // no value
  kText,      // one value, given once
  kList,      // names separated by commas; may be given again
  kRepeated,  // one value, in which commas have no meaning; may be given again
};

// The option `name` is --name on the command line, PLUMBLINE_NAME in the
// environment (- becomes _) and `name` or `name` with _ in plumbline.toml.
struct Option {
  const char* name;
  OptionKind kind;
  const char* argument;  // "COLUMN"; "" for a flag
  const char* help;      // one sentence without a full stop, wrapped by us
  // What holds when nobody says anything; "" : nothing.
  const char* standard = "";
  char short_name = 0;  // 'o' for -o; 0: none
};

// Options under one heading of the help text.
struct OptionGroup {
  const char* heading;
  std::vector<Option> options;
};

using OptionGroups = std::vector<OptionGroup>;

// Null if there is none.
const Option* FindOption(const OptionGroups& groups, std::string_view name);

// `; did you mean "--label"?`, or "".
std::string NearestOption(const OptionGroups& groups, std::string_view name,
                          std::string_view prefix = "--");

// `; did you mean "fnr"?`, or, if none is near, `; there is only fnr` or
// `; there are fnr, fpr and auroc`.
std::string NearestOrAll(std::string_view name,
                         const std::vector<std::string>& names);

}  // namespace plumbline
