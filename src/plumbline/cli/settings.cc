#include "plumbline/cli/settings.h"

#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <string_view>

#include "plumbline/base/file.h"
#include "plumbline/base/log.h"
#include "plumbline/base/text.h"

namespace plumbline {
namespace {

constexpr std::string_view kPrefix = "PLUMBLINE_";

// Lists come apart at commas; expressions, in which commas have a meaning, come
// apart at semicolons where there is one value only (the environment).
std::vector<std::string> Separated(const Option& option,
                                   const std::string& text) {
  std::vector<std::string> values;
  const char separator = option.kind == OptionKind::kList ? ',' : ';';
  for (const std::string& part : Split(text, separator)) {
    values.emplace_back(Trim(part));
  }
  return values;
}

std::vector<std::string> FromFlags(const Option& option,
                                   const std::vector<std::string>& given) {
  if (option.kind != OptionKind::kList) return given;
  std::vector<std::string> values;
  for (const std::string& text : given) {
    for (std::string& value : Separated(option, text)) {
      values.push_back(std::move(value));
    }
  }
  return values;
}

std::string TomlText(const std::string& text) {
  std::string quoted = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      quoted += '\\';
      quoted += c;
    } else if ((c >= 0 && c < ' ') || c == 0x7f) {
      quoted += fmt::format("\\u{:04X}", static_cast<int>(c));
    } else {
      quoted += c;
    }
  }
  return quoted + '"';
}

}  // namespace

Settings::Settings(OptionGroups groups, const std::string& file,
                   const std::map<std::string, FileSetting>& of_file,
                   const std::map<std::string, std::string>& environment,
                   const std::map<std::string, std::vector<std::string>>& flags)
    : groups_(std::move(groups)) {
  for (const auto& [name, setting] : of_file) {
    values_[name] = {setting.values,
                     fmt::format("{}, line {}", file, setting.line)};
  }
  for (const auto& [name, text] : environment) {
    const Option& option = *FindOption(groups_, name);
    values_[name] = {
        option.kind == OptionKind::kList || option.kind == OptionKind::kRepeated
            ? Separated(option, text)
            : std::vector<std::string>{text},
        EnvironmentName(name)};
  }
  for (const auto& [name, given] : flags) {
    values_[name] = {FromFlags(*FindOption(groups_, name), given), ""};
  }
}

void Settings::Apply(Policy policy) {
  for (const auto& [name, setting] : policy.settings) {
    const std::string place =
        fmt::format("policy {}, line {}", policy.file, setting.line);
    std::vector<std::string> fixed = setting.values;
    for (std::string& value : fixed) value = Trim(value);
    const auto given = values_.find(name);
    if (given != values_.end() && given->second.values != fixed) {
      throw Error(
          ErrorCode::kUsage,
          "{}: the {} fixes {} = {}; a policy is set before the audit, so "
          "leave the other out, or have the policy changed",
          Shown(name, fmt::format("{}", fmt::join(given->second.values, "; "))),
          place, name, fmt::format("{}", fmt::join(fixed, "; ")));
    }
    values_[name] = {std::move(fixed), place};
  }
  policy_ = std::move(policy);
}

bool Settings::Flag(const std::string& name) const {
  const auto place = values_.find(name);
  if (place == values_.end() || place->second.values.empty()) return false;
  const std::string& value = place->second.values.back();
  if (value == "true" || value == "1") return true;
  if (value == "false" || value == "0") return false;
  Fail(name, value, "expected true or false");
}

std::string Settings::Text(const std::string& name) const {
  const auto place = values_.find(name);
  if (place != values_.end() && !place->second.values.empty()) {
    return place->second.values.back();
  }
  return FindOption(groups_, name)->standard;
}

std::vector<std::string> Settings::List(const std::string& name) const {
  const auto place = values_.find(name);
  const Option& option = *FindOption(groups_, name);
  std::vector<std::string> values = place != values_.end()
                                        ? place->second.values
                                        : Separated(option, option.standard);
  std::erase(values, "");
  return values;
}

double Settings::Number(const std::string& name, bool (*is_good)(double),
                        const char* expected) const {
  const std::string text = Text(name);
  double value = 0;
  if (!ParseNumber(text, &value) || !is_good(value)) {
    Fail(name, text, "expected {}", expected);
  }
  return value;
}

int64_t Settings::Integer(const std::string& name, int64_t least, int64_t most,
                          const char* expected) const {
  const std::string text = Text(name);
  int64_t value = 0;
  const char* end = text.data() + text.size();
  const auto result = std::from_chars(text.data(), end, value);
  if (result.ec != std::errc() || result.ptr != end || value < least ||
      value > most) {
    Fail(name, text, "expected {}", expected);
  }
  return value;
}

std::string Settings::Place(const std::string& name) const {
  const auto place = values_.find(name);
  return place == values_.end() ? "" : place->second.place;
}

