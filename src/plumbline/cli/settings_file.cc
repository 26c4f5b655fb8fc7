#include "plumbline/cli/settings_file.h"

#include <fmt/format.h>
#include <toml++/toml.h>

#include <algorithm>
#include <filesystem>

#include "plumbline/base/error.h"
#include "plumbline/base/text.h"

namespace plumbline {
namespace {

class SettingsReader {
 public:
  SettingsReader(const std::string& file, const OptionTables& tables)
      : file_(file), tables_(tables) {}

  SettingsTables Read(const toml::table& document) {
    SettingsTables settings;
    for (const auto& [key, node] : document) {
      const std::string command(key.str());
      const auto known = tables_.find(command);
      if (known == tables_.end()) FailTable(command, node);
      if (!node.is_table()) {
        Fail(node, "\"{}\" is a table: write [{}] and its keys below it",
             command, command);
      }
      ReadTable(*node.as_table(), command, known->second, &settings[command]);
    }
    return settings;
  }

 private:
  template <typename... Args>
  [[noreturn]] void Fail(const toml::node& node,
                         fmt::format_string<Args...> format,
                         Args&&... args) const {
    throw Error(ErrorCode::kUsage, "{}, line {}: {}", file_, Line(node),
                fmt::vformat(format, fmt::make_format_args(args...)));
  }

  static int Line(const toml::node& node) {
    return static_cast<int>(node.source().begin.line);
  }

  [[noreturn]] void FailTable(const std::string& name,
                              const toml::node& node) const {
    std::vector<std::string> names;
    for (const auto& [command, options] : tables_) {
      names.push_back(command);
      if (node.is_table() || !FindOption(options, name)) continue;
      Fail(node, "key \"{}\" stands outside a table; write [{}] above it", name,
           command);
    }
    const std::string nearest = DidYouMean(name, names);
    for (std::string& table : names) table = "[" + table + "]";
    Fail(node, "unknown {} \"{}\"{}", node.is_table() ? "table" : "key", name,
         nearest.empty() ? "; there is " + JoinWords(names) : nearest);
  }

  void ReadTable(const toml::table& table, const std::string& command,
                 const OptionGroups& options,
                 std::map<std::string, FileSetting>* settings) const {
    for (const auto& [key, node] : table) {
      const std::string written(key.str());
      std::string name = written;
      std::replace(name.begin(), name.end(), '_', '-');
      const Option* option = FindOption(options, name);
      if (!option) {
        Fail(node, "unknown key \"{}\" in [{}]{}", written, command,
             NearestOption(options, name, ""));
      }
      if (settings->contains(name)) {
        Fail(node, "\"{}\" is given twice, with - and with _", written);
      }
      (*settings)[name] = {Values(*option, written, node), Line(node)};
    }
  }

  // One value as the command line would give it.
  std::string Scalar(const std::string& key, const toml::node& node) const {
    if (const auto* text = node.as_string()) return text->get();
    if (const auto* number = node.as_integer()) {
      return std::to_string(number->get());
    }
    if (const auto* number = node.as_floating_point()) {
      return fmt::format("{}", number->get());
    }
    Fail(node, "\"{}\" must be text or a number", key);
  }

  std::vector<std::string> Values(const Option& option, const std::string& key,
                                  const toml::node& node) const {
    if (option.kind == OptionKind::kFlag) {
      const auto* flag = node.as_boolean();
      if (!flag) Fail(node, "\"{}\" is true or false", key);
      return {flag->get() ? "true" : "false"};
    }
    const bool several = option.kind != OptionKind::kText;
    if (const auto* table = node.as_table();
        table && option.kind == OptionKind::kRepeated) {
      return Assignments(option, key, *table);
    }
    if (const auto* array = node.as_array(); array && several) {
      std::vector<std::string> values;
      for (const toml::node& item : *array) {
        values.push_back(Scalar(key, item));
      }
      return values;
    }
    if (node.is_array() || node.is_table()) {
      Fail(node, "\"{}\" has one value, not several", key);
    }
    const std::string value = Scalar(key, node);
    return option.kind == OptionKind::kList ? Split(value, ',')
                                            : std::vector<std::string>{value};
  }

  // { age = [0, 40] } for --bins age=0,40 and { Edema = "0.3" } for
  // --at Edema:0.3, after the form that the option's argument shows.
  std::vector<std::string> Assignments(const Option& option,
                                       const std::string& key,
                                       const toml::table& table) const {
    const std::string_view form = option.argument;
    const bool colon = form.find(':') != std::string_view::npos;
    if (!colon && form.find('=') == std::string_view::npos) {
      Fail(table, "\"{}\" is text or an array of texts", key);
    }
    std::vector<std::string> values;
    for (const auto& [name, node] : table) {
      std::string value;
      if (const auto* array = node.as_array()) {
        for (const toml::node& item : *array) {
          value += (value.empty() ? "" : ",") + Scalar(key, item);
        }
      } else {
        value = Scalar(key, node);
      }
      values.push_back(std::string(name.str()) + (colon ? ":" : "=") + value);
    }
    return values;
  }

  const std::string& file_;
  const OptionTables& tables_;
};

}  // namespace

SettingsTables ParseSettingsFile(std::string_view text, const std::string& file,
                                 const OptionTables& tables) {
  toml::table document;
  try {
    document = toml::parse(text, file);
  } catch (const toml::parse_error& error) {
    throw Error(ErrorCode::kUsage, "{}, line {}: {}", file,
                error.source().begin.line, error.description());
  }
  return SettingsReader(file, tables).Read(document);
}

std::string FindSettingsFile(const std::string& folder) {
  namespace fs = std::filesystem;
  std::error_code error;
  std::string up;
  for (fs::path place = fs::canonical(folder, error); place.has_relative_path();
       place = place.parent_path(), up += "../") {
    if (!fs::exists(place / "plumbline.toml", error)) continue;
    return (fs::path(folder == "." ? "" : folder) / (up + "plumbline.toml"))
        .string();
  }
  return "";
}

}  // namespace plumbline
