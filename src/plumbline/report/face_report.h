// The result of `plumbline face audit`, drawn for people from its JSON
// (docs/face-json.md).
#pragma once

#include <string>

#include <nlohmann/json_fwd.hpp>

namespace plumbline {

// One self-contained page without script, as the audit's.
std::string FaceReportHtml(const nlohmann::ordered_json& json);
std::string FaceText(const nlohmann::ordered_json& face, int width = 100);
std::string FaceMarkdown(const nlohmann::ordered_json& face);
// One row for each threshold and group, cell, disparity measure, ratio.
std::string FaceGroupsCsv(const nlohmann::ordered_json& face);
std::string FaceCellsCsv(const nlohmann::ordered_json& face);
std::string FaceDisparitiesCsv(const nlohmann::ordered_json& face);
std::string FaceRatiosCsv(const nlohmann::ordered_json& face);

}  // namespace plumbline