std::string Settings::Shown(const std::string& name,
                            const std::string& value) const {
  const std::string place = Place(name);
  if (place.empty()) return fmt::format("--{} {}", name, value);
  if (place.starts_with(kPrefix)) return fmt::format("{}={}", place, value);
  return fmt::format("{}: {} = {}", place, name, value);
}

std::string Settings::ToToml(const std::string& command) const {
  std::string text = fmt::format("[{}]\n", command);
  for (const OptionGroup& group : groups_) {
    for (const Option& option : group.options) {
      const std::string name = option.name;
      if (name == "config" || name == "show-settings") continue;
      std::string value;
      if (option.kind == OptionKind::kFlag) {
        value = Flag(name) ? "true" : "false";
      } else if (option.kind == OptionKind::kText) {
        value = TomlText(Text(name));
      } else {
        for (const std::string& item : List(name)) {
          value += (value.empty() ? "" : ", ") + TomlText(item);
        }
        value = "[" + value + "]";
      }
      const std::string place = Place(name);
      const std::string from = !Has(name)      ? "default"
                               : place.empty() ? "command line"
                                               : place;
      // What is empty and left so would only say that nothing is there.
      const bool is_empty = value == "\"\"" || value == "[]";
      text +=
          fmt::format("{}{} = {}  # {}\n", is_empty && !Has(name) ? "# " : "",
                      name, value, from);
    }
  }
  return text;
}

Json Settings::ToJson() const {
  Json json = Json::object();
  for (const OptionGroup& group : groups_) {
    for (const Option& option : group.options) {
      const std::string name = option.name;
      if (name == "config" || name == "show-settings") continue;
      Json value;
      if (option.kind == OptionKind::kFlag) {
        value = Flag(name);
      } else if (option.kind == OptionKind::kText) {
        value = Text(name);
      } else {
        value = List(name);
      }
      const std::string place = Place(name);
      json[name] = {{"value", value},
                    {"from", !Has(name)      ? "default"
                             : place.empty() ? "command line"
                                             : place}};
    }
  }
  return json;
}

std::string EnvironmentName(const std::string& option) {
  std::string name(kPrefix);
  for (const char c : option) {
    name += c == '-'               ? '_'
            : c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A')
                                   : c;
  }
  return name;
}

std::map<std::string, std::string> ReadEnvironment(const OptionGroups& groups) {
  std::map<std::string, std::string> names;  // variable to option
  std::vector<std::string> stems;
  for (const OptionGroup& group : groups) {
    for (const Option& option : group.options) {
      names[EnvironmentName(option.name)] = option.name;
      stems.push_back(EnvironmentName(option.name).substr(kPrefix.size()));
    }
  }
  std::map<std::string, std::string> values;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string_view text = *entry;
    if (!text.starts_with(kPrefix)) continue;
    const size_t equals = text.find('=');
    if (equals == std::string_view::npos) continue;
    const std::string variable(text.substr(0, equals));
    const auto known = names.find(variable);
    if (known != names.end()) {
      values[known->second] = text.substr(equals + 1);
      continue;
    }
    // Other variables belong to the build, the tests or other commands.
    const std::string stem = variable.substr(kPrefix.size());
    const auto nearest = NearestNames(stem, stems, 1);
    if (!nearest.empty() && stem != "PARTS") {
      LogWarning("the environment variable {} sets nothing; did you mean {}{}?",
                 variable, kPrefix, nearest[0]);
    }
  }
  return values;
}

Settings LoadSettings(
    const std::string& command, const OptionTables& tables,
    const std::map<std::string, std::vector<std::string>>& flags) {
  const OptionGroups& groups = tables.at(command);
  auto environment = ReadEnvironment(groups);
  std::string file;
  if (const auto given = flags.find("config"); given != flags.end()) {
    file = given->second.back();
  } else if (!environment["config"].empty()) {
    file = environment["config"];
  } else {
    file = FindSettingsFile(".");
  }
  environment.erase("config");
  std::map<std::string, FileSetting> of_file;
  if (!file.empty()) {
    SettingsTables read;
    try {
      read = ParseSettingsFile(ReadFile(file), file, tables);
    } catch (const Error& error) {
      // A settings file that cannot be read is no wrong input.
      throw Error(ErrorCode::kUsage, "{}", error.what());
    }
    of_file = std::move(read[command]);
  }
  Settings settings(groups, file, of_file, environment, flags);
  if (!FindOption(groups, "policy")) return settings;
  // Nothing is what a missing file or an unset variable turns into; taken for
  // "no policy", it would let a run pass unchecked.
  for (const std::string name : {"policy", "policy-hash"}) {
    if (settings.Has(name) && settings.Text(name).empty()) {
      settings.Fail(name, "", "nothing stands there; give it, or leave it out");
    }
  }
  const std::string policy = settings.Text("policy");
  if (!policy.empty()) {
    settings.Apply(
        ReadPolicy(policy, settings.Text("policy-hash"), command, tables));
  } else if (settings.Has("policy-hash")) {
    settings.Fail("policy-hash", settings.Text("policy-hash"),
                  "there is no policy to compare with; name it with --policy");
  }
  return settings;
}

}  // namespace plumbline
