// A command of the binary.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "plumbline/cli/option.h"

namespace plumbline {

struct Command;

// What a command is called with.
struct Invocation {
  const Command* command = nullptr;
  std::span<const Command> commands;   // the whole table
  std::vector<std::string> arguments;  // after the command's name
};

struct Command {
  const char* name;
  const char* summary;  // for the list of commands
  // Returns an exit code; throws Error. Null: the command lives in a part.
  int (*run)(const Invocation&) = nullptr;
  // What stands above and below the list of options in the help text.
  const char* help_head = "";
  const char* help_tail = "";
  OptionGroups (*options)() = nullptr;  // null: no options
  // Works with all processes that mpirun started. Other commands run in the
  // first of them alone.
  bool uses_processes = false;
  // Loaded when the command is used (base/on_demand.h), and what the user can
  // do if it is not there.
  const char* part = nullptr;
  const char* part_advice = "";
};

// Finds the command, runs it and turns whatever happens into an exit code and a
// sentence on stderr. The exit codes are listed in `plumbline help`.
int RunCommandLine(std::span<const Command> commands, int argc,
                   const char* const* argv);

}  // namespace plumbline
