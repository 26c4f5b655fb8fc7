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
Command PowerCommand();
Command VersionCommand();

}  // namespace plumbline
