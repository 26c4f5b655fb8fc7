// Help as it stands on the terminal.
#pragma once

#include <span>
#include <string>

#include "plumbline/cli/command.h"

namespace plumbline {

// Summary, usage, options under their headings, examples, exit codes. No line
// is longer than 80.
std::string CommandHelp(const Command& command);

// The list of commands and the exit codes.
std::string GeneralHelp(std::span<const Command> commands);

// Breaks lines at blanks, `indent` blanks before each but the first. Lines in
// `text` stay apart.
std::string Wrap(const std::string& text, size_t width, size_t indent);

}  // namespace plumbline
