// What `plumbline doctor` finds out.
#pragma once

#include <string>

#include "plumbline/base/json.h"

namespace plumbline {

// Schema plumbline.doctor/1: machine, cache, parts, network (null without the
// part), environment, warnings. `cache`: the folder that images are packed
// into. Loads every part there is, which takes about a second.
Json Diagnose(const std::string& cache, int threads);

// The same for a terminal.
std::string DoctorText(const Json& report);

}  // namespace plumbline
