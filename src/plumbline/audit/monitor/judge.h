// What the streams of a monitor say together.
#pragma once

#include <vector>

#include "plumbline/audit/monitor/monitor.h"

namespace plumbline {

// Fills family, alarms, outcomes, gap_drift, gates, findings and limitations
// of a result that has everything else. `reference`: group of each grouping,
// or -1.
void JudgeDrift(const MonitorInput& input, const MonitorOptions& options,
                const std::vector<int>& reference,
                const std::vector<Window>& windows, MonitorResult* result);

// Its parts, in this order.
void JudgeStreams(const MonitorOptions& options, MonitorResult* result);
void JudgeGapDrift(const MonitorInput& input, const MonitorOptions& options,
                   const std::vector<int>& reference,
                   const std::vector<Window>& windows, MonitorResult* result);
void JudgeDriftGates(const MonitorInput& input, const MonitorOptions& options,
                     const std::vector<Window>& windows, MonitorResult* result);
void AddDriftFindings(const MonitorInput& input, const MonitorOptions& options,
                      MonitorResult* result);

// How a stream was set up, for intervals at other levels.
StreamSetup SetupOfDrift(const DriftResult& drift,
                         const MonitorOptions& options,
                         const MonitorResult& result,
                         const std::vector<Window>& windows);

}  // namespace plumbline
