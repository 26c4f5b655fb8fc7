// Rates over time, drawn for people from the JSON of `plumbline monitor`
// (docs/monitor.md).
#pragma once

#include <string>

#include <nlohmann/json_fwd.hpp>

namespace plumbline {

// One self-contained page: no script, inline SVG.
std::string MonitorReportHtml(const nlohmann::ordered_json& monitor);

// What stands on the terminal: verdict, alarms, rates by window, gates,
// limitations; no line longer than `width`.
std::string MonitorText(const nlohmann::ordered_json& monitor, int width = 100);

// The same as Markdown.
std::string MonitorMarkdown(const nlohmann::ordered_json& monitor);

// windows.csv: one row for each target, group, window and metric. drift.csv:
// one for each target, group, rate and monitored window. RFC 4180.
std::string MonitorWindowsCsv(const nlohmann::ordered_json& monitor);
std::string MonitorDriftCsv(const nlohmann::ordered_json& monitor);

}  // namespace plumbline
