// The commands of the main binary. One file each.
#pragma once

#include "plumbline/cli/command.h"

namespace plumbline {

Command AuditCommand();
Command CompareCommand();
Command ConvertCommand();
Command ExplainCommand();
Command FaceCommand();
Command HelpCommand();
Command MonitorCommand();
Command PackCommand();
Command PhantomCommand();
Command PowerCommand();
Command SplitCommand();
Command SurveyCommand();
Command TrainCommand();
Command VersionCommand();

OptionGroups PackOptionGroups();
OptionGroups PhantomOptionGroups();
OptionGroups SplitOptionGroups();
OptionGroups SurveyOptionGroups();

}  // namespace plumbline
