// The options of `plumbline monitor`, and what they mean for its parts.
#pragma once

#include <string>

#include "plumbline/audit/monitor/monitor.h"
#include "plumbline/cli/common_options.h"
#include "plumbline/cli/option.h"
#include "plumbline/cli/settings.h"
#include "plumbline/table/dates.h"

namespace plumbline {

OptionGroups MonitorOptionGroups();

AuditColumns ReadMonitorColumns(const Settings& settings);

struct DateColumn {
  std::string name;
  DateFormat format;
};
// Throws Error(kUsage) if none is given or it plays another part.
DateColumn ReadDateColumn(const Settings& settings,
                          const AuditColumns& columns);

MonitorOptions ReadMonitorOptions(const Settings& settings,
                                  const AuditColumns& columns);

}  // namespace plumbline
