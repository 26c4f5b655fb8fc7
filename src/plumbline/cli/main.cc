#include "plumbline/cli/commands.h"

int main(int argc, char** argv) {
  const plumbline::Command commands[] = {
      plumbline::AuditCommand(),   plumbline::ExplainCommand(),
      plumbline::HelpCommand(),    plumbline::PowerCommand(),
      plumbline::VersionCommand(),
  };
  return plumbline::RunCommandLine(commands, argc, argv);
}
