#include "plumbline/cli/commands.h"

int main(int argc, char** argv) {
  const plumbline::Command commands[] = {
      plumbline::AuditCommand(),   plumbline::CompareCommand(),
      plumbline::ConvertCommand(), plumbline::DoctorCommand(),
      plumbline::ExplainCommand(), plumbline::FaceCommand(),
      plumbline::HelpCommand(),    plumbline::MonitorCommand(),
      plumbline::PackCommand(),    plumbline::PhantomCommand(),
      plumbline::PowerCommand(),   plumbline::PredictCommand(),
      plumbline::SplitCommand(),   plumbline::SurveyCommand(),
      plumbline::TrainCommand(),   plumbline::VersionCommand(),
  };
  return plumbline::RunCommandLine(commands, argc, argv);
}
