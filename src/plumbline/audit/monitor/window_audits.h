// The audit engine on the rows of each window.
#pragma once

#include <cstdint>
#include <vector>

#include "plumbline/audit/monitor/monitor.h"

namespace plumbline {

// A target's rows of one window as an input of its own: the same groups (some
// perhaps without rows), subjects numbered anew.
AuditInput InputOfRows(const AuditInput& input, int target,
                       const std::vector<int64_t>& rows);

// The threshold of each target, which holds for the whole time: as given, or
// fitted on the rows of the baseline. Throws as Monitor.
std::vector<FittedThreshold> FrozenThresholds(
    const AuditInput& input, const AuditOptions& options,
    const std::vector<int32_t>& window_of, const WindowRange& baseline);

// The options of a window's audit: thresholds fixed, references decided once
// (on the baseline, or on the first window that has rows).
AuditOptions OptionsOfWindows(const MonitorInput& input,
                              const MonitorOptions& options,
                              const std::vector<std::string>& metrics,
                              const std::vector<FittedThreshold>& thresholds,
                              const std::vector<int32_t>& window_of,
                              const WindowRange& baseline);

// By target, then window. Windows are audited side by side.
std::vector<WindowAudit> AuditWindows(const AuditInput& input,
                                      const AuditOptions& options,
                                      const std::vector<int32_t>& window_of,
                                      int windows);

}  // namespace plumbline
