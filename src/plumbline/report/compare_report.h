// A comparison of two models, drawn for people from its JSON (docs/compare.md).
#pragma once

#include <string>

#include <nlohmann/json_fwd.hpp>

namespace plumbline {

// One self-contained page: no script, inline SVG, strict content-security
// policy, under 1 MB.
std::string CompareReportHtml(const nlohmann::ordered_json& comparison);

// What stands on the terminal; no line longer than `width`.
std::string CompareText(const nlohmann::ordered_json& comparison,
                        int width = 100);

// The same as Markdown.
std::string CompareMarkdown(const nlohmann::ordered_json& comparison);

// groups.csv: one row for each target, group and metric. gaps.csv: one for each
// gap. RFC 4180.
std::string CompareGroupsCsv(const nlohmann::ordered_json& comparison);
std::string CompareGapsCsv(const nlohmann::ordered_json& comparison);

}  // namespace plumbline
