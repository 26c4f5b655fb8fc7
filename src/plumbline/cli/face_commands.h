// The subcommands of `plumbline face`. One file each.
#pragma once

#include "plumbline/cli/command.h"

namespace plumbline {

Command FaceAuditCommand();
Command FaceAlgorithmsCommand();
Command FaceSynthCommand();

OptionGroups FaceAuditOptionGroups();
OptionGroups FaceAlgorithmsOptionGroups();
OptionGroups FaceSynthOptionGroups();

}  // namespace plumbline
