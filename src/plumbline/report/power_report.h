// The result of `plumbline power`, drawn for people from its JSON
// (docs/power.md).
#pragma once

#include <string>

#include <nlohmann/json_fwd.hpp>

namespace plumbline {

// One self-contained page without script, as the audit's.
std::string PowerReportHtml(const nlohmann::ordered_json& power);
std::string PowerText(const nlohmann::ordered_json& power, int width = 100);
std::string PowerMarkdown(const nlohmann::ordered_json& power);
// groups: one row for each group.
std::string PowerCsv(const nlohmann::ordered_json& power);
// margin_by_size: one row for each size.
std::string PowerCurveCsv(const nlohmann::ordered_json& power);

}  // namespace plumbline
