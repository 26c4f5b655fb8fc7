#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <new>

#include "plumbline/base/communicator.h"
#include "plumbline/base/error.h"
#include "plumbline/base/interrupt.h"
#include "plumbline/base/on_demand.h"
#include "plumbline/base/terminal.h"
#include "plumbline/base/text.h"
#include "plumbline/base/version.h"
#include "plumbline/cli/command.h"
#include "plumbline/cli/help_text.h"
#include "plumbline/cli/standard_output.h"

namespace plumbline {
namespace {

const Command& FindCommand(std::span<const Command> commands,
                           const std::string& name) {
  std::vector<std::string> names;
  for (const Command& command : commands) {
    if (command.name == name) return command;
    names.emplace_back(command.name);
  }
  const std::string nearest = DidYouMean(name, names);
  throw Error(
      ErrorCode::kUsage, "unknown {} {}{}",
      name.starts_with('-') ? "option" : "command", name,
      nearest.empty() ? "; `plumbline help` lists the commands" : nearest);
}

int RunInPart(const Command& command, const Invocation& invocation) {
  std::vector<const char*> arguments = {command.name};
  for (const std::string& argument : invocation.arguments) {
    arguments.push_back(argument.c_str());
  }
  return LoadOnDemand(command.part, command.part_advice)
      .run(static_cast<int>(arguments.size()), arguments.data());
}

// The first of several processes speaks for all.
void Silence() {
  const int nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC);
  if (nowhere < 0) return;
  dup2(nowhere, STDOUT_FILENO);
  dup2(nowhere, STDERR_FILENO);
  close(nowhere);
}

int Run(std::span<const Command> commands,
        const std::vector<std::string>& arguments,
        const Communicator& processes) {
  if (arguments.empty()) {
    throw Error(ErrorCode::kUsage, "{}", GeneralHelp(commands));
  }
  std::string name = arguments[0];
  if (name == "-h" || name == "--help") name = "help";
  if (name == "--version") name = "version";
  const Command& command = FindCommand(commands, name);
  const Invocation invocation{
      &command, commands, {arguments.begin() + 1, arguments.end()}};
  if (!command.uses_processes && processes.rank() > 0) return 0;
  return command.run ? command.run(invocation) : RunInPart(command, invocation);
}

int ReportError(const Error& error) {
  std::string message = error.what();
  if (!message.ends_with('\n')) message += '\n';
  if (error.code() == ErrorCode::kInterrupted) {
    WriteToStderr(message);
    const int signal = InterruptSignal();
    // 0: another process was asked to stop.
    return 128 + (signal == 0 ? SIGTERM : signal);
  }
  if (error.code() == ErrorCode::kInternal) {
    message += fmt::format(
        "This is an error in plumbline {}, not in your data. Please report it "
        "with the command you ran.\n",
        kVersion);
  }
  WriteToStderr(message);
  return ExitCode(error.code());
}

}  // namespace

int RunCommandLine(std::span<const Command> commands, int argc,
                   const char* const* argv) {
  // A write beyond a limit (ulimit -f) shall be an error with a message.
  std::signal(SIGXFSZ, SIG_IGN);
  InstallInterruptHandlers();
  Communicator* processes = nullptr;
  const auto report = [&processes](const Error& error) {
    return ReportError(processes == nullptr ? error : processes->Agree(error));
  };
  try {
    if (LaunchedRank() > 0) Silence();
    processes = &WorldCommunicator();
    const int code = Run(commands, {argv + 1, argv + argc}, *processes);
    processes->AllGather("");
    return code;
  } catch (const Error& error) {
    return report(error);
  } catch (const std::bad_alloc&) {
    return report(
        Error(ErrorCode::kOutOfResources,
              "out of memory: the table does not fit; use a machine with more "
              "memory, or leave out columns of --by, --label and --score"));
  } catch (const std::exception& exception) {
    return report(Error(ErrorCode::kInternal, "{}", exception.what()));
  }
}

}  // namespace plumbline
