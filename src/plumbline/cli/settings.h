// What the user wants, from the command line, the environment, plumbline.toml
// and the defaults, in this order; a policy allows none of them to differ from
// it.
#pragma once

#include <fmt/format.h>

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "plumbline/base/error.h"
#include "plumbline/base/json.h"
#include "plumbline/cli/option.h"
#include "plumbline/cli/policy.h"
#include "plumbline/cli/settings_file.h"

namespace plumbline {

class Settings {
 public:
  // Values by option name, from weak to strong.
  // `file` is the settings file's name, for messages.
  Settings(OptionGroups groups, const std::string& file,
           const std::map<std::string, FileSetting>& of_file,
           const std::map<std::string, std::string>& environment,
           const std::map<std::string, std::vector<std::string>>& flags);

  // Takes what the policy fixes. Throws Error(kUsage) if anything else gives
  // one of its settings another value: a policy is no default.
  void Apply(Policy policy);
  const std::optional<Policy>& policy() const { return policy_; }

  bool Has(const std::string& name) const { return values_.contains(name); }
  // False unless given as true.
  bool Flag(const std::string& name) const;
  // The value or the option's default.
  std::string Text(const std::string& name) const;
  // The values or the option's default; empty values are left out.
  std::vector<std::string> List(const std::string& name) const;

  // Numbers. Throw Error(kUsage): "--level 95: expected a number above 0 and
  // below 1, such as 0.95".
  double Number(const std::string& name, bool (*is_good)(double),
                const char* expected) const;
  int64_t Integer(const std::string& name, int64_t least, int64_t most,
                  const char* expected) const;

  // Throws Error(kUsage) whose message begins with the option, or the place
  // where its value was found.
  template <typename... Args>
  [[noreturn]] void Fail(const std::string& name, const std::string& value,
                         fmt::format_string<Args...> format,
                         Args&&... args) const {
    throw Error(ErrorCode::kUsage, "{}: {}", Shown(name, value),
                fmt::vformat(format, fmt::make_format_args(args...)));
  }

  // Calls a parser of the option's values. Its messages speak of the option;
  // where the value does not come from the command line, they get the place.
  template <typename Parse>
  auto Parsed(const std::string& name, Parse parse) const {
    try {
      return parse();
    } catch (const Error& error) {
      const std::string place = Place(name);
      if (place.empty()) throw;
      throw Error(error.code(), "{}: {}", place, error.what());
    }
  }

  // All options as a settings file, each with where it comes from.
  std::string ToToml(const std::string& command) const;
  // {"seed": {"value": "1", "from": "default"}, ...}; lists are arrays.
  Json ToJson() const;

 private:
  struct Value {
    std::vector<std::string> values;
    std::string place;  // "" : the command line
  };

  // "--level 95", "PLUMBLINE_LEVEL=95", "plumbline.toml, line 3: level = 95".
  std::string Shown(const std::string& name, const std::string& value) const;
  std::string Place(const std::string& name) const;

  OptionGroups groups_;
  std::map<std::string, Value> values_;
  std::optional<Policy> policy_;
};

// PLUMBLINE_TUNE_ON for "tune-on".
std::string EnvironmentName(const std::string& option);

// The variables of this process that set an option, by option name. Warns about
// a PLUMBLINE_ variable that is nearly one.
std::map<std::string, std::string> ReadEnvironment(const OptionGroups& groups);

// Reads the file of --config, PLUMBLINE_CONFIG or the folders from here up, and
// the policy if the command has that option, and puts everything together for
// `command`.
Settings LoadSettings(
    const std::string& command, const OptionTables& tables,
    const std::map<std::string, std::vector<std::string>>& flags);

}  // namespace plumbline
