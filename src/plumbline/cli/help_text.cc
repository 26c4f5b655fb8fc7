#include "plumbline/cli/help_text.h"

#include <fmt/format.h>

#include <algorithm>

#include "plumbline/base/text.h"
#include "plumbline/base/version.h"

namespace plumbline {
namespace {

constexpr size_t kWidth = 80;
constexpr size_t kHelpColumn = 29;

constexpr const char* kExitCodes =
    "Exit codes\n"
    "  0  done, and every gate met\n"
    "  1  a gate failed\n"
    "  2  the command line or the settings are wrong\n"
    "  3  the input cannot be read or holds something wrong\n"
    "  4  no gate failed, but the data cannot tell whether one is met\n"
    "  5  partly done: some inputs failed, and are listed\n"
    "  6  out of disk or memory\n"
    "  70 an error in plumbline; 130, 143 stopped by a signal\n";

std::string OptionLine(const Option& option) {
  std::string line =
      option.short_name
          ? fmt::format("  -{}, --{}", option.short_name, option.name)
          : fmt::format("  --{}", option.name);
  if (option.argument[0]) line += std::string(" ") + option.argument;
  line += line.size() + 2 > kHelpColumn
              ? "\n" + std::string(kHelpColumn, ' ')
              : std::string(kHelpColumn - line.size(), ' ');
  std::string help = option.help;
  if (option.standard[0]) help += fmt::format(" [{}]", option.standard);
  return line + Wrap(help, kWidth - kHelpColumn, kHelpColumn) + "\n";
}

}  // namespace

std::string Wrap(const std::string& text, size_t width, size_t indent) {
  const std::string margin = "\n" + std::string(indent, ' ');
  std::string wrapped;
  bool is_first = true;
  for (const std::string& line : Split(text, '\n')) {
    if (!is_first) wrapped += margin;
    is_first = false;
    size_t used = 0;
    for (const std::string& word : Split(line, ' ')) {
      if (used > 0 && used + 1 + word.size() > width) {
        wrapped += margin;
        used = 0;
      }
      if (used > 0) {
        wrapped += ' ';
        ++used;
      }
      wrapped += word;
      used += word.size();
    }
  }
  return wrapped;
}

std::string CommandHelp(const Command& command) {
  std::string text = fmt::format("plumbline {}: {}\n\n{}", command.name,
                                 command.summary, command.help_head);
  if (command.options) {
    for (const OptionGroup& group : command.options()) {
      text += fmt::format("\n{}\n", group.heading);
      for (const Option& option : group.options) text += OptionLine(option);
    }
  }
  if (command.help_tail[0]) text += std::string("\n") + command.help_tail;
  return text + "\n" + kExitCodes;
}

std::string GeneralHelp(std::span<const Command> commands) {
  std::string text = fmt::format(
      "plumbline {}: does a medical-imaging AI work for everyone it is used "
      "on?\n\nusage: plumbline COMMAND [INPUT...] [options]\n\n"
      "Commands\n",
      kVersion);
  for (const Command& command : commands) {
    text += fmt::format("  {:<10} {}\n", command.name, command.summary);
  }
  return text +
         "\n`plumbline COMMAND --help` shows the options of a command, with an "
         "example.\nNothing is sent anywhere: plumbline does not use the "
         "network.\n\n" +
         kExitCodes;
}

}  // namespace plumbline
