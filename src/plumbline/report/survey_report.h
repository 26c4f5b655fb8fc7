// The result of `plumbline survey`, drawn for people from its JSON
// (docs/survey.md).
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

namespace plumbline {

// Pictures of some people of a group, for the page alone.
struct SurveySheet {
  std::string attribute, group;
  int64_t shown = 0;  // pictures on it
  int64_t of = 0;     // people of the group who have one
  int width = 0, height = 0;
  std::string png;  // the bytes of a file
};

// One self-contained page without script: the three questions as three
// chapters.
std::string SurveyReportHtml(const nlohmann::ordered_json& survey,
                             const std::vector<SurveySheet>& sheets);
std::string SurveyText(const nlohmann::ordered_json& survey, int width = 100);
std::string SurveyMarkdown(const nlohmann::ordered_json& survey);
// findings: one row for each.
std::string SurveyFindingsCsv(const nlohmann::ordered_json& survey);
// disparities.groups: one row for each group of each attribute.
std::string SurveyGroupsCsv(const nlohmann::ordered_json& survey);

}  // namespace plumbline
