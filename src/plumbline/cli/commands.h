// The commands of the main binary. One file each.
#pragma once

#include "plumbline/cli/command.h"

namespace plumbline {

Command AuditCommand();
Command CompareCommand();
Command ConvertCommand();
Command DoctorCommand();
Command ExplainCommand();
Command FaceCommand();
Command HelpCommand();
Command MonitorCommand();
Command PackCommand();
Command PhantomCommand();
Command PowerCommand();
Command PredictCommand();
Command SplitCommand();
Command SurveyCommand();
Command TrainCommand();
Command VersionCommand();

OptionGroups DoctorOptionGroups();
OptionGroups PackOptionGroups();
OptionGroups PhantomOptionGroups();
OptionGroups PredictOptionGroups();
OptionGroups SplitOptionGroups();
OptionGroups SurveyOptionGroups();

}  // namespace plumbline
