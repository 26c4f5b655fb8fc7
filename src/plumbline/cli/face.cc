// plumbline face SUBCOMMAND: finds the subcommand and runs it.
#include <fmt/format.h>

#include "plumbline/base/communicator.h"
#include "plumbline/base/error.h"
#include "plumbline/base/text.h"
#include "plumbline/cli/commands.h"
#include "plumbline/cli/face_commands.h"
#include "plumbline/cli/standard_output.h"

namespace plumbline {
namespace {

constexpr const char* kHead =
    R"(usage: plumbline face SUBCOMMAND [INPUT...] [options]

How far do the errors of a face-recognition system differ between groups of
people? From scores or embeddings of people who were compared with themselves
and with others; nobody can be identified with it.

)";

std::string SubcommandList(std::span<const Command> commands) {
  std::string text = kHead;
  for (const Command& command : commands) {
    text += fmt::format("  {:<16} {}\n", command.name, command.summary);
  }
  return text + "\n`plumbline face SUBCOMMAND --help` shows its options.\n";
}

int RunFace(const Invocation& invocation) {
  const Command commands[] = {FaceAuditCommand(), FaceAlgorithmsCommand(),
                              FaceSynthCommand()};
  if (invocation.arguments.empty()) {
    throw Error(ErrorCode::kUsage, "{}", SubcommandList(commands));
  }
  const std::string& name = invocation.arguments[0];
  if (name == "-h" || name == "--help") {
    WriteToStdout(SubcommandList(commands));
    return 0;
  }
  std::vector<std::string> names;
  for (const Command& command : commands) {
    // "face audit" is called by its second word.
    names.emplace_back(std::string_view(command.name).substr(5));
    if (names.back() == name) {
      if (!command.uses_processes && WorldCommunicator().rank() > 0) return 0;
      return command.run(
          {&command,
           commands,
           {invocation.arguments.begin() + 1, invocation.arguments.end()}});
    }
  }
  const std::string nearest = DidYouMean(name, names);
  throw Error(
      ErrorCode::kUsage, "plumbline face has no subcommand \"{}\"{}", name,
      nearest.empty() ? "; `plumbline face --help` lists them" : nearest);
}

}  // namespace

Command FaceCommand() {
  return {.name = "face",
          .summary = "how far errors of face recognition differ between groups",
          .run = RunFace,
          .help_head =
              "usage: plumbline face audit|algorithms|synth [INPUT...] "
              "[options]\n\n`plumbline face --help` tells what each does.\n",
          .uses_processes = true};
}

}  // namespace plumbline
