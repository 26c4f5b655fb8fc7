// Tables as known tools write them: which column plays which part.
// docs/layouts.md says where each is documented.
#pragma once

#include <string>
#include <vector>

#include "plumbline/audit/input.h"
#include "plumbline/cli/settings.h"

namespace plumbline {

struct Layout {
  const char* name;
  const char* label;
  const char* score;            // "" : none
  const char* decision;         // "" : none
  std::vector<std::string> by;  // those that the table has
};

const std::vector<Layout>& AllLayouts();

// The one of --layout; null if none is given. Throws Error(kUsage) for a name
// that is none.
const Layout* ReadLayout(const Settings& settings);

// Fills the parts that were not given: the label, the score or decision unless
// either was given, the attributes unless some were.
void ApplyLayout(const Layout& layout, const std::vector<std::string>& header,
                 AuditColumns* columns);

}  // namespace plumbline
