// The commands of the main binary. One file each.
#pragma once

#include "plumbline/cli/command.h"

namespace plumbline {

Command AuditCommand();
Command ExplainCommand();
Command HelpCommand();
Command PowerCommand();
Command VersionCommand();

}  // namespace plumbline
