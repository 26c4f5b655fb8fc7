// The tables that plumbline.toml may have: one for each command with options.
#pragma once

#include "plumbline/cli/settings_file.h"

namespace plumbline {

// Every command reads the file with all of them, so that one file can serve
// several commands.
OptionTables AllOptionTables();

}  // namespace plumbline
