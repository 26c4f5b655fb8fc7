// plumbline help [COMMAND], plumbline version.
#include <fmt/format.h>

#include "plumbline/base/error.h"
#include "plumbline/base/text.h"
#include "plumbline/base/version.h"
#include "plumbline/cli/command_line.h"
#include "plumbline/cli/commands.h"
#include "plumbline/cli/help_text.h"
#include "plumbline/cli/standard_output.h"

namespace plumbline {
namespace {

int RunHelp(const Invocation& invocation) {
  const CommandLine line = ParseCommandLine({}, invocation.arguments);
  if (line.inputs.empty()) {
    WriteToStdout(GeneralHelp(invocation.commands));
    return 0;
  }
  const std::string& name = line.inputs[0];
  std::vector<std::string> names;
  for (const Command& command : invocation.commands) {
    if (command.name == name) {
      WriteToStdout(CommandHelp(command));
      return 0;
    }
    names.emplace_back(command.name);
  }
  throw Error(ErrorCode::kUsage, "unknown command {}{}", name,
              DidYouMean(name, names));
}

int RunVersion(const Invocation& invocation) {
  const CommandLine line = ParseCommandLine({}, invocation.arguments);
  WriteToStdout(line.help ? CommandHelp(*invocation.command)
                          : fmt::format("plumbline {}\n", kVersion));
  return 0;
}

}  // namespace

Command HelpCommand() {
  return {.name = "help",
          .summary = "this list, or the options of a command",
          .run = RunHelp,
          .help_head = "usage: plumbline help [COMMAND]\n"};
}

Command VersionCommand() {
  return {.name = "version",
          .summary = "the version of plumbline",
          .run = RunVersion,
          .help_head = "usage: plumbline version\n"};
}

}  // namespace plumbline
