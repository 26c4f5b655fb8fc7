// One group's rate and its evidence of drift over time.
#pragma once

#include <string>

#include "plumbline/report/monitor_document.h"

namespace plumbline::report {

// Lowest and highest value that the panels of one metric share.
struct MonitorScale {
  double lo = 0;
  double hi = 1;
};
MonitorScale ScaleOfMetric(const MonitorDocument& document,
                           const std::string& target, int metric);

// Two plots above one another that share the windows: the estimates of the
// windows with intervals, the confidence sequence since the baseline and the
// baseline's interval as bands; and the e-value on a log scale with the line
// that an alarm needs. `group`: its estimates, or null. `id` must be unique in
// the page.
std::string DrawMonitorPanel(const std::string& id,
                             const MonitorDocument& document,
                             const MonitorDrift& drift,
                             const MonitorGroup* group,
                             const MonitorScale& scale);

}  // namespace plumbline::report
