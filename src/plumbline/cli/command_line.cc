#include "plumbline/cli/command_line.h"

#include <algorithm>

#include <CLI/CLI.hpp>

#include "plumbline/base/error.h"
#include "plumbline/base/text.h"

namespace plumbline {
namespace {

// "--label", "-o" or neither.
const Option* FindSpelled(const OptionGroups& groups, const std::string& text) {
  if (text.starts_with("--")) return FindOption(groups, text.substr(2));
  if (text.size() != 2 || text[0] != '-') return nullptr;
  for (const OptionGroup& group : groups) {
    for (const Option& option : group.options) {
      if (option.short_name == text[1]) return &option;
    }
  }
  return nullptr;
}

std::string Spelled(const Option& option) {
  return std::string("--") + option.name;
}

[[noreturn]] void ThrowNoValue(const Option& option, const std::string& found) {
  throw Error(ErrorCode::kUsage, "{} needs a value ({}){}{}", Spelled(option),
              option.argument, found.empty() ? "" : ", found the option ",
              found);
}

[[noreturn]] void ThrowUnknown(const OptionGroups& groups,
                               const OptionTables& tables,
                               const std::string& argument) {
  const std::string name = argument.substr(0, argument.find('='));
  std::vector<std::string> commands;
  for (const auto& [command, others] : tables) {
    if (!FindSpelled(others, name)) continue;
    // The table of a subcommand is called face-audit.
    std::string words = "plumbline " + command;
    std::replace(words.begin(), words.end(), '-', ' ');
    commands.push_back(words);
  }
  if (!commands.empty()) {
    throw Error(ErrorCode::kUsage, "unknown option {}; it belongs to {}", name,
                JoinWords(commands));
  }
  const size_t begin = name.find_first_not_of('-');
  const std::string nearest =
      begin == std::string::npos
          ? ""
          : NearestOption(groups, std::string_view{name}.substr(begin));
  throw Error(ErrorCode::kUsage, "unknown option {}{}", name,
              nearest.empty() ? "; --help lists the options" : nearest);
}

std::map<std::string, CLI::Option*> AddOptions(const OptionGroups& groups,
                                               CLI::App* app) {
  std::map<std::string, CLI::Option*> added;
  for (const OptionGroup& group : groups) {
    for (const Option& option : group.options) {
      std::string names = Spelled(option);
      if (option.short_name) names += std::string(",-") + option.short_name;
      CLI::Option* place = option.kind == OptionKind::kFlag
                               ? app->add_flag(names)
                               : app->add_option(names)->expected(1);
      place->take_all()->allow_extra_args(false);
      added[option.name] = place;
    }
  }
  return added;
}

// `--x=` is the empty value, which CLI11 takes for no value.
std::vector<std::string> WithEmptyValues(
    const std::vector<std::string>& arguments) {
  std::vector<std::string> split;
  for (const std::string& argument : arguments) {
    if (argument.size() > 3 && argument.starts_with("--") &&
        argument.find('=') == argument.size() - 1) {
      split.push_back(argument.substr(0, argument.size() - 1));
      split.emplace_back();
    } else {
      split.push_back(argument);
    }
  }
  return split;
}

void CheckValues(const OptionGroups& groups, const Option& option,
                 const std::vector<std::string>& values) {
  if (option.kind == OptionKind::kFlag) return;
  for (const std::string& value : values) {
    if (FindSpelled(groups, value)) ThrowNoValue(option, value);
  }
  if (option.kind == OptionKind::kText && values.size() > 1) {
    throw Error(ErrorCode::kUsage, "{} is given twice: {} and {}",
                Spelled(option), values[0], values[1]);
  }
}

}  // namespace

CommandLine ParseCommandLine(const OptionGroups& groups,
                             const std::vector<std::string>& arguments,
                             const OptionTables& tables) {
  CLI::App app;
  app.set_help_flag("");
  app.allow_extras();
  CommandLine line;
  app.add_flag("-h,--help", line.help);
  CLI::Option* inputs =
      app.add_option("inputs", line.inputs)->expected(0, 1 << 20);
  const auto options = AddOptions(groups, &app);

  std::vector<std::string> reversed = WithEmptyValues(arguments);
  const std::string last = reversed.empty() ? "" : reversed.back();
  std::reverse(reversed.begin(), reversed.end());
  try {
    app.parse(reversed);
  } catch (const CLI::ArgumentMismatch& error) {
    // Every option takes one value, so that only the last can lack it.
    if (const Option* option = FindSpelled(groups, last)) {
      ThrowNoValue(*option, "");
    }
    throw Error(ErrorCode::kUsage, "{}", error.what());
  } catch (const CLI::Error& error) {
    throw Error(ErrorCode::kUsage, "{}", error.what());
  }
  for (const std::string& extra : app.remaining()) {
    // CLI11 keeps the mark after which everything is an input.
    if (extra != "--") ThrowUnknown(groups, tables, extra);
  }
  if (inputs->count() > 0) line.inputs = inputs->results();

  for (const auto& [name, place] : options) {
    if (place->count() == 0) continue;
    CheckValues(groups, *FindOption(groups, name), place->results());
    line.values[name] = place->results();
  }
  return line;
}

}  // namespace plumbline
