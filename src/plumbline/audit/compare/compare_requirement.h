// Requirements that a new model must meet group by group.
#pragma once

#include <string>
#include <vector>

#include "plumbline/stats/gate.h"

namespace plumbline {

// METRIC non-inferior [of TARGET] [by A[xB]]: in every group of the attributes
// the challenger is non-inferior to the baseline within the group's margin;
// without attributes, for everyone together.
struct Requirement {
  std::string text;  // as given
  std::string metric;
  std::string target;           // "": every target
  std::vector<std::string> by;  // empty: everyone
};

// `attributes`: the names given with --by, needed to tell "sexxage" apart.
// Names with spaces stand in double quotes. Throws Error(kUsage) that shows
// the part that was not understood, the form and the nearest name.
Requirement ParseRequirement(const std::string& text,
                             const std::vector<std::string>& metrics,
                             const std::vector<std::string>& attributes);

}  // namespace plumbline
