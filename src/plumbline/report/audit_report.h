// The audit, drawn for people from its JSON (docs/audit-json.md).
#pragma once

#include <string>

#include <nlohmann/json_fwd.hpp>

namespace plumbline {

// One self-contained page: no script, inline SVG, strict content-security
// policy, under 1 MB.
std::string AuditReportHtml(const nlohmann::ordered_json& audit);

// What stands on the terminal: verdict, worst groups first, gaps, gates,
// limitations; no line longer than `width`.
std::string AuditText(const nlohmann::ordered_json& audit, int width = 100);

// The same as Markdown.
std::string AuditMarkdown(const nlohmann::ordered_json& audit);

// groups.csv: one row for each target, group and metric. gaps.csv: one for each
// gap. RFC 4180.
std::string AuditGroupsCsv(const nlohmann::ordered_json& audit);
std::string AuditGapsCsv(const nlohmann::ordered_json& audit);
// case_mix.csv: one row for each standardised gap; "" if that was not asked
// for.
std::string AuditCaseMixCsv(const nlohmann::ordered_json& audit);

// slices.csv: two rows for each slice found, one for each half of the subjects.
std::string AuditSlicesCsv(const nlohmann::ordered_json& audit);

}  // namespace plumbline
