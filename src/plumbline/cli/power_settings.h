// The options of `plumbline power`.
#pragma once

#include "plumbline/cli/option.h"

namespace plumbline {

OptionGroups PowerOptionGroups();

}  // namespace plumbline
