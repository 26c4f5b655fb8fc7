// The result of `plumbline train`, drawn for people from its JSON
// (docs/train.md).
#pragma once

#include <string>

#include <nlohmann/json_fwd.hpp>

namespace plumbline {

// One self-contained page without script.
std::string TrainReportHtml(const nlohmann::ordered_json& train);
std::string TrainText(const nlohmann::ordered_json& train, int width = 100);
std::string TrainMarkdown(const nlohmann::ordered_json& train);

}  // namespace plumbline
