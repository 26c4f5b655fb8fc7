// The result of `plumbline face algorithms`, drawn for people from its JSON.
#pragma once

#include <string>

#include <nlohmann/json_fwd.hpp>

namespace plumbline {

std::string FaceAlgorithmsHtml(const nlohmann::ordered_json& json);
std::string FaceAlgorithmsText(const nlohmann::ordered_json& result,
                               int width = 100);
std::string FaceAlgorithmsMarkdown(const nlohmann::ordered_json& result);
// cells: one row for each; measures: one row for each.
std::string FaceAlgorithmsCellsCsv(const nlohmann::ordered_json& result);
std::string FaceAlgorithmsMeasuresCsv(const nlohmann::ordered_json& result);

}  // namespace plumbline
